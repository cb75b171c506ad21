/** Certificates §9, the rows about paths. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import type { Trust } from "../src/Trust.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import {
  authority,
  commonName,
  dns,
  empty,
  judge,
  make,
  now,
  type Party,
  sha1Signer,
  type Spec,
  srvName,
  unknownExtension,
  usage,
  xmppAddr,
  year
} from "./making.ts"

const nadia = "nadia@harbor.example"
const leaf = (issuer: Party, spec: Spec = {}) =>
  make({ issuer, subject: commonName(nadia), names: [xmppAddr(nadia)], ...spec })

const verdict = (chain: ReadonlyArray<Party>, root: Party, trust: Partial<Trust> = {}, at = now) =>
  judge({ chain, anchors: [root], expected: nadia, trust, at })

/** The code for a leaf of this shape below a good root, dialled and dialling. */
const ofLeaf = Effect.fnUntraced(function*(spec: Spec, trust: Partial<Trust> = {}) {
  const root = yield* authority("Root")
  const shown = yield* leaf(root, spec)
  const dialled = yield* verdict([shown], root, trust)
  const dialling = yield* judge({ chain: [shown], anchors: [root], trust })
  assert.strictEqual(dialled.decision === "accept", dialled.code === "trusted")
  return [dialled.code, dialling.code]
})

/** The code for a good leaf below an intermediate of this shape. */
const ofIntermediate = Effect.fnUntraced(function*(spec: Spec, trust: Partial<Trust> = {}) {
  const root = yield* authority("Root")
  const middle = yield* authority("Middle", { issuer: root, ...spec })
  return (yield* verdict([yield* leaf(middle), middle], root, trust)).code
})

