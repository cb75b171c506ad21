/**
 * Signatures on certificates: by which algorithm, whether that is still believed (CERT-35), and whether the issuer's key
 * made it. The arithmetic is Web Crypto's.
 *
 * RFC 4055, RFC 5758, RFC 8410.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import { concat, owned } from "./internal/bytes.ts"
import { value } from "./internal/encode.ts"
import * as oids from "./internal/oids.ts"
import type * as PublicKey from "./PublicKey.ts"

/**
 * `hash` is as Web Crypto calls it. `weak`: MD5, SHA-1 and their kind.
 *
 * @since 0.1.0
 * @category models
 */
export type Scheme =
  | { readonly _tag: "rsa" | "ecdsa"; readonly hash: string }
  | { readonly _tag: "rsaPss"; readonly hash: string; readonly saltLength: number }
  | { readonly _tag: "edwards"; readonly name: "Ed25519" | "Ed448" }
  | { readonly _tag: "weak" | "unknown"; readonly oid: string }

/**
 * What was signed, and how.
 *
 * @since 0.1.0
 * @category models
 */
export interface Signed {
  readonly tbs: Uint8Array
  readonly signatureAlgorithm: Der.Value
  readonly signature: Uint8Array
}

/**
 * Reads an AlgorithmIdentifier. What cannot be read is `unknown`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const scheme = (algorithm: Der.Value): Scheme => {
  const [type, parameters, ...more] = algorithm.children
  const oid = Result.getOrElse(Der.oid(type, "the algorithm"), () => "?")
  const unknown: Scheme = { _tag: "unknown", oid }
  if (more.length > 0) return unknown
  if (oid === oids.rsassaPss) return readPss(parameters) ?? unknown
  const known = schemes.get(oid)
  if (known === undefined) return weakOids.has(oid) ? { _tag: "weak", oid } : unknown
  // RFC 4055 §5 wants NULL for RSA; the others have no parameters.
  const isPlain = parameters === undefined ||
    (known._tag === "rsa" && parameters.tag === Der.tags.null && parameters.content.length === 0)
  return isPlain ? known : unknown
}

/**
 * CERT-35: made with an algorithm that is not believed any more.
 *
 * @since 0.1.0
 * @category guards
 */
export const isWeak = (signed: Signed): boolean => scheme(signed.signatureAlgorithm)._tag === "weak"

/**
 * Whether the key made the signature. What the key cannot have made, what is weak or unknown, is not verified.
 *
 * @since 0.1.0
 * @category guards
 */
export const verify = (signed: Signed, key: PublicKey.PublicKey): Effect.Effect<boolean> => {
  const ways = waysOf(scheme(signed.signatureAlgorithm), key)
  const signature = ways?.size === undefined ? signed.signature : plainSignature(signed.signature, ways.size)
  if (ways === undefined || signature === undefined) return Effect.succeed(false)
  return Effect.tryPromise(async () => {
    const verifier = await crypto.subtle.importKey("spki", owned(ways.spki), ways.keyAlgorithm, false, ["verify"])
    return await crypto.subtle.verify(ways.algorithm, verifier, owned(signature), owned(signed.tbs))
  }).pipe(Effect.catch(() => Effect.succeed(false)))
}

/**
 * The same for a whole signed thing: SEQUENCE { what was signed, the algorithm, the signature }.
 *
 * @since 0.1.0
 * @category guards
 */
export const verifyWhole = (der: Uint8Array, key: PublicKey.PublicKey): Effect.Effect<boolean> => {
  const [tbs, signatureAlgorithm, bits, ...more] = Result.getOrUndefined(Der.decode(der))?.children ?? []
  const signature = Result.getOrUndefined(Der.bitOctets(bits, "the signature"))
  if (tbs === undefined || signatureAlgorithm === undefined || signature === undefined || more.length > 0) {
    return Effect.succeed(false)
  }
  return verify({ tbs: tbs.raw, signatureAlgorithm, signature }, key)
}

interface Ways {
  readonly spki: Uint8Array
  readonly keyAlgorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string }
  readonly algorithm: { readonly name: string; readonly hash?: string; readonly saltLength?: number }
  /** Octets of each of the two numbers of an ECDSA signature. */
  readonly size?: number
}

const waysOf = (how: Scheme, { algorithm, kind, octets, spki }: PublicKey.PublicKey): Ways | undefined => {
  switch (how._tag) {
    case "rsa": {
      const name = "RSASSA-PKCS1-v1_5"
      return kind._tag === "rsa" ? { spki, keyAlgorithm: { name, hash: how.hash }, algorithm: { name } } : undefined
    }
    case "rsaPss": {
      const name = "RSA-PSS"
      if (kind._tag !== "rsa" && (kind._tag !== "rsaPss" || !allowsPss(algorithm, how))) return undefined
      // Web Crypto reads such keys under the name of plain RSA only.
      const plain = value(Der.tags.sequence, plainRsa, value(Der.tags.bitString, Uint8Array.of(0), octets))
      return { spki: plain, keyAlgorithm: { name, hash: how.hash }, algorithm: { name, saltLength: how.saltLength } }
    }
    case "ecdsa": {
      if (kind._tag !== "ec") return undefined
      const size = { "P-256": 32, "P-384": 48, "P-521": 66 }[kind.curve]
      const name = "ECDSA"
      return { spki, keyAlgorithm: { name, namedCurve: kind.curve }, algorithm: { name, hash: how.hash }, size }
    }
    case "edwards": {
      const { name } = how
      return kind._tag === "edwards" && kind.name === name
        ? { spki, keyAlgorithm: { name }, algorithm: { name } }
        : undefined
    }
    case "weak":
    case "unknown":
      return undefined
  }
}

