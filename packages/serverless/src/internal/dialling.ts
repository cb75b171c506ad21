/** A stream of ours to a peer: found by its name, or at the place that is known. @internal */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type { Discovery } from "@xmpp-e2e/link-local/Discovery"
import * as Presence from "@xmpp-e2e/link-local/Presence"
import * as E2eStream from "@xmpp-e2e/stream/E2eStream"
import type { Options as StreamOptions } from "@xmpp-e2e/stream/Options"
import type { Endpoint } from "@xmpp-e2e/transport/Connection"
import { Transport } from "@xmpp-e2e/transport/Transport"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Dial from "../Dial.ts"
import type { Unreachable } from "../Serverless.ts"
import { type Guard, policyFor } from "./guarding.ts"
import type { Self } from "./self.ts"

/** @internal */
export interface Options extends StreamOptions, Guard {
  readonly placeOf?: (peer: string) => Endpoint | undefined
}

/** @internal */
export const dial = Effect.fnUntraced(function*(
  peer: string,
  options: Options,
  self: Self
): Effect.fn.Return<E2eStream.E2eStream, Unreachable, Discovery | Transport | PeerJudge | Scope.Scope> {
  const policy = yield* policyFor(peer, options)
  const { connection, peerAliases } = yield* reach(peer, options.placeOf?.(peer))
  return yield* E2eStream.over(connection, {
    ...options,
    ...ownOf(self),
    policy,
    role: "initiator",
    to: peer,
    ...(peerAliases === undefined ? {} : { peerAliases })
  })
})

/** @internal */
export const ownOf = ({ identity, name }: Self): Pick<StreamOptions, "from" | "identity"> => ({
  from: name,
  ...(identity === undefined ? {} : { identity })
})

const reach = Effect.fnUntraced(function*(peer: string, place: Endpoint | undefined) {
  if (place !== undefined) {
    const { dial } = yield* Transport
    const connection = yield* Effect.mapError(
      dial(place),
      (cause) => new Dial.DialFailed({ instance: peer, detail: cause.detail, cause })
    )
    return { connection, peerAliases: undefined }
  }
  const { connection, resolved } = yield* Dial.dial(peer)
  // CERT-09: nobody vouches for what is announced; it only says which names in a certificate are welcome besides.
  return { connection, peerAliases: Presence.decode(resolved.txt).jid }
})
