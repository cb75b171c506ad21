import { assert, describe, it } from "@effect/vitest"
import { Fingerprint, Identity, PeerJudge, Pem, type Pin, PinStore, Trust } from "@xmpp-e2e/certificates"
import type { Verdict } from "@xmpp-e2e/protocol"
import { Invite } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as InvitedJudge from "../src/invitedJudge.ts"

const certificate = Effect.fnUntraced(function*(address: string) {
  const created = yield* Identity.create({
    address,
    naming: "jid",
    algorithm: "p256",
    alsoKnownAs: [],
    days: 1,
    kind: "self-signed"
  })
  const [der] = created.kind === "request" ? [] : Pem.certificates(created.certificatePem)
  return der ?? new Uint8Array()
})

const inviteOf = Effect.fnUntraced(function*(address: string, der: Uint8Array) {
  const certificate = yield* Fingerprint.sha256(der)
  return Result.getOrThrow(Invite.make({ address, naming: "jid", certificate, places: [] }))
})

/** Whatever comes, it is Oskar. */
const gullible = PeerJudge.layerVerdict(() => Effect.succeed(accepted))

const accepted: Verdict.Verdict = {
  decision: "accept",
  code: "trusted",
  rule: "CERT-70",
  because: "the test says so",
  strength: "pki",
  authorised: ["oskar@linden"],
  identity: "oskar@linden",
  notices: []
}

const question = (der: Uint8Array, expected?: string): PeerJudge.Question => ({
  chain: [der],
  role: expected === undefined ? "recipient" : "initiator",
  naming: "jid",
  authenticatePeer: true,
  ...expected === undefined ? {} : { expected }
})

const judge = (
  invites: ReadonlyArray<Invite.Invite>,
  asked: PeerJudge.Question,
  store: Layer.Layer<PinStore.PinStore> = PinStore.layerMemory()
) =>
  Effect.gen(function*() {
    const { verdict } = yield* PeerJudge.PeerJudge.use(({ judge }) => judge(asked))
    const kept = yield* PinStore.PinStore.use(({ all }) => all)
    return { code: verdict.code, decision: verdict.decision, kept }
  }).pipe(Effect.provide(InvitedJudge.layer(invites, Trust.rules, gullible).pipe(Layer.provideMerge(store))))

describe("the judge of whoever has given us an invite", () => {
  it.effect("CERT-83 believes the certificate in the invite, in either role, and remembers it with its key", () =>
    Effect.gen(function*() {
      const his = yield* certificate("oskar@linden")
      const invite = yield* inviteOf("oskar@linden", his)
      for (const asked of [question(his), question(his, "Oskar@linden/workshop")]) {
        const { code, decision, kept } = yield* judge([invite], asked)
        assert.deepStrictEqual([code, decision], ["pinned", "accept"])
        assert.lengthOf(kept, 1)
        assert.include(kept[0], { address: "oskar@linden", certificate: invite.certificate, how: "manual" })
        assert.match(kept[0]?.key ?? "", /^[0-9a-f]{64}$/)
      }
    }))

  it.effect("CERT-85 believes nobody else under that name, whoever vouches for him", () =>
    Effect.gen(function*() {
      const invite = yield* inviteOf("oskar@linden", yield* certificate("oskar@linden"))
      const [posing, other] = [yield* certificate("oskar@linden"), yield* certificate("rosa@heath")]
      for (const asked of [question(posing), question(posing, "oskar@linden"), question(other)]) {
        const { decision, kept } = yield* judge([invite], asked)
        assert.strictEqual(decision, "reject")
        assert.deepStrictEqual(kept, [])
      }
      assert.strictEqual((yield* judge([], question(other))).decision, "accept")
    }))

  it.effect("leaves everybody else to the judge beside it", () =>
    Effect.gen(function*() {
      const invite = yield* inviteOf("mira@tansy", yield* certificate("mira@tansy"))
      const { code, kept } = yield* judge([invite], question(yield* certificate("rosa@heath")))
      assert.strictEqual(code, "trusted")
      assert.deepStrictEqual(kept, [])
    }))

  it.effect("CERT-85 says at once that the store knows him by another certificate", () =>
    Effect.gen(function*() {
      const his = yield* certificate("oskar@linden")
      const pin: Pin.Pin = {
        address: "oskar@linden",
        naming: "jid",
        certificate: "ab".repeat(32),
        key: "",
        firstSeen: "2026-01-01T00:00:00Z",
        how: "firstUse"
      }
      const invite = yield* inviteOf("oskar@linden", his)
      const failure = yield* Effect.flip(judge([invite], question(his), PinStore.layerMemory([pin])))
      assert.strictEqual(failure._tag === "CommandFailed" ? failure.code : undefined, 3)
      assert.include(failure.message, "the store knows oskar@linden by another certificate")
      // The same certificate, seen before at a first use, is confirmed.
      const seen = { ...pin, certificate: invite.certificate }
      const { kept } = yield* judge([invite], question(his), PinStore.layerMemory([seen]))
      assert.deepStrictEqual(kept.map(({ firstSeen, how }) => [firstSeen, how]), [[pin.firstSeen, "manual"]])
    }))
})
