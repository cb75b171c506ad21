/** Certificates §2.2: with real certificates of a real authority. */
import { assert, describe, it } from "@effect/vitest"
import { Authority, Identity, PeerJudge } from "@xmpp-e2e/certificates"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as E2eStream from "../src/E2eStream.ts"

const oskar = "oskar@quarry.example"

/** Mira dials an instance on the local network, whose certificate names its JID and nothing else. */
const dial = Effect.fnUntraced(function*(peerAliases: ReadonlyArray<string>) {
  yield* TestClock.setTime(Date.UTC(2026, 5, 1))
  const root = yield* Authority.create({ name: "Quarry Root", algorithm: "p256", days: 30 })
  const issued = yield* Authority.issue(root, { address: oskar, naming: "jid", algorithm: "p256", days: 10 })
  const identity = yield* Identity.fromPem({ certificates: issued.certificatePem, privateKey: issued.privateKeyPem })
  const [left, right] = yield* Memory.pair()
  const [hers] = yield* Effect.all([
    Effect.result(E2eStream.over(left, {
      role: "initiator",
      from: "mira@tansy",
      to: "oskar@linden",
      naming: "linkLocal",
      peerAliases
    })),
    Effect.result(E2eStream.over(right, {
      role: "recipient",
      from: "oskar@linden",
      naming: "linkLocal",
      identity,
      policy: { authenticatePeer: false }
    }))
  ], { concurrency: 2 }).pipe(Effect.provide(PeerJudge.layerAuthority([root.certificate.der])))
  return hers
})

describe("a link-local instance whose certificate names a JID", () => {
  it.effect("CERT-09 T47 is admitted by the JID that discovery claims for it, and shown by that", () =>
    Effect.gen(function*() {
      const hers = yield* dial([oskar])
      assert.isTrue(hers._tag === "Success")
      if (hers._tag !== "Success") return
      assert.deepInclude(hers.success.verdict, { code: "trusted", rule: "CERT-09", identity: oskar })
      assert.deepInclude(hers.success.peer, { verified: true })
      yield* hers.success.abort
    }))

  it.effect("CERT-09 T47 is refused when discovery claims another JID, or none", () =>
    Effect.gen(function*() {
      for (const aliases of [[], ["teo@harbor.example"]]) {
        const hers = yield* dial(aliases)
        assert.isTrue(hers._tag === "Failure" && hers.failure._tag === "StreamFailed")
        if (hers._tag !== "Failure" || hers.failure._tag !== "StreamFailed") return
        assert.strictEqual(hers.failure.reason.cause, "certificate")
      }
    }))
})
