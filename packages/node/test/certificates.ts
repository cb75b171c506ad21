/**
 * Certificates for tests, as DER written by hand: also the ones that no tool makes. Independent of
 * `@xmpp-e2e/certificates`, so that the two cannot be wrong together.
 */
import * as Redacted from "effect/Redacted"
import * as Crypto from "node:crypto"
import type { Shown } from "../../transport/test/contract/fixture.ts"

export interface Keys {
  readonly publicKey: Crypto.KeyObject
  readonly privateKey: Crypto.KeyObject
}

export interface Made {
  readonly der: Uint8Array
  readonly pem: string
  readonly name: string
  readonly keys: Keys
  readonly keyPem: string
}

export interface Options {
  readonly name: string
  readonly issuer?: Made
  readonly authority?: boolean
  readonly algorithm?: "p256" | "ed25519" | "rsa"
  /** Of any kind, when somebody else signs. */
  readonly keys?: Keys
  /** Version 1 has no extensions. */
  readonly version?: 1
  /** A whole Name, DER, in place of one common name. */
  readonly subject?: Uint8Array
  /** The whole Extensions value, in place of basicConstraints and a subject alternative name. */
  readonly extensions?: Uint8Array
  /** Content octets of the serial number. */
  readonly serial?: Uint8Array
  /** UTCTime text, `YYMMDDHHMMSSZ`. */
  readonly notAfter?: string
}

/** X.509 v3, RFC 5280 §4.1. */
export const make = (options: Options): Made => {
  const keys = options.keys ?? generate(options.algorithm ?? "p256")
  const issuer = options.issuer?.keys ?? keys
  const algorithm = signatureAlgorithm(issuer.privateKey)
  const tbs = sequence(
    ...(options.version === 1 ? [] : [tlv(0xa0, integer(Uint8Array.of(2)))]),
    integer(options.serial ?? Crypto.randomBytes(8).fill(1, 0, 1)),
    algorithm,
    commonName(options.issuer?.name ?? options.name),
    sequence(tlv(0x17, ascii("250101000000Z")), tlv(0x17, ascii(options.notAfter ?? "480101000000Z"))),
    options.subject ?? commonName(options.name),
    keys.publicKey.export({ type: "spki", format: "der" }),
    ...(options.version === 1 ? [] : [tlv(0xa3, options.extensions ?? extensions(options))])
  )
  const signature = Crypto.sign(
    issuer.privateKey.asymmetricKeyType === "ed25519" ? null : "sha256",
    tbs,
    issuer.privateKey
  )
  const der = sequence(tbs, algorithm, tlv(0x03, Uint8Array.of(0), signature))
  return {
    der,
    pem: toPem(der),
    name: options.name,
    keys,
    keyPem: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString()
  }
}

/** What a connection is given, and what its peer should see. The first certificate owns the key. */
export const show = (first: Made, ...others: ReadonlyArray<Made>): Shown => ({
  identity: {
    certificates: [first, ...others].map((made) => made.pem).join(""),
    privateKey: Redacted.make(first.keyPem)
  },
  chain: [first, ...others].map((made) => made.der)
})

/** End entity, intermediate, root. */
export const three = (name: string): readonly [Made, Made, Made] => {
  const root = make({ name: "the root of Verona", authority: true })
  const middle = make({ name: "an intermediate of Verona", authority: true, issuer: root })
  return [make({ name, issuer: middle }), middle, root]
}

const generate = (algorithm: "p256" | "ed25519" | "rsa"): Keys => {
  if (algorithm === "ed25519") return Crypto.generateKeyPairSync("ed25519")
  if (algorithm === "rsa") return Crypto.generateKeyPairSync("rsa", { modulusLength: 2048 })
  return Crypto.generateKeyPairSync("ec", { namedCurve: "P-256" })
}

const signatureAlgorithm = (key: Crypto.KeyObject): Uint8Array => {
  if (key.asymmetricKeyType === "ed25519") return sequence(tlv(0x06, hex("2b6570")))
  if (key.asymmetricKeyType === "rsa") return sequence(tlv(0x06, hex("2a864886f70d01010b")), tlv(0x05))
  return sequence(tlv(0x06, hex("2a8648ce3d040302")))
}

const extensions = (options: Options): Uint8Array =>
  sequence(
    sequence(
      tlv(0x06, hex("551d13")),
      tlv(0x01, Uint8Array.of(0xff)),
      tlv(0x04, sequence(...(options.authority === true ? [tlv(0x01, Uint8Array.of(0xff))] : [])))
    ),
    sequence(tlv(0x06, hex("551d11")), tlv(0x04, sequence(tlv(0x82, ascii(options.name.replaceAll(" ", "-"))))))
  )

const commonName = (name: string): Uint8Array =>
  sequence(tlv(0x31, sequence(tlv(0x06, hex("550403")), tlv(0x0c, new TextEncoder().encode(name)))))

export const tlv = (tag: number, ...contents: ReadonlyArray<Uint8Array>): Uint8Array => {
  const content = Buffer.concat(contents)
  const length = content.length < 128
    ? Uint8Array.of(content.length)
    : content.length < 256
    ? Uint8Array.of(0x81, content.length)
    : Uint8Array.of(0x82, content.length >> 8, content.length & 255)
  return Buffer.concat([Uint8Array.of(tag), length, content])
}

export const sequence = (...contents: ReadonlyArray<Uint8Array>): Uint8Array => tlv(0x30, ...contents)
export const hex = (text: string): Uint8Array => Buffer.from(text, "hex")
const integer = (octets: Uint8Array): Uint8Array => tlv(0x02, octets)
const ascii = (text: string): Uint8Array => Buffer.from(text, "latin1")
const toPem = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${
    Buffer.from(der).toString("base64").replace(/(.{64})/g, "$1\n").trimEnd()
  }\n-----END CERTIFICATE-----\n`
