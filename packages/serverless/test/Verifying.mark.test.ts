/** What is shown of a peer, and what is written down about it. */
import { assert, describe, it } from "@effect/vitest"
import * as Fingerprint from "@xmpp-e2e/certificates/Fingerprint"
import * as Identity from "@xmpp-e2e/certificates/Identity"
import { layerVerdict } from "@xmpp-e2e/certificates/PeerJudge"
import type * as Pin from "@xmpp-e2e/certificates/Pin"
import * as PinStore from "@xmpp-e2e/certificates/PinStore"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Memory from "@xmpp-e2e/transport/Memory"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Verifying from "../src/Verifying.ts"
import { settle, verdict, world } from "./support.ts"
import { juliet, type Person, person, romeo, stream } from "./verifying.ts"

const pin = (certificate: string, more: Partial<Pin.Pin> = {}): Pin.Pin => ({
  address: juliet,
  naming: "jid",
  certificate,
  key: "",
  firstSeen: "2026-01-01T00:00:00Z",
  how: "firstUse",
  ...more
})
const verified = { when: "2026-01-02T00:00:00Z", how: "shortString" } as const

const mark = (of: E2eStream, ...pins: ReadonlyArray<Pin.Pin>) =>
  Effect.provide(Verifying.markOf(of), PinStore.layerMemory(pins))

const opened = Effect.gen(function*() {
  const { dialled } = yield* stream(yield* person(romeo), yield* person(juliet))
  return { dialled, shown: yield* Fingerprint.sha256(new TextEncoder().encode(juliet)) }
})

describe("markOf", () => {
  it.effect("CERT-86 tells who was verified from who is known, and from who came first just now", () =>
    Effect.gen(function*() {
      const { dialled, shown } = yield* opened
      assert.strictEqual(yield* mark(dialled), "known")
      assert.strictEqual(yield* mark(dialled, pin(shown)), "known")
      assert.strictEqual(yield* mark(dialled, pin(shown, { verified })), "verified")
      assert.strictEqual(yield* mark(dialled, pin("0".repeat(64), { verified })), "known")
      assert.strictEqual(yield* mark(dialled, pin(shown, { verified, address: romeo })), "known")
      assert.strictEqual(yield* mark(dialled, pin(shown, { verified, naming: "linkLocal" })), "known")
      const leap = { ...dialled, verdict: { ...verdict(juliet), code: "firstUse", strength: "firstUse" } } as const
      assert.strictEqual(yield* mark(leap), "unverified")
      assert.strictEqual(yield* mark(leap, pin(shown, { verified })), "verified")
      assert.strictEqual(yield* mark({ ...dialled, peer: { ...dialled.peer, verified: false } }), "unverified")
      assert.strictEqual(yield* mark({ ...dialled, secured: false }, pin(shown, { verified })), "unencrypted")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("CERT-09 goes by the name that was wanted, where the certificate has another", () =>
    Effect.gen(function*() {
      const { dialled, shown } = yield* opened
      const peer = { ...dialled.peer, address: "juliet@capulet.example", alias: juliet }
      assert.strictEqual(yield* mark({ ...dialled, peer }, pin(shown, { verified })), "verified")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("CERT-83 knows a key again whose owner has renewed the certificate", () =>
    Effect.gen(function*() {
      const { dialled } = yield* opened
      const made = yield* Identity.createSelfSigned({ address: juliet, naming: "jid", algorithm: "p256", days: 1 })
      const { certificate, chain } = yield* Identity.fromPem({
        certificates: made.certificatePem,
        privateKey: made.privateKeyPem
      })
      const renewed = { ...dialled, ...(dialled.tls === undefined ? {} : { tls: { ...dialled.tls, chain } }) }
      const key = yield* Fingerprint.sha256(certificate.publicKey.spki)
      assert.strictEqual(yield* mark(renewed, pin("0".repeat(64), { key, verified })), "verified")
      assert.strictEqual(yield* mark(renewed, pin("0".repeat(64), { key })), "known")
    }).pipe(Effect.scoped, Effect.provide(world)))
})

const verify = Effect.fnUntraced(function*(his: Person, hers: Person) {
  const { arrived, dialled } = yield* stream(his, hers)
  yield* his.begin(dialled)
  yield* settle
  yield* hers.agree(arrived)
  yield* settle
  yield* his.same(dialled)
  return yield* his.store.all
})

describe("the pin", () => {
  it.effect("is a new one where there was none, and then the peer is verified on the stream", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const [kept, ...more] = yield* verify(his, yield* person(juliet))
      assert.isEmpty(more)
      assert.deepInclude(kept, { address: juliet, naming: "jid", how: "manual" })
      assert.strictEqual(kept?.certificate, yield* Fingerprint.sha256(new TextEncoder().encode(juliet)))
      assert.strictEqual(kept?.verified?.how, "shortString")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("CERT-88 of a first use is the same, and still says how it came", () =>
    Effect.gen(function*() {
      const his = yield* person(romeo)
      const before = pin(yield* Fingerprint.sha256(new TextEncoder().encode(juliet)))
      yield* his.store.remember(before)
      const [kept, ...more] = yield* verify(his, yield* person(juliet))
      assert.isEmpty(more)
      const { verified: mark, ...rest } = kept ?? {}
      assert.deepStrictEqual(rest, before)
      assert.strictEqual(mark?.how, "shortString")
    }).pipe(Effect.scoped, Effect.provide(world)))

  it.effect("CERT-09 belongs to the name that was wanted; both sides mean the same addresses", () => {
    const jid = "juliet@capulet.example"
    const judge = layerVerdict(({ chain, role }) =>
      Effect.succeed(verdict(role === "initiator" ? jid : new TextDecoder().decode(chain[0])))
    )
    return Effect.gen(function*() {
      const his = yield* person(romeo)
      const hers = yield* person(juliet)
      const [kept] = yield* verify(his, hers)
      assert.strictEqual(kept?.address, juliet)
      assert.strictEqual(his.told[0], hers.told[1])
    }).pipe(Effect.scoped, Effect.provide(Layer.merge(Memory.layer, judge)))
  })
})
