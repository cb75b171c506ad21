/**
 * Makes certificates and requests with `@peculiar/x509` (RFC 5280 §4.1, RFC 2986). What stands in them is said in
 * `Identity.ts` and `Authority.ts`.
 *
 * The library and the decorators that it needs first are loaded here alone, and only when something is made: whoever judges
 * a peer, or starts the command, does not wait for them.
 *
 * @internal
 */
import type * as X509 from "@peculiar/x509"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import type { Extension } from "../Extensions.ts"
import type * as PublicKey from "../PublicKey.ts"
import { owned } from "./bytes.ts"
import type { CryptoFailure, Loaded } from "./keys.ts"
import * as oids from "./oids.ts"

/** A Common Name, or the DER of a whole name. */
export type Name = string | Uint8Array

export interface Subject {
  readonly name: Name
  readonly publicKey: PublicKey.PublicKey
  readonly holder: Peer | Authority | Renewed
}

export interface Peer {
  readonly _tag: "Peer"
  /** GeneralNames, DER. */
  readonly names: Uint8Array
  readonly isCritical: boolean
}

export interface Authority {
  readonly _tag: "Authority"
  readonly pathLengthMax?: number
}

/** Whoever had a certificate before: its extensions stay, octet by octet. */
export interface Renewed {
  readonly _tag: "Renewed"
  readonly extensions: ReadonlyArray<Extension>
}

/** Absent key: a certificate signed by itself, which need not say whose key signed it. */
export interface Issuer {
  readonly name: Name
  readonly publicKey?: PublicKey.PublicKey
  readonly keys: Loaded
}

export interface Period {
  /** Milliseconds since 1970; of both, the second counts. */
  readonly notBefore: number
  readonly notAfter: number
}

/** DER. */
export const certificate = (
  subject: Subject,
  issuer: Issuer,
  { notAfter, notBefore }: Period
): Effect.Effect<Uint8Array, CryptoFailure> =>
  made(async (x509) => {
    const { platform, privateKey } = signingWith(issuer.keys)
    return x509.X509CertificateGenerator.create({
      serialNumber: randomSerial(),
      subject: nameOf(x509, subject.name),
      issuer: nameOf(x509, issuer.name),
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      publicKey: owned(subject.publicKey.spki),
      signingKey: privateKey,
      signingAlgorithm: issuer.keys.way,
      extensions: [
        ...extensionsOf(x509, subject.holder),
        ...subject.holder._tag === "Renewed" ? [] : await keyIdentifiers(x509, subject, issuer)
      ]
    }, platform)
  })

/** DER. */
export const request = (
  subject: Pick<Subject, "name" | "holder">,
  keys: Loaded
): Effect.Effect<Uint8Array, CryptoFailure> =>
  made((x509) => {
    const { platform, privateKey } = signingWith(keys)
    return x509.Pkcs10CertificateRequestGenerator.create({
      name: nameOf(x509, subject.name),
      keys: { privateKey, publicKey: keys.publicKey },
      signingAlgorithm: keys.way,
      extensions: extensionsOf(x509, subject.holder)
    }, platform)
  })

const library = Effect.promise(async () => {
  await import("reflect-metadata")
  return import("@peculiar/x509")
})

const made = (
  make: (x509: typeof X509) => Promise<{ readonly rawData: ArrayBuffer }>
): Effect.Effect<Uint8Array, CryptoFailure> =>
  Effect.flatMap(library, (x509) =>
    Effect.tryPromise({
      try: async () => new Uint8Array((await make(x509)).rawData),
      catch: (cause): CryptoFailure => ({ _tag: "CryptoFailure", cause })
    }))

/** RFC 5280 allows a Common Name 64 characters. */
const nameOf = (x509: typeof X509, name: Name): X509.Name => {
  if (typeof name !== "string") return new x509.Name(owned(name))
  const characters = [...name]
  const short = characters.length > 64 ? `${characters.slice(0, 63).join("")}…` : name
  return new x509.Name([{ CN: [{ utf8String: short }] }])
}

/**
 * The library knows Ed448 by a name that Web Crypto does not use. So it is shown a key with that name, and what it has
 * signed comes from the key itself.
 */
const signingWith = (
  { privateKey, way }: Loaded
): { readonly platform: Crypto; readonly privateKey: CryptoKey } => {
  if (way.name !== "Ed448") return { platform: crypto, privateKey }
  const named: CryptoKey = Object.create(privateKey, { algorithm: { value: { name: "EdDSA", namedCurve: "Ed448" } } })
  const subtle: SubtleCrypto = Object.create(crypto.subtle, {
    sign: { value: (_: unknown, __: unknown, data: ArrayBuffer) => crypto.subtle.sign(way, privateKey, data) },
    exportKey: { value: (format: "spki", key: CryptoKey) => crypto.subtle.exportKey(format, key) }
  })
  const platform: Crypto = Object.create(crypto, { subtle: { value: subtle } })
  return { platform, privateKey: named }
}

const extensionsOf = (x509: typeof X509, holder: Peer | Authority | Renewed): Array<X509.Extension> => {
  const { KeyUsageFlags } = x509
  if (holder._tag === "Renewed") {
    return holder.extensions.map(({ isCritical, oid, value }) => new x509.Extension(oid, isCritical, owned(value)))
  }
  if (holder._tag === "Authority") {
    return [
      new x509.BasicConstraintsExtension(true, holder.pathLengthMax, true),
      new x509.KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true)
    ]
  }
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    // CERT-57: whoever dials is the client, so a peer needs both.
    new x509.ExtendedKeyUsageExtension([oids.serverAuth, oids.clientAuth, oids.xmppAddr]),
    new x509.Extension(oids.subjectAltName, holder.isCritical, owned(holder.names))
  ]
}

const keyIdentifiers = async (
  x509: typeof X509,
  subject: Subject,
  issuer: Issuer
): Promise<ReadonlyArray<X509.Extension>> => [
  new x509.SubjectKeyIdentifierExtension(await identifierOf(subject.publicKey)),
  ...issuer.publicKey === undefined
    ? []
    : [new x509.AuthorityKeyIdentifierExtension(await identifierOf(issuer.publicKey))]
]

/** RFC 7093 §2: the first 160 bits of SHA-256, in hex. */
const identifierOf = async ({ octets }: PublicKey.PublicKey): Promise<string> =>
  Hex.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", owned(octets))).subarray(0, 20))

/** 126 bits of chance, positive (RFC 5280 §4.1.2.2), in hex. */
const randomSerial = (): string => {
  const octets = crypto.getRandomValues(new Uint8Array(16))
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40
  return Hex.encode(octets)
}
