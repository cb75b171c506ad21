import "reflect-metadata"
import { assert, describe, expect, it } from "@effect/vitest"
import { X509Certificate } from "@peculiar/x509"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Certificate from "../src/Certificate.ts"
import * as oids from "../src/internal/oids.ts"
import * as PresentedNames from "../src/PresentedNames.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, commonName, dns, make, makeUnreadable, names, now, usage, xmppAddr, year } from "./making.ts"

const ruleOf = (der: Uint8Array): string =>
  Result.match(Certificate.decode(der), { onFailure: ({ rule }) => rule, onSuccess: () => "ok" })

const wrapped = (...extensions: ReadonlyArray<Uint8Array>) =>
  makeUnreadable(Encode.explicit(3, Encode.sequence(...extensions)))

describe("reading", () => {
  it.effect("CERT-30 reads what another library reads", () =>
    Effect.gen(function*() {
      const root = yield* authority("Harbor Root", { pathLengthMax: 3 })
      const { certificate, der } = yield* make({
        issuer: root,
        subject: commonName("nadia"),
        names: [xmppAddr("a@b"), dns("c.d")],
        keyUsage: usage(0, 2)
      })
      const other = new X509Certificate(new Uint8Array(der))
      // The other library leaves out the octet that keeps the number positive.
      assert.strictEqual(BigInt(`0x${certificate.serial}`), BigInt(`0x${other.serialNumber}`))
      assert.strictEqual(certificate.notBefore, other.notBefore.getTime())
      assert.strictEqual(certificate.notAfter, other.notAfter.getTime())
      assert.strictEqual(certificate.subject.text, other.subject)
      assert.strictEqual(certificate.issuer.text, other.issuer)
      assert.deepStrictEqual(certificate.publicKey.spki, new Uint8Array(other.publicKey.rawData))
      assert.deepStrictEqual(certificate.signature, certificate.der.subarray(-certificate.signature.length))
      assert.deepStrictEqual(certificate.extensions.all.map(({ oid }) => oid), other.extensions.map(({ type }) => type))
      assert.isTrue(
        yield* Effect.promise(() =>
          other.verify({ publicKey: new X509Certificate(new Uint8Array(root.der)).publicKey, signatureOnly: true })
        )
      )
    }))

  it.effect("CERT-45 self-issued is a matter of names", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      assert.isTrue(Certificate.isSelfIssued(root.certificate))
      const { certificate } = yield* make({ issuer: root })
      assert.isFalse(Certificate.isSelfIssued(certificate))
      assert.isTrue(Certificate.isSame(certificate, certificate))
      assert.isFalse(Certificate.isSame(certificate, root.certificate))
    }))

  it.effect("T48 CERT-20 dates reach from 1950 to 9999", () =>
    Effect.gen(function*() {
      const { certificate } = yield* make({
        notBefore: Date.UTC(1950, 0, 1),
        notAfter: Date.UTC(9999, 11, 31, 23, 59, 59)
      })
      assert.strictEqual(certificate.notBefore, Date.UTC(1950, 0, 1))
      assert.strictEqual(certificate.notAfter, Date.UTC(9999, 11, 31, 23, 59, 59))
    }))
})

describe("T26 malformed", () => {
  const names26 = Encode.sequence(xmppAddr("mira@tansy"))
  const san = (content: Uint8Array) => Fabricating.extension(oids.subjectAltName, false, content)
  const broken = (at: number, octet: number): Uint8Array => names26.map((each, index) => index === at ? octet : each)
  it.effect.each(
    [
      ["CERT-20", "a subjectAltName that lacks its last byte", wrapped(san(names26.subarray(0, -1)))],
      ["CERT-20", "a length byte that is too large", wrapped(san(broken(3, 0x19)))],
      ["CERT-21", "an indefinite length", wrapped(san(broken(1, 0x80)))],
      ["CERT-20", "bytes after the names", wrapped(san(Uint8Array.from([...names26, 0])))],
      ["CERT-20", "an empty subjectAltName", wrapped(san(Encode.sequence()))],
      ["CERT-22", "a subjectAltName twice", wrapped(names([dns("a.b")]), names([dns("a.b")]))],
      ["CERT-20", "no extension in the extensions", wrapped()],
      ["CERT-20", "fields that no certificate has", makeUnreadable(Encode.explicit(4, Encode.sequence()))],
      [
        "CERT-20",
        "an extension of four parts",
        wrapped(Encode.sequence(Encode.oid("1.2.3"), Encode.boolean(true), Encode.nothing(), Encode.nothing()))
      ],
      [
        "CERT-21",
        "a critical mark of 01",
        wrapped(Encode.sequence(Encode.oid("1.2.3"), Encode.value(1, Uint8Array.of(1)), Encode.octetString(names26)))
      ],
      ["CERT-20", "an empty extKeyUsage", wrapped(Fabricating.extension(oids.extKeyUsage, false, Encode.sequence()))]
    ] as const
  )("%s %s", ([rule, , made]) => Effect.map(made, (der) => assert.strictEqual(ruleOf(der), rule)))

  it.effect("CERT-20 the two signature algorithms must be the same", () =>
    Effect.gen(function*() {
      const { der } = yield* make()
      const outer = Buffer.from(der).lastIndexOf(Encode.oid(oids.ecdsaWithSha256))
      const changed = Uint8Array.from(der)
      changed.set(Encode.oid(oids.ecdsaWithSha384), outer)
      assert.strictEqual(ruleOf(der), "ok")
      assert.strictEqual(ruleOf(changed), "CERT-20")
    }))
})

describe("hostile bytes", () => {
  it("CERT-23 any bytes are answered", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (input) => {
      expect(ruleOf(input)).toMatch(/^CERT-2\d$/)
    }))
  })

  it.effect("CERT-23 a changed certificate is answered, and what is still readable presents readable names", () =>
    Effect.gen(function*() {
      const { der } = yield* make({
        names: [xmppAddr("mira@tansy"), dns("*.pumps.example")],
        isCa: true,
        pathLengthMax: 2,
        notBefore: now - year
      })
      const change = fc.record({
        at: fc.nat(der.length - 1),
        octet: fc.nat(255),
        kind: fc.constantFrom("set", "drop", "insert")
      })
      let readable = 0
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
          const changed = [...der]
          for (const { at, kind, octet } of changes) {
            changed.splice(at, kind === "insert" ? 0 : 1, ...kind === "drop" ? [] : [octet])
          }
          const read = Certificate.decode(Uint8Array.from(changed))
          if (Result.isFailure(read)) return
          readable += 1
          for (const naming of ["jid", "linkLocal"] as const) {
            expect(PresentedNames.read(read.success, naming).dns.every((each) => /^[a-z0-9_*.-]+$/.test(each))).toBe(
              true
            )
          }
        }),
        { numRuns: 1000 }
      )
      assert.isAbove(readable, 50)
    }))

  it("CERT-23 a certificate of more than a megabyte is not looked at", () => {
    expect(ruleOf(Encode.sequence(new Uint8Array(1 << 20)))).toBe("CERT-20")
  })
})