/** RFC 4055 §3.3: a key that names parameters is for these alone. */
const allowsPss = (algorithm: Uint8Array, how: { readonly hash: string; readonly saltLength: number }): boolean => {
  const parameters = Result.getOrUndefined(Der.decode(algorithm))?.children[1]
  if (parameters === undefined) return true
  const least = readPss(parameters)
  return least?._tag === "rsaPss" && least.hash === how.hash && least.saltLength <= how.saltLength
}

/** RFC 4055 §3.1. The defaults all mean SHA-1. */
const readPss = (parameters: Der.Value | undefined): Scheme | undefined => {
  if (parameters?.tag !== Der.tags.sequence) return undefined
  const field = (tag: number): Der.Value | undefined =>
    parameters.children.find((each) => each.tag === tag)?.children[0]
  const hash = hashOf(field(0xa0))
  const [mask, maskParameters] = field(0xa1)?.children ?? []
  const isMgf1 = Result.getOrUndefined(Der.oid(mask, "the mask")) === oids.mgf1
  const saltLength = Result.getOrUndefined(Der.smallInteger(field(0xa2), "the length of the salt"))
  const trailer = field(0xa3)
  if (hash === undefined) return { _tag: "weak", oid: oids.rsassaPss }
  if (!isMgf1 || hashOf(maskParameters) !== hash || saltLength === undefined || trailer !== undefined) return undefined
  return { _tag: "rsaPss", hash, saltLength }
}

const hashOf = (algorithm: Der.Value | undefined): string | undefined =>
  hashes.get(Result.getOrElse(Der.oid(algorithm?.children[0], "the hash"), () => ""))

/** SEQUENCE { r, s } to the two numbers side by side, as Web Crypto wants them. */
const plainSignature = (der: Uint8Array, size: number): Uint8Array | undefined => {
  const numbers = Result.getOrUndefined(
    Result.flatMap(Der.decode(der), (value) => Der.sequence(value, "the signature"))
  )
  if (numbers?.length !== 2) return undefined
  const parts = numbers.map((each) => plainNumber(each, size))
  const [r, s] = parts
  return r === undefined || s === undefined ? undefined : concat([r, s])
}

const plainNumber = (value: Der.Value, size: number): Uint8Array | undefined => {
  const octets = Result.getOrUndefined(Der.integer(value, "a number of the signature"))
  if (octets === undefined || (octets[0] ?? 0x80) >= 0x80) return undefined
  const digits = octets[0] === 0 ? octets.subarray(1) : octets
  return digits.length > size ? undefined : concat([new Uint8Array(size - digits.length), digits])
}

/** The AlgorithmIdentifier of rsaEncryption. */
const plainRsa = Uint8Array.of(0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0)
const schemes = new Map<string, Scheme>([
  [oids.sha256WithRsa, { _tag: "rsa", hash: "SHA-256" }],
  ["1.2.840.113549.1.1.12", { _tag: "rsa", hash: "SHA-384" }],
  ["1.2.840.113549.1.1.13", { _tag: "rsa", hash: "SHA-512" }],
  [oids.ecdsaWithSha256, { _tag: "ecdsa", hash: "SHA-256" }],
  [oids.ecdsaWithSha384, { _tag: "ecdsa", hash: "SHA-384" }],
  [oids.ecdsaWithSha512, { _tag: "ecdsa", hash: "SHA-512" }],
  [oids.ed25519, { _tag: "edwards", name: "Ed25519" }],
  [oids.ed448, { _tag: "edwards", name: "Ed448" }]
])
/** With RSA: MD2, MD5, SHA-1 (twice), SHA-224; with ECDSA: SHA-1, SHA-224; with DSA: SHA-1. */
const weakOids = new Set([
  "1.2.840.113549.1.1.2",
  "1.2.840.113549.1.1.4",
  "1.2.840.113549.1.1.5",
  "1.3.14.3.2.29",
  "1.2.840.113549.1.1.14",
  "1.2.840.10045.4.1",
  "1.2.840.10045.4.3.1",
  "1.2.840.10040.4.3"
])
const hashes = new Map([
  ["2.16.840.1.101.3.4.2.1", "SHA-256"],
  ["2.16.840.1.101.3.4.2.2", "SHA-384"],
  ["2.16.840.1.101.3.4.2.3", "SHA-512"]
])
