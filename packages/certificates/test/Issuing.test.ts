/** The worked examples of certificates §3, octet by octet, and what the library makes of them. */
import { assert, describe, expect, it } from "@effect/vitest"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Authority from "../src/Authority.ts"
import * as Identity from "../src/Identity.ts"
import { alternativeNames } from "../src/internal/names.ts"
import * as oids from "../src/internal/oids.ts"
import * as Pem from "../src/Pem.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { bytes, dns, judge, make, srvName, xmppAddr } from "./making.ts"

const address = (text: string): Address.Address => {
  const read = Address.parse(text, "jid")
  if (read === undefined) throw new Error(`${text} is no address`)
  return read
}

const extension = (names: Uint8Array): Uint8Array => Fabricating.extension(oids.subjectAltName, false, names)

/** First in this file: once loaded, the library stays. */
it.effect("CERT-104 who reads an identity and judges a peer does not wait for the library that makes them", () =>
  Effect.gen(function*() {
    const isLoaded = () => "defineMetadata" in Reflect
    const shown = yield* make({ names: [xmppAddr("mira@tansy")] })
    const identity = yield* Identity.fromPem({
      certificates: Pem.encode("CERTIFICATE", shown.der),
      privateKey: Pem.encode("PRIVATE KEY", shown.pair.pkcs8)
    })
    const verdict = yield* judge({
      chain: [shown],
      expected: "mira@tansy",
      trust: { fingerprints: [identity.fingerprint] }
    })
    assert.deepStrictEqual([verdict.code, isLoaded()], ["pinned", false])
    yield* Authority.create({ name: "Root", algorithm: "ed25519", days: 1 })
    assert.isTrue(isLoaded())
  }))

describe("names", () => {
  it("CERT-62 example A: the extension for mira@tansy", () => {
    expect(extension(alternativeNames([address("mira@tansy")]))).toEqual(bytes(`
      30 23 06 03 55 1D 11 04 1C 30 1A A0 18 06 08 2B 06 01 05 05 07 08 05
      A0 0C 0C 0A 6D 69 72 61 40 74 61 6E 73 79`))
  })

  it("CERT-60 example B: an SRVName", () => {
    expect(srvName("_xmpp-server.pumps.example")).toEqual(bytes(`
      A0 28 06 08 2B 06 01 05 05 07 08 07 A0 1C 16 1A
      5F 78 6D 70 70 2D 73 65 72 76 65 72 2E 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65`))
  })

  it("CERT-60 example C: a service with four names", () => {
    const four = [
      srvName("_xmpp-server.pumps.example"),
      dns("pumps.example"),
      dns("*.pumps.example"),
      xmppAddr("pumps.example")
    ]
    const general = Encode.sequence(...four)
    expect(general).toHaveLength(105)
    expect(general).toEqual(bytes(`
      30 67
      A0 28 06 08 2B 06 01 05 05 07 08 07 A0 1C 16 1A 5F 78 6D 70 70 2D 73 65 72 76 65 72
      2E 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65
      82 0D 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65
      82 0F 2A 2E 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65
      A0 1B 06 08 2B 06 01 05 05 07 08 05 A0 0F 0C 0D 70 75 6D 70 73 2E 65 78 61 6D 70 6C 65`))
    expect(extension(general).subarray(0, 9)).toEqual(bytes("30 70 06 03 55 1D 11 04 69"))
  })

  it("CERT-62 example D: letters beyond ASCII, lengths over 127", () => {
    expect(xmppAddr("zoë@tansy")).toEqual(
      bytes("A0 18 06 08 2B 06 01 05 05 07 08 05 A0 0C 0C 0A 7A 6F C3 AB 40 74 61 6E 73 79")
    )
    const long = xmppAddr(`${"a".repeat(120)}@tansy.example`)
    expect(long).toHaveLength(153)
    expect(long.subarray(0, 22)).toEqual(bytes("A0 81 96 06 08 2B 06 01 05 05 07 08 05 A0 81 89 0C 81 86 61 61 61"))
  })

  it("CERT-60 a mere domain gets the names of a service", () => {
    const names = [
      srvName("_xmpp-client.xn--bro-hoa.example"),
      srvName("_xmpp-server.xn--bro-hoa.example"),
      dns("xn--bro-hoa.example")
    ]
    expect(alternativeNames([address("büro.example")])).toEqual(
      Encode.sequence(...names, xmppAddr("büro.example"))
    )
  })
})

describe("certificates", () => {
  const root = Authority.create({ name: "Root", algorithm: "ed25519", days: 1 })
  const authorityWith = (pathLengthMax: number) =>
    Authority.create({ name: "Root", algorithm: "ed25519", days: 1, pathLengthMax })
  const peer = root.pipe(
    Effect.flatMap((authority) =>
      Authority.issue(authority, { address: "mira@tansy", naming: "jid", algorithm: "ed25519", days: 1 })
    ),
    Effect.map(({ certificatePem }) => certificatePem)
  )
  const authorityPem = ({ certificatePem }: Authority.Authority) => certificatePem

  const examples: ReadonlyArray<readonly [string, Effect.Effect<string, Identity.IdentityError>, string]> = [
    ["CERT-55 keyUsage of a peer", peer, "30 0E 06 03 55 1D 0F 01 01 FF 04 04 03 02 07 80"],
    ["CERT-81 basicConstraints of a peer", peer, "30 0C 06 03 55 1D 13 01 01 FF 04 02 30 00"],
    [
      "CERT-57 extKeyUsage of a peer",
      peer,
      `30 27 06 03 55 1D 25 04 20 30 1E 06 08 2B 06 01 05 05 07 03 01 06 08 2B 06 01 05 05 07 03 02
       06 08 2B 06 01 05 05 07 08 05`
    ],
    [
      "CERT-62 the name of a peer",
      peer,
      `30 23 06 03 55 1D 11 04 1C 30 1A A0 18 06 08 2B 06 01 05 05 07 08 05
       A0 0C 0C 0A 6D 69 72 61 40 74 61 6E 73 79`
    ],
    [
      "CERT-33 keyUsage of an authority",
      Effect.map(root, authorityPem),
      "30 0E 06 03 55 1D 0F 01 01 FF 04 04 03 02 01 06"
    ],
    [
      "CERT-34 basicConstraints of an authority",
      Effect.map(root, authorityPem),
      "30 0F 06 03 55 1D 13 01 01 FF 04 05 30 03 01 01 FF"
    ],
    [
      "CERT-34 with a length of 0",
      Effect.map(authorityWith(0), authorityPem),
      "30 12 06 03 55 1D 13 01 01 FF 04 08 30 06 01 01 FF 02 01 00"
    ]
  ]

  it.effect.each(examples)("%s", ([, made, wanted]) =>
    Effect.gen(function*() {
      const der = Pem.certificates(yield* made)[0] ?? new Uint8Array()
      assert.isTrue(Buffer.from(der).includes(bytes(wanted)), Buffer.from(der).toString("hex"))
    }))
})
