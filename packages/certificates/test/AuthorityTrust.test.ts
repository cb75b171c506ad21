import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as AuthorityTrust from "../src/AuthorityTrust.ts"
import type { Options } from "../src/Chain.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import type { Peer } from "../src/Peer.ts"
import * as Proof from "../src/Proof.ts"
import { authority, codes, dns, make, now, type Party, peerOf, srvName, xmppAddr } from "./making.ts"
import * as Revoking from "./revoking.ts"

const mira = "mira@tansy"
const opinionOf = (peer: Peer, options: Options) =>
  AuthorityTrust.AuthorityTrust.use((model) => model.judge(peer, [])).pipe(
    Effect.provide(AuthorityTrust.layer(options)),
    Effect.tap(({ _tag, proof }) =>
      Effect.sync(() => {
        assert.isTrue(Proof.isSound(proof))
        assert.strictEqual(proof.holds, _tag === "Accepts")
      })
    )
  )
/** A recipient that wants nobody in particular. */
const recipient = Effect.fnUntraced(function*(party: Party) {
  const { wanted: _, ...peer } = yield* peerOf(party, {
    role: "recipient",
    purpose: { peer: "client", policy: "either" },
    rules: { naming: "jid", services: ["xmpp-server"], legacyCommonName: false }
  })
  return peer
})

describe("authorities", () => {
  it.effect("CERT-42 CERT-82 vouch, know something against a peer, or do not know it", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const names = [xmppAddr(mira)]
      const strangers = yield* authority("Strangers")
      const twin = yield* authority("Root")
      const cases: ReadonlyArray<readonly [Party, string, string]> = [
        [yield* make({ issuer: root, names }), "Accepts", "trusted"],
        [yield* make({ issuer: root, names: [xmppAddr("teo@linden")] }), "Refuses", "identityMismatch"],
        [yield* make({ issuer: root, names, notAfter: now - 1000 }), "Refuses", "expired"],
        [yield* make({ issuer: twin, names }), "Refuses", "badSignature"],
        [yield* make({ issuer: root }), "Abstains", "noIdentity"],
        [yield* make({ issuer: strangers, names }), "Abstains", "untrustedCa"],
        [yield* make({ names }), "Abstains", "selfSigned"]
      ]
      for (const [party, tag, code] of cases) {
        const opinion = yield* opinionOf(yield* peerOf(party), { anchors: [root.der] })
        assert.deepStrictEqual([opinion._tag, opinion.verdict?.code], [tag, code])
        assert.strictEqual((opinion.verdict?.authorised.length ?? 0) > 0, tag === "Accepts")
      }
    }))

  it.effect("CERT-03 certificates §5.3 grant a client of whom nothing was wanted every name it holds", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const names = [
        xmppAddr(mira),
        dns("*.pumps.example"),
        srvName("_xmpp-server.tanks.example"),
        srvName("_xmpp-client.valves.example")
      ]
      const options = { anchors: [root.der] }
      const { verdict } = yield* opinionOf(yield* recipient(yield* make({ issuer: root, names })), options)
      assert.deepStrictEqual(verdict?.authorised, [mira, "tanks.example", "*.pumps.example"])
      assert.notProperty(verdict, "identity")
      const nobody = yield* opinionOf(yield* recipient(yield* make({ issuer: root })), options)
      assert.deepInclude(nobody.verdict, { code: "noIdentity", decision: "accept", strength: "none", authorised: [] })
      assert.strictEqual(nobody._tag, "Refuses")
    }))

  it.effect("CERT-37 without an anchor vouch for nobody, and a self-signed anchor vouches for itself", () =>
    Effect.gen(function*() {
      const self = yield* make({ names: [xmppAddr(mira)] })
      const peer = yield* peerOf(self)
      assert.strictEqual((yield* opinionOf(peer, { anchors: [] }))._tag, "Abstains")
      assert.strictEqual((yield* opinionOf(peer, { anchors: [self.der] }))._tag, "Accepts")
    }))

  it.effect("CERT-54 CERT-105 vouch as long as the path lasts, in hard mode no longer than the last word on revocation", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const party = yield* make({ issuer: root, names: [xmppAddr(mira)], notAfter: now + 9 * Revoking.day })
      const peer = yield* peerOf(party)
      const crls = [yield* Revoking.crlBytes(root, { nextUpdate: now + 2 * Revoking.day })]
      const expiresIn = (options: Omit<Options, "anchors">) =>
        Effect.map(opinionOf(peer, { anchors: [root.der], ...options }), ({ verdict }) => verdict?.expiresIn)
      assert.strictEqual(yield* expiresIn({ crls, revocation: "soft" }), 9 * Revoking.day + 1000)
      const hard = yield* expiresIn({ crls, revocation: "hard" })
      assert.isAtLeast(hard ?? 0, 1)
      assert.isAtMost(hard ?? Number.POSITIVE_INFINITY, 2 * Revoking.day + 1000)
    }))

  it.effect("CERT-09 look at aliases only when the wanted name is not there", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const aliases = ["teo@linden", "oskar@quarry.example"]
      const both = yield* make({ issuer: root, names: [xmppAddr("oskar@quarry.example"), xmppAddr("teo@linden")] })
      const { verdict } = yield* opinionOf(yield* peerOf(both, { aliases }), { anchors: [root.der] })
      assert.deepInclude(verdict, { rule: "CERT-09", identity: "teo@linden" })
      const plain = yield* opinionOf(yield* peerOf(both), { anchors: [root.der] })
      assert.strictEqual(plain.verdict?.code, "identityMismatch")
    }))
})

describe("what they say of themselves", () => {
  it.effect("CERT-37 is JSON: every anchor by name and fingerprint, and how much is known besides", () =>
    Effect.gen(function*() {
      const roots = [yield* authority("One"), yield* authority("Two")]
      const [root] = roots
      assert.isDefined(root)
      const crls = [yield* Revoking.crlBytes(root)]
      const options: Options = {
        anchors: roots.map(({ der }) => der),
        intermediates: [root.der],
        crls,
        revocation: "hard"
      }
      const describe = (of: Options) =>
        AuthorityTrust.AuthorityTrust.use((model) => Effect.succeed(model.description)).pipe(
          Effect.provide(AuthorityTrust.layer(of))
        )
      const description = yield* describe(options)
      assert.deepStrictEqual(JSON.parse(JSON.stringify(description)), description)
      assert.deepStrictEqual(description, {
        anchors: yield* Effect.forEach(
          roots,
          ({ certificate, der }) =>
            Effect.map(Fingerprint.sha256(der), (sha256) => ({ subject: certificate.subject.text, sha256 }))
        ),
        intermediates: 1,
        crls: 1,
        revocation: "hard"
      })
      assert.deepInclude(yield* describe({ anchors: [] }), { anchors: [], revocation: "soft" })
    }))

  it.effect("CERT-56 is noticed when a certificate is for the other role in TLS", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const party = yield* make({ issuer: root, names: [xmppAddr(mira)], extKeyUsage: ["1.3.6.1.5.5.7.3.2"] })
      const { verdict } = yield* opinionOf(yield* peerOf(party), { anchors: [root.der] })
      assert.deepStrictEqual(verdict && codes(verdict), ["revocationUnknown", "purpose"])
    }))
})
