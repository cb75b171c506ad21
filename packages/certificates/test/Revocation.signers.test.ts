import { assert, describe, expect, it, onTestFinished, vi } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Crl from "../src/Crl.ts"
import * as Keys from "../src/internal/keys.ts"
import { scene, status, tagOf } from "./asking.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, commonName, make, now, type Party, type Spec, unknownExtension, usage } from "./making.ts"
import * as Revoking from "./revoking.ts"

const { day } = Revoking
const here = Revoking.uri("http://ca.example/1")
const shard = Encode.sequence(Encode.oid("2.5.4.3"), Encode.utf8("shard"))

describe("keys for CRLs alone (RFC 5280 §6.3.3 f)", () => {
  const signing = usage(6)
  const crlKey = (issuer: Party, spec: Spec = {}) =>
    make({ issuer, subject: commonName("CA"), keyUsage: signing, more: [Revoking.points({ names: [here] })], ...spec })
  const about = Revoking.scope({ names: [here] })

  it.effect("CERT-50 the CA may certify one, which is asked about itself", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const signer = yield* crlKey(ca)
      const [clean, listing] = [yield* Revoking.crl(signer), yield* Revoking.crl(signer, { revoked: [leaf] })]
      const aboutSigner = yield* Revoking.crl(ca, { extensions: [about] })
      const onSigner = yield* Revoking.crl(ca, { extensions: [about], revoked: [signer] })
      const tag = (...crls: ReadonlyArray<Crl.Crl>) => tagOf(leaf, [ca], { crls, issuers: [leaf, signer] })
      assert.strictEqual(yield* tag(clean, aboutSigner), "Good")
      assert.strictEqual(yield* tag(listing, aboutSigner), "Revoked")
      assert.strictEqual(yield* tag(clean, onSigner), "Unknown")
      assert.strictEqual(yield* tagOf(leaf, [ca], { crls: [clean, aboutSigner] }), "Unknown")
      const older = yield* Revoking.crl(ca, { revoked: [leaf], thisUpdate: now - 2 * day })
      assert.strictEqual(yield* tag(clean, aboutSigner, older), "Revoked", "another key does not replace it")
    }))

  it.effect("CERT-50 a CRL may speak about its own signer, who must not be on it", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const signer = yield* crlKey(ca)
      const tag = Effect.fnUntraced(function*(revoked: ReadonlyArray<Party>) {
        return yield* tagOf(leaf, [ca], { crls: [yield* Revoking.crl(signer, { revoked })], issuers: [signer] })
      })
      assert.strictEqual(yield* tag([]), "Good")
      assert.strictEqual(yield* tag([signer]), "Unknown")
    }))

  it.effect("CERT-50 not one that is over, that has another use, or that another CA has certified", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const specs: ReadonlyArray<readonly [string, Spec, Party?]> = [
        ["Good", {}],
        ["Unknown", { notAfter: now - day }],
        ["Unknown", { keyUsage: undefined }],
        ["Unknown", { keyUsage: usage(0) }],
        ["Unknown", { more: [unknownExtension(true)] }],
        ["Unknown", { pair: yield* Revoking.shortPair }],
        ["Unknown", { issuer: yield* authority("CA") }],
        ["Unknown", { issuer: yield* authority("Other") }]
      ]
      for (const [tag, spec] of specs) {
        const signer = yield* crlKey(ca, spec)
        const crls = [yield* Revoking.crl(signer)]
        assert.strictEqual(yield* tagOf(leaf, [ca], { crls, issuers: [signer] }), tag, JSON.stringify(spec))
      }
    }))

  it.effect("CERT-40 CERT-50 of a crowd of would-be signers only so many are checked", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const crls = [yield* Revoking.crl(yield* authority("CA"))]
      const pair = yield* Keys.generate("p256")
      const crowd = yield* Effect.forEach(Array.from({ length: 80 }, (_, at) => at), () => crlKey(ca, { pair }))
      const verify = vi.spyOn(crypto.subtle, "verify")
      onTestFinished(() => verify.mockRestore())
      expect(yield* status(leaf, [ca], { crls, issuers: crowd })).toMatchObject({ _tag: "Unknown", isMissing: false })
      assert.strictEqual(verify.mock.calls.length, 64)
      verify.mockClear()
      const real = [yield* Revoking.crl(ca)]
      expect(yield* status(leaf, [ca], { crls: real, issuers: crowd })).toMatchObject({ _tag: "Good" })
      assert.strictEqual(verify.mock.calls.length, 1)
    }))

  it.effect("CERT-40 CERT-51 a crowd of would-be signers does not make a CRL be overlooked", () =>
    Effect.gen(function*() {
      const ca = yield* authority("CA", { more: [Fabricating.subjectKey(Uint8Array.of(1))] })
      const leaf = yield* make({ issuer: ca })
      const signer = yield* crlKey(ca)
      const extensions = [Fabricating.authorityKey(Uint8Array.of(2))]
      const crls = [yield* Revoking.crl(signer, { revoked: [leaf], extensions })]
      // They look as if they came from the CA, and like those whom the CRL means; the real one is known, and comes last.
      const pretender = yield* authority("CA")
      const crowd = yield* Effect.forEach(
        Array.from({ length: 80 }),
        () => crlKey(pretender, { more: [Fabricating.subjectKey(Uint8Array.of(2))] })
      )
      expect(yield* status(leaf, [ca], { crls, issuers: [signer] })).toMatchObject({ _tag: "Revoked" })
      expect(yield* status(leaf, [ca], { crls, issuers: [signer, ...crowd] })).toMatchObject({
        _tag: "Unknown",
        isMissing: false
      })
      expect(yield* status(leaf, [ca], { crls, issuers: [] })).toMatchObject({ _tag: "Unknown", isMissing: true })
    }))

  it.effect("CERT-50 no more than two such keys stand between a certificate and its authority", () =>
    Effect.gen(function*() {
      const { ca, leaf } = yield* scene()
      const point = (name: string) => Revoking.points({ names: [Revoking.uri(name)], issuer: commonName(name) })
      const about = (name: string) => Revoking.scope({ names: [Revoking.uri(name)], marks: [4] })
      const teller = (name: string, next: string) =>
        make({ issuer: ca, subject: commonName(name), keyUsage: signing, more: [point(next)] })
      const tellers = [
        yield* teller("A", "B"),
        yield* teller("B", "C"),
        yield* teller("C", "D"),
        yield* teller("D", "D")
      ]
      const crls = yield* Effect.forEach(
        ["A", "B", "C", "D"],
        (name, at) => Revoking.crl(tellers[at] ?? ca, { extensions: [about(name)] })
      )
      const ask = Effect.fnUntraced(function*(name: string) {
        return yield* tagOf(yield* make({ issuer: ca, more: [point(name)] }), [ca], { crls, issuers: tellers })
      })
      expect(yield* Effect.forEach(["D", "C", "B", "A"], ask)).toEqual(["Good", "Good", "Unknown", "Unknown"])
      assert.strictEqual(yield* tagOf(leaf, [ca], { crls, issuers: tellers }), "Unknown")
    }))

  it.effect("CERT-50 an indirect CRL of whom the certificate names", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const teller = yield* make({ issuer: root, subject: commonName("Teller"), keyUsage: signing })
      const ca = yield* authority("CA", { issuer: root })
      const leaf = yield* make({ issuer: ca, more: [Revoking.points({ issuer: teller.subject })] })
      const aboutTeller = yield* Revoking.crl(root)
      const tag = Effect.fnUntraced(function*(spec: Revoking.CrlSpec) {
        const crls = [aboutTeller, yield* Revoking.crl(teller, spec)]
        return yield* tagOf(leaf, [ca, root], { crls, issuers: [teller] })
      })
      const extensions = [Revoking.scope({ marks: [4] })]
      const entry = (issuer: Party) => ({ ...leaf, extensions: [Revoking.entryIssuer(issuer.subject)] })
      assert.strictEqual(yield* tag({ extensions }), "Good")
      assert.strictEqual(yield* tag({ extensions, revoked: [entry(ca)] }), "Revoked")
      assert.strictEqual(yield* tag({ extensions, revoked: [entry(root)] }), "Good")
      assert.strictEqual(yield* tag({ extensions, revoked: [leaf] }), "Good", "the entry is about the teller's own")
      assert.strictEqual(yield* tag({}), "Unknown", "it does not say that it is indirect")
      const named = [Revoking.scope({ marks: [4], names: [Revoking.directoryName(teller.subject)] })]
      assert.strictEqual(yield* tag({ extensions: named }), "Good", "the point has no name but that of its issuer")
      const relative = yield* make({ issuer: ca, more: [Revoking.points({ relative: shard, issuer: teller.subject })] })
      const crls = [
        aboutTeller,
        yield* Revoking.crl(teller, { extensions: [Revoking.scope({ marks: [4], relative: shard })] })
      ]
      assert.strictEqual(yield* tagOf(relative, [ca, root], { crls, issuers: [teller] }), "Good")
    }))

  it.effect("CERT-50 no authority certifies who speaks for those above it", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const ca = yield* authority("CA", { issuer: root })
      const teller = yield* make({ issuer: root, subject: commonName("Teller"), keyUsage: signing })
      const more = [Revoking.points({ names: [here] })]
      const impostor = yield* make({ issuer: ca, subject: root.subject, keyUsage: signing, more })
      const leaf = yield* make({ issuer: ca, more: [Revoking.points({ issuer: teller.subject })] })
      const ofTeller = yield* Revoking.crl(teller, { extensions: [Revoking.scope({ marks: [4] })] })
      const tagWith = Effect.fnUntraced(function*(aboutTeller: Party) {
        const crls = [ofTeller, yield* Revoking.crl(aboutTeller), yield* Revoking.crl(ca, { extensions: [about] })]
        return yield* tagOf(leaf, [ca, root], { crls, issuers: [teller, impostor] })
      })
      assert.strictEqual(yield* tagWith(root), "Good")
      assert.strictEqual(yield* tagWith(impostor), "Unknown")
    }))
})
