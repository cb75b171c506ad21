import { assert, describe, it } from "@effect/vitest"
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as Evidence from "../src/Evidence.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as PinStore from "../src/PinStore.ts"
import * as Proof from "../src/Proof.ts"
import * as Trust from "../src/Trust.ts"
import { authority, dns, make, now, type Party, srvName, xmppAddr, year } from "./making.ts"

const mira = "mira@tansy"

const judged = Effect.fnUntraced(function*(chain: ReadonlyArray<Party>, anchors: ReadonlyArray<Party>) {
  yield* TestClock.setTime(now)
  const ders = chain.map(({ der }) => der)
  const { judge } = yield* PeerJudge.PeerJudge.pipe(
    Effect.provide(
      PeerJudge.layer(Trust.make({ anchors: anchors.map(({ der }) => der) })).pipe(
        Layer.provide(PinStore.layerMemory())
      )
    )
  )
  const { proof, verdict } = yield* judge({
    chain: ders,
    role: "initiator",
    expected: mira,
    naming: "jid",
    authenticatePeer: true
  })
  return { verdict, proof, evidence: yield* Evidence.of(proof, ders, "jid") }
})

const all = (claim: Verdict.Claim): ReadonlyArray<Verdict.Claim> => [claim, ...claim.reasons.flatMap(all)]

describe("of", () => {
  it.effect("CERT-42 tells the whole path: what was sent, and the anchor that was not", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const between = yield* make({ issuer: root, isCa: true, subject: (yield* authority("Between")).subject })
      const names = [xmppAddr(mira), srvName("_xmpp-server.tanks.example"), dns("*.pumps.example")]
      const leaf = yield* make({ issuer: between, names })
      const { evidence, verdict } = yield* judged([leaf, between], [root])
      assert.strictEqual(verdict.code, "trusted")
      assert.deepStrictEqual(evidence.certificates.map(({ sent, subject }) => [sent, subject]), [
        [true, "CN=somebody"],
        [true, "CN=Between"],
        [false, "CN=Root"]
      ])
      const [first, , anchor] = evidence.certificates
      assert.deepStrictEqual(first, {
        sent: true,
        subject: "CN=somebody",
        issuer: "CN=Between",
        serial: leaf.certificate.serial,
        names: [
          { kind: "xmppAddr", value: mira },
          { kind: "srvName", value: "_xmpp-server.tanks.example" },
          { kind: "dnsName", value: "*.pumps.example" }
        ],
        notBefore: leaf.certificate.notBefore,
        notAfter: leaf.certificate.notAfter,
        key: "P-256",
        fingerprint: yield* Fingerprint.sha256(leaf.der)
      })
      assert.strictEqual(anchor?.fingerprint, yield* Fingerprint.sha256(root.der))
      const about = all(evidence.proof).flatMap(({ certificate }) => certificate === undefined ? [] : [certificate])
      assert.deepStrictEqual(about, [2, 1, 0])
    }))

  it.effect("CERT-30 says the same as the proof, claim by claim", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const leaf = yield* make({ issuer: root, names: [xmppAddr(mira)], notAfter: now - year })
      const { evidence, proof, verdict } = yield* judged([leaf], [root])
      assert.strictEqual(verdict.code, "expired")
      const flat = (of: Proof.Proof): ReadonlyArray<Proof.Proof> => [of, ...of.reasons.flatMap(flat)]
      assert.deepStrictEqual(
        all(evidence.proof).map(({ found, holds, rule, words }) => [words, holds, rule, found]),
        flat(proof).map(({ claim, found, holds, rule }) => [claim, holds, rule, found])
      )
      const refused = all(evidence.proof).filter(({ holds, reasons }) => !holds && reasons.length === 0)
      assert.include(refused.map(({ found }) => found).join(), "expired at")
    }))

  it.effect("is JSON, and a certificate that cannot be read is left out", () =>
    Effect.gen(function*() {
      const self = yield* make({ names: [xmppAddr(mira)] })
      const proof = Proof.rule("CERT-20", "The certificate can be read", false)
      const evidence = yield* Evidence.of(proof, [Uint8Array.of(1, 2, 3), self.der], "jid")
      assert.deepStrictEqual(evidence.certificates.map(({ subject }) => subject), ["CN=somebody"])
      assert.deepStrictEqual(JSON.parse(JSON.stringify(evidence)), evidence)
    }))

  it.effect("is bounded, however much a peer sends", () =>
    Effect.gen(function*() {
      const self = yield* make({ names: Array.from({ length: 500 }, (_, at) => dns(`a${at}.example`)) })
      const facts = Proof.facts(self.certificate, undefined)
      const reasons = Array.from({ length: 10_000 }, (_, at) =>
        Proof.all({ _tag: "Certificate", ...facts, serial: String(at) }, "x".repeat(5000), []))
      let proof = Proof.all({ _tag: "Verdict" }, "so it is", reasons)
      for (let depth = 0; depth < 100; depth++) {
        proof = Proof.any({ _tag: "Verdict" }, "deeper", [proof])
      }
      const wide = yield* Evidence.of(Proof.all({ _tag: "Verdict" }, "wide", reasons), [], "jid")
      assert.lengthOf(all(wide.proof), Evidence.claimsMax)
      assert.lengthOf(wide.certificates, 2 * Evidence.certificatesMax)
      const deep = yield* Evidence.of(
        proof,
        Array.from({ length: 1000 }, () =>
          self.der),
        "jid"
      )
      assert.isBelow(all(deep.proof).length, 50)
      assert.lengthOf(deep.certificates, Evidence.certificatesMax)
      assert.lengthOf(deep.certificates[0]?.names ?? [], 64)
      assert.isBelow(JSON.stringify(wide).length, 600_000)
    }))
})