describe("extensions and uses", () => {
  it.effect("CERT-30 T27 an unknown critical extension is refused, on the peer's certificate and above", () =>
    Effect.gen(function*() {
      const more = [unknownExtension(true)]
      assert.deepStrictEqual(yield* ofLeaf({ more }), ["unknownCritical", "unknownCritical"])
      assert.strictEqual(yield* ofIntermediate({ more }), "unknownCritical")
    }))

  it.effect("CERT-30 T28 an unknown extension that is not critical is ignored", () =>
    Effect.gen(function*() {
      const more = [unknownExtension(false)]
      assert.deepStrictEqual(yield* ofLeaf({ more }), ["trusted", "trusted"])
      assert.strictEqual(yield* ofIntermediate({ more }), "trusted")
    }))

  it.effect("CERT-33 CERT-34 T29 an issuer is an authority of version 3 that may sign certificates", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* ofIntermediate({ basicConstraints: undefined }), "notACa")
      assert.strictEqual(yield* ofIntermediate({ basicConstraints: Fabricating.basicConstraints() }), "notACa")
      assert.strictEqual(yield* ofIntermediate({ keyUsage: usage(0, 6) }), "keyUsage")
      assert.strictEqual(yield* ofIntermediate({ version: 1 }), "notACa")
      assert.strictEqual(yield* ofIntermediate({ keyUsage: undefined }), "trusted")
    }))

  it.effect("CERT-30 T30 the length of the path is counted without self-issued certificates", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root, pathLengthMax: 0 })
      const below = yield* authority("Below", { issuer: middle })
      assert.strictEqual((yield* verdict([yield* leaf(below), below, middle], root)).code, "pathLength")
      const renewed = yield* authority("Middle", { issuer: middle })
      assert.strictEqual((yield* verdict([yield* leaf(renewed), renewed, middle], root)).code, "trusted")
      assert.strictEqual((yield* verdict([yield* leaf(middle), middle], root)).code, "trusted")
    }))

  it.effect("CERT-30 T31 T32 T33 names outside of what an authority may certify, whether it is an intermediate or the anchor", () =>
    Effect.gen(function*() {
      const constrained = (permitted: Uint8Array) =>
        Fabricating.extension(
          oids.nameConstraints,
          true,
          Encode.sequence(Encode.explicit(0, Encode.sequence(permitted)))
        )
      const codesOf = Effect.fnUntraced(function*(permitted: Uint8Array, ...names: ReadonlyArray<Uint8Array>) {
        const more = [constrained(permitted)]
        const root = yield* authority("Root")
        const middle = yield* authority("Middle", { issuer: root, more })
        const anchor = yield* authority("Root", { more })
        const asked = { expected: "pumps.example", trust: { eitherServiceLabel: true } }
        const below = { chain: [yield* make({ issuer: middle, names }), middle], anchors: [root] }
        const direct = { chain: [yield* make({ issuer: anchor, names })], anchors: [anchor] }
        return [(yield* judge({ ...below, ...asked })).code, (yield* judge({ ...direct, ...asked })).code]
      })
      const [pumps, valves] = [dns("pumps.example"), dns("valves.example")]
      assert.deepStrictEqual(yield* codesOf(pumps, valves), ["nameConstraint", "nameConstraint"], "T31")
      assert.deepStrictEqual(yield* codesOf(pumps, pumps, valves), ["nameConstraint", "nameConstraint"], "T31")
      assert.deepStrictEqual(yield* codesOf(pumps, pumps, dns("a.pumps.example")), ["trusted", "trusted"], "T31")
      const [server, client] = [srvName("_xmpp-server.pumps.example"), srvName("_xmpp-client.pumps.example")]
      const servers = srvName("_xmpp-server")
      assert.deepStrictEqual(yield* codesOf(servers, client), ["nameConstraint", "nameConstraint"], "T32")
      assert.deepStrictEqual(yield* codesOf(servers, server), ["trusted", "trusted"], "T32")
      const teo = xmppAddr("teo@quarry.example")
      assert.deepStrictEqual(yield* codesOf(teo, pumps, teo), ["nameConstraint", "nameConstraint"], "T33")
      assert.deepStrictEqual(yield* codesOf(teo, pumps), ["trusted", "trusted"], "T33")
    }))

  it.effect("CERT-30 limits to names in a certificate that is no authority's", () =>
    Effect.gen(function*() {
      const limits = Encode.sequence(Encode.explicit(0, Encode.sequence(dns("pumps.example"))))
      for (const isCritical of [true, false]) {
        const more = [Fabricating.extension(oids.nameConstraints, isCritical, limits)]
        assert.deepStrictEqual(yield* ofLeaf({ more }), ["nameConstraint", "nameConstraint"])
      }
    }))

  it.effect("CERT-56 T34 strictly, a server needs serverAuth and a client clientAuth; usually either will do", () =>
    Effect.gen(function*() {
      const extKeyUsage = [oids.clientAuth]
      assert.deepStrictEqual(yield* ofLeaf({ extKeyUsage }, { purpose: "strict" }), ["purpose", "trusted"])
      assert.deepStrictEqual(yield* ofLeaf({ extKeyUsage: [oids.serverAuth] }, { purpose: "strict" }), [
        "trusted",
        "purpose"
      ])
      assert.deepStrictEqual(yield* ofLeaf({ extKeyUsage }), ["trusted", "trusted"])
      const root = yield* authority("Root")
      const noted = yield* verdict([yield* leaf(root, { extKeyUsage })], root)
      assert.isTrue(noted.notices.some((each) => each.startsWith("purpose:")))
    }))

  it.effect("CERT-56 CERT-58 T35 id-on-xmppAddr and anyExtendedKeyUsage serve both roles, also strictly", () =>
    Effect.gen(function*() {
      for (const oid of [oids.xmppAddr, oids.anyExtendedKeyUsage]) {
        assert.deepStrictEqual(yield* ofLeaf({ extKeyUsage: [oid] }, { purpose: "strict" }), ["trusted", "trusted"])
      }
    }))

  it.effect("CERT-56 T36 other purposes are refused, unless they are ignored", () =>
    Effect.gen(function*() {
      const extKeyUsage = ["1.3.6.1.5.5.7.3.3"]
      assert.deepStrictEqual(yield* ofLeaf({ extKeyUsage }), ["purpose", "purpose"])
      assert.deepStrictEqual(yield* ofLeaf({ extKeyUsage }, { purpose: "ignore" }), ["trusted", "trusted"])
      assert.strictEqual(yield* ofIntermediate({ extKeyUsage }), "purpose")
    }))

  it.effect("CERT-55 CERT-59 T37 a key usage must include signing, whatever the purposes say", () =>
    Effect.gen(function*() {
      const extKeyUsage = [oids.serverAuth, oids.clientAuth]
      assert.deepStrictEqual(yield* ofLeaf({ keyUsage: usage(2), extKeyUsage }), ["keyUsage", "keyUsage"])
      assert.deepStrictEqual(yield* ofLeaf({ keyUsage: usage(0, 2), extKeyUsage }), ["trusted", "trusted"])
      assert.deepStrictEqual(yield* ofLeaf({ keyUsage: undefined }), ["trusted", "trusted"])
    }))

  it.effect("CERT-31 T38 the certificate of an authority is no peer's", () =>
    Effect.map(
      ofLeaf({ isCa: true, keyUsage: undefined }),
      (codes) => assert.deepStrictEqual(codes, ["eeIsCa", "eeIsCa"])
    ))

  it.effect("CERT-30 T43 a policy that is required and not asserted", () =>
    Effect.gen(function*() {
      const explicit = Fabricating.extension(
        oids.policyConstraints,
        true,
        Encode.sequence(Encode.value(0x80, Uint8Array.of(0)))
      )
      assert.strictEqual(yield* ofIntermediate({ more: [explicit] }), "policy")
      const mappings = Encode.sequence(Encode.sequence(Encode.oid(oids.anyPolicy), Encode.oid("1.2.3")))
      assert.strictEqual(
        yield* ofIntermediate({ more: [Fabricating.extension(oids.policyMappings, true, mappings)] }),
        "policy"
      )
      const inhibit = Fabricating.extension(
        oids.policyConstraints,
        true,
        Encode.sequence(Encode.value(0x81, Uint8Array.of(0)))
      )
      assert.strictEqual(yield* ofIntermediate({ more: [inhibit] }), "trusted")
      const asserted = Fabricating.extension(
        oids.certificatePolicies,
        false,
        Encode.sequence(Encode.sequence(Encode.oid("1.2.3")))
      )
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root, more: [explicit, asserted] })
      assert.strictEqual((yield* verdict([yield* leaf(middle, { more: [asserted] }), middle], root)).code, "trusted")
      assert.strictEqual((yield* verdict([yield* leaf(middle), middle], root)).code, "policy")
    }))

  it.effect("CERT-32 T46 an empty subject needs critical names", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* ofLeaf({ subject: empty, criticalNames: true }), ["trusted", "trusted"])
      assert.deepStrictEqual(yield* ofLeaf({ subject: empty }), ["emptySubject", "emptySubject"])
    }))
})

