/**
 * What all contenders are given: DER of a leaf, the authority that issued it, and the anchor above. Made with
 * `@peculiar/x509`, fresh in each run.
 */
import "reflect-metadata"
import * as X509 from "@peculiar/x509"
import type { webcrypto } from "node:crypto"

export interface Chain {
  readonly leaf: Uint8Array<ArrayBuffer>
  readonly intermediate: Uint8Array<ArrayBuffer>
  readonly anchor: Uint8Array<ArrayBuffer>
  /** Milliseconds since 1970; all three are valid then. */
  readonly now: number
}

export type Kind = "ECDSA P-256" | "RSA-2048"

export const kinds: ReadonlyArray<Kind> = ["ECDSA P-256", "RSA-2048"]

export const makeChain = async (kind: Kind): Promise<Chain> => {
  const algorithm = algorithms[kind]
  const [anchorKeys, intermediateKeys, leafKeys] = await Promise.all([pair(kind), pair(kind), pair(kind)])
  const anchor = await X509.X509CertificateGenerator.createSelfSigned({
    ...common("01"),
    name: "CN=Anchor",
    keys: anchorKeys,
    signingAlgorithm: algorithm,
    extensions: await extensionsOf(anchorKeys, anchorKeys, true)
  })
  const intermediate = await X509.X509CertificateGenerator.create({
    ...common("02"),
    subject: "CN=Intermediate",
    issuer: anchor.subject,
    publicKey: intermediateKeys.publicKey,
    signingKey: anchorKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: await extensionsOf(intermediateKeys, anchorKeys, true)
  })
  const leaf = await X509.X509CertificateGenerator.create({
    ...common("03"),
    subject: "CN=peer.pumps.example",
    issuer: intermediate.subject,
    publicKey: leafKeys.publicKey,
    signingKey: intermediateKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...await extensionsOf(leafKeys, intermediateKeys, false),
      new X509.SubjectAlternativeNameExtension([{ type: "dns", value: "peer.pumps.example" }]),
      new X509.ExtendedKeyUsageExtension([X509.ExtendedKeyUsage.serverAuth, X509.ExtendedKeyUsage.clientAuth])
    ]
  })
  return { leaf: der(leaf), intermediate: der(intermediate), anchor: der(anchor), now }
}

const der = ({ rawData }: X509.X509Certificate): Uint8Array<ArrayBuffer> => new Uint8Array(rawData)

const common = (serialNumber: string) => ({
  serialNumber,
  notBefore: new Date(now - year),
  notAfter: new Date(now + year)
})

const extensionsOf = async (
  own: webcrypto.CryptoKeyPair,
  issuer: webcrypto.CryptoKeyPair,
  isAuthority: boolean
): Promise<Array<X509.Extension>> => [
  new X509.BasicConstraintsExtension(isAuthority, undefined, true),
  new X509.KeyUsagesExtension(
    isAuthority ? X509.KeyUsageFlags.keyCertSign | X509.KeyUsageFlags.cRLSign : X509.KeyUsageFlags.digitalSignature,
    true
  ),
  await X509.SubjectKeyIdentifierExtension.create(own.publicKey),
  await X509.AuthorityKeyIdentifierExtension.create(issuer.publicKey)
]

const pair = async (kind: Kind): Promise<webcrypto.CryptoKeyPair> => {
  const made = await crypto.subtle.generateKey(algorithms[kind], true, ["sign", "verify"])
  return "privateKey" in made ? made : Promise.reject(new Error("a pair of keys was asked for"))
}

const algorithms = {
  "ECDSA P-256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" },
  "RSA-2048": {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1)
  }
} as const

const now = Date.UTC(2026, 0, 15, 12)
const year = 365 * 86_400_000
