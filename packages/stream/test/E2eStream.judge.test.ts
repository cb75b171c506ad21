/** With real keys, real certificates and the real judge; only the cryptography of TLS is a model. */
import { assert, describe, it } from "@effect/vitest"
import { Identity, PeerJudge } from "@xmpp-e2e/certificates"
import type { Verdict } from "@xmpp-e2e/protocol"
import { Recording, Replay } from "@xmpp-e2e/recording"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as E2eStream from "../src/E2eStream.ts"
import * as Recorder from "../src/Recorder.ts"
import { juliet, romeo } from "./support.ts"

const make = Effect.fnUntraced(function*(address: string) {
  const made = yield* Identity.createSelfSigned({ address, naming: "jid", algorithm: "p256", days: 30 })
  return yield* Identity.fromPem({ certificates: made.certificatePem, privateKey: made.privateKeyPem })
})

const both = Effect.gen(function*() {
  // Certificates have dates, and a clock that stands at 1970 has none.
  yield* TestClock.setTime(Date.UTC(2026, 5, 1))
  return { his: yield* make(romeo), hers: yield* make(juliet) }
})

/** Each end with its own trust. */
const meet = Effect.fnUntraced(function*(
  his: Identity.Identity,
  hers: Identity.Identity,
  trust: { readonly ofHim: ReadonlyArray<string>; readonly ofHer: ReadonlyArray<string> }
) {
  const [left, right] = yield* Memory.pair()
  const asHim = E2eStream.over(left, { role: "initiator", from: romeo, to: juliet, identity: his })
  const asHer = E2eStream.over(right, { role: "recipient", from: juliet, identity: hers })
  return yield* Effect.all([
    Effect.result(asHim.pipe(Effect.provide(PeerJudge.layerPinned(trust.ofHim)))),
    Effect.result(asHer.pipe(Effect.provide(PeerJudge.layerPinned(trust.ofHer))))
  ], { concurrency: 2 })
})

describe("a judge that knows fingerprints", () => {
  it.effect("CERT-84 admits two peers that know each other, by their certificates", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* both
      const [one, other] = yield* meet(his, hers, { ofHim: [hers.fingerprint], ofHer: [his.fingerprint] })
      assert.deepStrictEqual([one._tag, other._tag], ["Success", "Success"])
      if (one._tag !== "Success" || other._tag !== "Success") return
      assert.deepStrictEqual(one.success.peer, { address: juliet, how: "certificate", verified: true })
      assert.deepStrictEqual(other.success.peer, { address: romeo, how: "sasl", verified: true })
      assert.strictEqual(one.success.verdict?.fingerprint, hers.fingerprint)
      yield* Effect.all([one.success.close, other.success.close], { concurrency: 2 })
    }))

  it.effect("CERT-84 writes down what the verdict rests on, and replays without asking again", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* both
      const written: Array<Array<string>> = []
      yield* meet(his, hers, { ofHim: [his.fingerprint], ofHer: [his.fingerprint] }).pipe(
        Effect.provide(Recorder.layerMemory(written, { level: "full" }))
      )
      const recordings = written.map((lines) => Result.getOrThrow(Recording.decode(`${lines.join("\n")}\n`)))
      const told = recordings.flatMap((recording) =>
        Recording.steps(recording).flatMap(({ event }) =>
          event._tag === "PeerJudged" && event.verdict.decision === "reject" ? [event] : []
        )
      )
      assert.lengthOf(told, 1)
      const [certificate] = told[0]?.evidence?.certificates ?? []
      assert.deepInclude(certificate, {
        fingerprint: hers.fingerprint,
        names: [{ kind: "xmppAddr", value: juliet }],
        key: "P-256",
        sent: true
      })
      assert.isFalse(told[0]?.evidence?.proof.holds)
      for (const recording of recordings) assert.strictEqual(Replay.run(recording)._tag, "Matched")
    }))

  it.effect("TLS-21 refuses a stranger, and both sides are told", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* both
      const [one, other] = yield* meet(his, hers, { ofHim: [his.fingerprint], ofHer: [his.fingerprint] })
      if (one._tag !== "Failure" || one.failure._tag !== "StreamFailed") return assert.fail("she was believed")
      assert.deepStrictEqual([one.failure.reason._tag, one.failure.reason.cause], ["NotAdmitted", "certificate"])
      assert.match(one.failure.message, /fingerprint/)
      assert.strictEqual(other._tag, "Failure")
    }))
})

describe("what TLS brought", () => {
  it.effect("CERT-30 the judge is asked with the OCSP response that the server stapled, and with no other", () =>
    Effect.gen(function*() {
      const { hers, his } = yield* both
      const questions: Array<PeerJudge.Question> = []
      const judge = PeerJudge.layerVerdict((question) =>
        Effect.sync(() => {
          questions.push(question)
          return refusal
        })
      )
      const [left, right] = yield* Memory.pair()
      const ocspStaple = Uint8Array.of(0x30, 0x03, 0x0a, 0x01, 0x06)
      const asHim = {
        role: "initiator",
        from: romeo,
        to: juliet,
        identity: { ...his, ocspStaple: Uint8Array.of(1) }
      } as const
      const asHer = { role: "recipient", from: juliet, identity: { ...hers, ocspStaple } } as const
      yield* Effect.all([Effect.result(E2eStream.over(left, asHim)), Effect.result(E2eStream.over(right, asHer))], {
        concurrency: 2
      }).pipe(Effect.provide(judge))
      const [ofHer, ofHim] = ["initiator", "recipient"].map((role) => questions.find((each) => each.role === role))
      assert.deepStrictEqual(ofHer?.ocspStaple, ocspStaple)
      assert.isDefined(ofHim)
      assert.notProperty(ofHim, "ocspStaple")
    }))
})

const refusal: Verdict.Verdict = {
  decision: "reject",
  code: "untrustedCa",
  rule: "CERT-30",
  because: "nobody is believed here",
  strength: "none",
  authorised: [],
  notices: []
}