describe("signatures and keys", () => {
  it.effect("CERT-35 T39 SHA-1 is refused on every certificate but the anchor's", () =>
    Effect.gen(function*() {
      const pair = yield* Keys.generate("rsa2048")
      const signer = yield* sha1Signer(pair)
      const root = yield* authority("Root", { pair, signer })
      assert.strictEqual((yield* verdict([yield* leaf(root)], root)).code, "trusted")
      const middle = yield* authority("Middle", { issuer: root, signer })
      assert.strictEqual((yield* verdict([yield* leaf(middle), middle], root)).code, "weakSignature")
      assert.strictEqual((yield* verdict([yield* leaf(root, { signer })], root)).code, "weakSignature")
      const self = yield* make({ pair, signer, names: [xmppAddr(nadia)] })
      const alone = yield* judge({ chain: [self], expected: nadia, trust: { firstUse: "accept" } })
      assert.strictEqual(alone.code, "weakSignature")
    }))

  it.effect("CERT-38 short RSA keys are refused, at the peer and above", () =>
    Effect.gen(function*() {
      const short = yield* Effect.promise(async () => {
        const parameters = {
          name: "RSASSA-PKCS1-v1_5",
          hash: "SHA-256",
          modulusLength: 1024,
          publicExponent: Uint8Array.of(1, 0, 1)
        }
        const { privateKey, publicKey } = await crypto.subtle.generateKey(parameters, true, ["sign", "verify"])
        return Promise.all([crypto.subtle.exportKey("pkcs8", privateKey), crypto.subtle.exportKey("spki", publicKey)])
      })
      const publicKey = Fabricating.publicKeyOf(new Uint8Array(short[1]))
      const pair = { pkcs8: new Uint8Array(short[0]), publicKey }
      assert.deepStrictEqual(yield* ofLeaf({ pair }), ["weakKey", "weakKey"])
      assert.strictEqual(yield* ofIntermediate({ pair }), "weakKey")
      const root = yield* authority("Root", { pair })
      assert.strictEqual((yield* verdict([yield* leaf(root)], root)).code, "weakKey")
    }))

  it.effect("CERT-30 T45 a root of the same name with another key did not sign it", () =>
    Effect.gen(function*() {
      const [root, other] = [yield* authority("Root"), yield* authority("Root")]
      assert.deepInclude(yield* verdict([yield* leaf(other)], root), { decision: "reject", code: "badSignature" })
      const middle = yield* authority("Middle", { issuer: other })
      assert.strictEqual((yield* verdict([yield* leaf(middle), middle], root)).code, "badSignature")
    }))

  it.effect("CERT-45 a self-signed certificate is just that, even under the name of an authority", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const self = yield* make({ subject: commonName("Root"), names: [xmppAddr(nadia)] })
      assert.deepInclude(yield* verdict([self], root), { decision: "reject", code: "selfSigned", rule: "CERT-82" })
    }))

  it.effect("CERT-45 CERT-42 a self-signed certificate that is an anchor is trusted", () =>
    Effect.gen(function*() {
      const self = yield* make({ names: [xmppAddr(nadia)] })
      assert.strictEqual((yield* verdict([self], self)).code, "trusted")
    }))
})

