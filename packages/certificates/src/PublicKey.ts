/**
 * Public keys: what kind they are and whether they are strong enough (CERT-38). Verifying with them is the business of
 * `Signature.ts`.
 *
 * RFC 3279 §2.3, RFC 5480, RFC 8410.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import * as oids from "./internal/oids.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface PublicKey {
  /** The SubjectPublicKeyInfo, DER as received. */
  readonly spki: Uint8Array
  readonly kind: Kind
  /** For people: `RSA 2048`, `P-256`, `Ed25519`. */
  readonly text: string
  /** The DER of the AlgorithmIdentifier. */
  readonly algorithm: Uint8Array
  /** What the BIT STRING holds. */
  readonly octets: Uint8Array
}

/**
 * `rsaPss` is an RSA key that is for RSASSA-PSS alone. `bits` is 0 when modulus or exponent cannot be those of a key.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind =
  | { readonly _tag: "rsa" | "rsaPss"; readonly bits: number }
  | { readonly _tag: "ec"; readonly curve: Curve }
  | { readonly _tag: "edwards"; readonly name: "Ed25519" | "Ed448" }
  | { readonly _tag: "unknown"; readonly oid: string }

/**
 * As Web Crypto calls them.
 *
 * @since 0.1.0
 * @category models
 */
export type Curve = "P-256" | "P-384" | "P-521"

/**
 * @since 0.1.0
 * @category decoding
 */
export const read = (value: Der.Value | undefined): Der.Read<PublicKey> =>
  Result.gen(function*() {
    const [algorithm, key, ...more] = yield* Der.sequence(value, "the public key")
    const [type, parameters, ...rest] = yield* Der.sequence(algorithm, "the algorithm of the public key")
    const oid = yield* Der.oid(type, "the algorithm of the public key")
    const octets = yield* Der.bitOctets(key, "the public key")
    if (more.length + rest.length > 0) return yield* Der.wrong("CERT-20", "the public key has another shape")
    const kind = yield* readKind(oid, parameters, octets)
    return {
      spki: value?.raw ?? new Uint8Array(),
      kind,
      text: textOf(kind),
      algorithm: algorithm?.raw ?? new Uint8Array(),
      octets
    }
  })

/**
 * CERT-38. RSA has an upper bound too, so that a peer cannot make us compute for minutes.
 *
 * @since 0.1.0
 * @category guards
 */
export const isStrong = ({ kind }: PublicKey): boolean => {
  switch (kind._tag) {
    case "rsa":
    case "rsaPss":
      return kind.bits >= rsaBitsMin && kind.bits <= rsaBitsMax
    case "ec":
    case "edwards":
      return true
    case "unknown":
      return false
  }
}

const readKind = (oid: string, parameters: Der.Value | undefined, octets: Uint8Array): Der.Read<Kind> =>
  Result.gen(function*() {
    if (oid === oids.rsaEncryption || oid === oids.rsassaPss) {
      const [modulus, exponent] = yield* Der.sequence(yield* Der.decode(octets), "the RSA key")
      const isSound = isExponent(yield* Der.integer(exponent, "the RSA exponent"))
      const bits = isSound ? bitLength(yield* Der.integer(modulus, "the RSA modulus")) : 0
      return { _tag: oid === oids.rsaEncryption ? "rsa" as const : "rsaPss" as const, bits }
    }
    if (oid === oids.ed25519) return { _tag: "edwards" as const, name: "Ed25519" as const }
    if (oid === oids.ed448) return { _tag: "edwards" as const, name: "Ed448" as const }
    if (oid !== oids.ecPublicKey) return { _tag: "unknown" as const, oid }
    // Curves by parameters instead of by name are not read: RFC 5480 §2.1.1 forbids them.
    const named = parameters?.tag === Der.tags.oid ? yield* Der.oid(parameters, "the curve") : undefined
    const curve = named === undefined ? undefined : curves.get(named)
    return curve === undefined ? { _tag: "unknown" as const, oid: named ?? oid } : { _tag: "ec" as const, curve }
  })

/** An exponent of 1 would let everybody sign; one of thousands of bits would keep whoever verifies busy. */
const isExponent = (octets: Uint8Array): boolean =>
  (octets[0] ?? 0x80) < 0x80 && ((octets.at(-1) ?? 0) & 1) === 1 && (octets.length > 1 || octets[0] !== 1)
  && octets.length <= exponentOctetsMax

/** Zero for a number that is not positive. */
const bitLength = (octets: Uint8Array): number => {
  if ((octets[0] ?? 0x80) >= 0x80) return 0
  const first = octets.findIndex((each) => each !== 0)
  return first < 0 ? 0 : (octets.length - first) * 8 - Math.clz32(octets[first] ?? 0) + 24
}

const textOf = (kind: Kind): string => {
  switch (kind._tag) {
    case "rsa":
    case "rsaPss":
      return kind.bits === 0 ? "an RSA key of numbers that make none" : `RSA ${kind.bits}`
    case "ec":
      return kind.curve
    case "edwards":
      return kind.name
    case "unknown":
      return `a key of the unknown kind ${kind.oid}`
  }
}

const curves = new Map<string, Curve>([
  ["1.2.840.10045.3.1.7", "P-256"],
  ["1.3.132.0.34", "P-384"],
  ["1.3.132.0.35", "P-521"]
])
const exponentOctetsMax = 9
const rsaBitsMin = 2048
const rsaBitsMax = 16384
