import { assert, describe, it } from "@effect/vitest"
import type * as Connection from "@xmpp-e2e/transport/Connection"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Transport from "@xmpp-e2e/transport/Transport"
import * as Effect from "effect/Effect"
import * as Dial from "../src/Dial.ts"

describe("placesOf", () => {
  it("LL-10 LL-19 LL-27 tries addresses of scope link first, at the port of SRV, and none that cannot be dialled", () => {
    const resolved = { instance: "juliet@pronto", host: "pronto.local.", port: 5298, txt: [btoa("port.p2pj=1")] }
    const addresses = ["127.0.0.1", "192.0.2.1", "fe80::1", "224.0.0.1", "2001:db8::1", "fe80::1%eth0", "nonsense"]
    assert.deepStrictEqual(Dial.placesOf({ ...resolved, addresses }), [
      { host: "fe80::1%eth0", port: 5298 },
      { host: "2001:db8::1", port: 5298 },
      { host: "192.0.2.1", port: 5298 }
    ])
  })
})

describe("inTurn", () => {
  it.effect("tries one place after the other, and tells of the last why nobody was reached", () =>
    Effect.gen(function*() {
      const there = { host: "192.0.2.2", port: 5298 }
      const transport = yield* Transport.Transport
      const asked: Array<string> = []
      const counting = {
        ...transport,
        dial: (at: Connection.Endpoint) =>
          Effect.andThen(Effect.sync(() => void asked.push(at.host)), transport.dial(at))
      }
      const inTurn = (...hosts: ReadonlyArray<string>) =>
        Dial.inTurn("juliet@pronto", hosts.map((host) => ({ host, port: 5298 }))).pipe(
          Effect.provideService(Transport.Transport, counting)
        )
      yield* transport.listen({ at: there }, () => Effect.never)
      yield* inTurn("192.0.2.1", "192.0.2.2", "192.0.2.3")
      assert.deepStrictEqual(asked.splice(0), ["192.0.2.1", "192.0.2.2"])
      const failure = yield* Effect.flip(inTurn("192.0.2.3", "192.0.2.4"))
      assert.deepStrictEqual(asked, ["192.0.2.3", "192.0.2.4"])
      assert.match(failure.message, /^juliet@pronto was not reached on this network: .*192\.0\.2\.4/)
    }).pipe(Effect.scoped, Effect.provide(Memory.layer)))
})
