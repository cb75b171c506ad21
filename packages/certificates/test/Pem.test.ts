import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import * as Pem from "../src/Pem.ts"

describe("PEM", () => {
  it("CERT-92 what is written is read, whatever stands between the blocks", () => {
    const noise = fc.string().filter((each) => !each.includes("-----"))
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        noise,
        fc.constantFrom("\n", "\r\n", "\r"),
        (der, text, ending) => {
          const block = Pem.encode("CERTIFICATE", der)
          const blocks = Pem.decode([text, block.replaceAll("\n", ending), text, block].join(ending))
          expect(blocks).toEqual([1, 2].map(() => ({ label: "CERTIFICATE", der, isEncrypted: false })))
        }
      )
    )
  })

  it("CERT-23 any text is answered", () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom("-----BEGIN A-----", "-----END A-----", "-----BEGIN CERTIFICATE-----", "AAAA", "=", "a: b")
    )
    fc.assert(fc.property(fc.array(line), (lines) => {
      expect(Array.isArray(Pem.decode(lines.join("\n")))).toBe(true)
    }))
  })

  it("CERT-20 a block that is not base64, or empty, has no content", () => {
    const block = (body: string) => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`
    expect([block("!!!"), block(""), block("AAA")].map((each) => Pem.certificates(each))).toEqual([[undefined], [
      undefined
    ], [undefined]])
    expect(Pem.decode(block("AAAA").replace("END CERTIFICATE", "END OTHER"))).toEqual([])
    expect(Pem.decode("-----BEGIN CERTIFICATE-----\nAAAA")).toEqual([])
  })

  it("CERT-80 an encrypted key is known as one, in both ways of saying so", () => {
    const modern = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----"
    const old =
      "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----"
    expect([modern, old].map((each) => Pem.decode(each)[0]?.isEncrypted)).toEqual([true, true])
    expect([modern, old].map((each) => Pem.decode(each)[0]?.der)).toEqual([Uint8Array.of(0, 0, 0), undefined])
  })

  it("CERT-40 certificates keep their order, other blocks do not count", () => {
    const text = ["CERTIFICATE", "PRIVATE KEY", "X509 CERTIFICATE"].map((each, at) =>
      Pem.encode(each, Uint8Array.of(at))
    ).join("text\n")
    expect(Pem.certificates(text)).toEqual([Uint8Array.of(0), Uint8Array.of(2)])
  })
})
