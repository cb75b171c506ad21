/**
 * What every network must do, whatever it is made of: run against the in-memory network here and against TCP and
 * `node:tls` in `@xmpp-e2e/node`. Live clock, because sockets do not know another.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Transport } from "../src/Transport.ts"
import { bytesContract } from "./contract/bytes.ts"
import { endingContract } from "./contract/ending.ts"
import type { Identities } from "./contract/fixture.ts"
import { listenerContract } from "./contract/listener.ts"
import { tlsFailureContract } from "./contract/tls-failure.ts"
import { tlsContract } from "./contract/tls.ts"

export type { Identities } from "./contract/fixture.ts"

export const contract = (name: string, layer: Layer.Layer<Transport>, identities: Identities): void => {
  describe(`transport contract: ${name}`, () => {
    it.live("provides the service", () =>
      Effect.gen(function*() {
        const transport = yield* Transport
        assert.isFunction(transport.dial)
      }).pipe(Effect.provide(layer)))
    bytesContract(layer)
    endingContract(layer)
    listenerContract(layer)
    tlsContract(layer, identities)
    tlsFailureContract(layer, identities)
  })
}