describe("dates and paths", () => {
  it.effect("CERT-30 both ends of the validity are inside", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const shown = yield* leaf(root, { notBefore: now, notAfter: now + 10_000 })
      const codes: Array<string> = []
      for (const at of [now - 1, now, now + 10_999, now + 11_000]) {
        codes.push((yield* verdict([shown], root, {}, at)).code)
      }
      assert.deepStrictEqual(codes, ["notYetValid", "trusted", "trusted", "expired"])
    }))

  it.effect("CERT-42 the dates and limits of an anchor do not count", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root", { notAfter: now - 1000, isCa: false })
      assert.strictEqual((yield* verdict([yield* leaf(root)], root)).code, "trusted")
    }))

  it.effect("CERT-105 the verdict holds until the first certificate of the path expires", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root", { notAfter: now + 1000 })
      const middle = yield* authority("Middle", { issuer: root, notAfter: now + 5000 })
      const { expiresIn } = yield* verdict([yield* leaf(middle), middle], root)
      assert.strictEqual(expiresIn, 6000)
    }))

  it.effect("CERT-43 T40 an expired intermediate does not hide a second path", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const pair = yield* Keys.generate("p256")
      const old = yield* authority("Middle", { issuer: root, pair, notAfter: now - year / 2 })
      const fresh = yield* authority("Middle", { issuer: root, pair })
      const shown = yield* leaf(fresh)
      for (const chain of [[shown, old, fresh], [shown, fresh, old]]) {
        assert.strictEqual((yield* verdict(chain, root)).code, "trusted")
      }
      assert.strictEqual((yield* verdict([shown, old], root)).code, "expired")
    }))

  it.effect("CERT-40 T44 the rest of the chain may be unordered, and hold strangers", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root })
      const below = yield* authority("Below", { issuer: middle })
      const stranger = yield* authority("Stranger")
      const shown = yield* leaf(below)
      assert.strictEqual((yield* verdict([shown, stranger, root, middle, below], root)).code, "trusted")
      const { der, ...rest } = stranger
      const broken = { ...rest, der: der.subarray(0, 40) }
      const noted = yield* verdict([shown, broken, middle, below], root)
      assert.strictEqual(noted.code, "trusted")
      assert.isTrue(noted.notices.some((each) => each.startsWith("malformed: certificate 2 ")))
      assert.strictEqual((yield* verdict([shown, below], root)).code, "untrustedCa")
      const known = yield* verdict([shown, below], root, { intermediates: [middle.der] })
      assert.strictEqual(known.code, "trusted", "CERT-40 configured intermediates help")
    }))

  it.effect("CERT-37 CERT-42 an authority that is not configured is unknown", () =>
    Effect.gen(function*() {
      const shown = yield* leaf(yield* authority("Root"))
      const other = yield* authority("Other Root")
      assert.deepInclude(yield* verdict([shown], other), { decision: "reject", code: "untrustedCa", rule: "CERT-42" })
      const first = yield* verdict([shown], other, { firstUse: "accept" })
      assert.deepInclude(first, { code: "firstUse", identity: nadia })
    }))

  it.effect("CERT-40 loops of authorities end, whatever they lead to", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const pairs = [yield* Keys.generate("p256"), yield* Keys.generate("p256"), yield* Keys.generate("p256")]
      const named = pairs.map((pair, at) => ({ pair, subject: commonName(`Loop ${at}`) }))
      const ring: Array<Party> = []
      for (const one of named) {
        for (const other of named) {
          const issuer = { ...root, ...other }
          for (const copy of [1, 2, 3]) ring.push(yield* authority("", { ...one, issuer, notAfter: now + copy * year }))
        }
      }
      const shown = yield* leaf({ ...root, ...named[0] ?? root })
      assert.strictEqual((yield* verdict([shown, ...ring], root)).code, "untrustedCa")
    }))

  it.effect("CERT-40 a path has at most eight certificates below the anchor", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const path: Array<Party> = [root]
      for (let at = 1; at <= 8; at++) path.unshift(yield* authority(`Level ${at}`, { issuer: path[0] ?? root }))
      const eighth = yield* leaf(path[1] ?? root)
      assert.strictEqual((yield* verdict([eighth, ...path], root)).code, "trusted")
      const ninth = yield* leaf(path[0] ?? root)
      assert.strictEqual((yield* verdict([ninth, ...path], root)).code, "untrustedCa")
    }))
})

describe("the recipient note", () => {
  it.effect("certificates §8 with authenticatePeer false most refusals let the peer stay, for nobody", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const expired = yield* leaf(root, { notAfter: now - 1000 })
      const strict = yield* judge({ chain: [expired], anchors: [root] })
      assert.deepInclude(strict, { decision: "reject", code: "expired" })
      const lenient = yield* judge({ chain: [expired], anchors: [root], authenticatePeer: false })
      assert.deepInclude(lenient, { decision: "accept", code: "expired", authorised: [], strength: "none" })
      const initiator = yield* judge({ chain: [expired], anchors: [root], expected: nadia, authenticatePeer: false })
      assert.strictEqual(initiator.decision, "reject", "an initiator always insists")
    }))
})
