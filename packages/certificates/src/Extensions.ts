/**
 * The extensions of a certificate (RFC 5280 §4.2): all of them as they are, and the content of those that a judgement
 * needs. What they permit is decided in `Path.ts`.
 *
 * @since 0.1.0
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import * as oids from "./internal/oids.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Extension {
  readonly oid: string
  readonly isCritical: boolean
  /** DER of the content. */
  readonly value: Uint8Array
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Extensions {
  readonly all: ReadonlyArray<Extension>
  /** Critical ones that nobody here knows. */
  readonly unknownCritical: ReadonlyArray<string>
  readonly basicConstraints?: { readonly isCa: boolean; readonly pathLengthMax?: number }
  readonly keyUsage?: ReadonlyArray<KeyUsage>
  readonly extKeyUsage?: ReadonlyArray<string>
  readonly alternativeNames?: { readonly isCritical: boolean; readonly names: ReadonlyArray<Der.Value> }
  /** Hex. */
  readonly subjectKey?: string
  /** Hex. */
  readonly authorityKey?: string
  readonly constrainsNames: boolean
  /** How many more certificates may lack an acceptable policy. */
  readonly requireExplicitPolicy?: number
  readonly mapsAnyPolicy: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export type KeyUsage = (typeof keyUsages)[number]

/**
 * In the order of their bits.
 *
 * @since 0.1.0
 * @category constants
 */
export const keyUsages = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly"
] as const

/**
 * Of a certificate without extensions.
 *
 * @since 0.1.0
 * @category constants
 */
export const none: Extensions = { all: [], unknownCritical: [], constrainsNames: false, mapsAnyPolicy: false }

/**
 * Reads `Extensions`, a SEQUENCE of at least one. Content that is known and malformed makes the certificate malformed.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (value: Der.Value | undefined): Der.Read<Extensions> =>
  Result.gen(function*() {
    const all: Array<Extension> = []
    for (const each of yield* atLeastOne(value, "the extensions")) {
      const extension = yield* readOne(each)
      // CERT-22
      if (all.some(({ oid }) => oid === extension.oid)) {
        return yield* Der.wrong("CERT-22", `the extension ${extension.oid} occurs twice`)
      }
      all.push(extension)
    }
    let extensions: Extensions = {
      ...none,
      all,
      unknownCritical: all.flatMap(({ isCritical, oid }) => isCritical && !recognised.has(oid) ? [oid] : [])
    }
    for (const extension of all) {
      const reader = readers.get(extension.oid)
      if (reader === undefined) continue
      extensions = { ...extensions, ...yield* reader(yield* Der.decode(extension.value), extension.isCritical) }
    }
    return extensions
  })

const readOne = (value: Der.Value): Der.Read<Extension> =>
  Result.gen(function*() {
    const parts = yield* Der.sequence(value, "an extension")
    const oid = yield* Der.oid(parts[0], "the type of an extension")
    const isCritical = parts.length === 3 && (yield* Der.boolean(parts[1], `the critical mark of ${oid}`))
    const { content } = yield* Der.expect(
      parts[parts.length === 3 ? 2 : 1],
      Der.tags.octetString,
      `the extension ${oid}`
    )
    return parts.length > 3
      ? yield* Der.wrong("CERT-20", `the extension ${oid} has another shape`)
      : { oid, isCritical, value: content }
  })

type Reader = (value: Der.Value, isCritical: boolean) => Der.Read<Partial<Extensions>>

const readBasicConstraints: Reader = (value) =>
  Result.gen(function*() {
    const parts = yield* Der.sequence(value, "basicConstraints")
    const hasCa = parts[0]?.tag === Der.tags.boolean
    const isCa = hasCa && (yield* Der.boolean(parts[0], "cA"))
    const [length, ...more] = hasCa ? parts.slice(1) : parts
    if (more.length > 0) return yield* Der.wrong("CERT-20", "basicConstraints has another shape")
    if (length === undefined) return { basicConstraints: { isCa } }
    return { basicConstraints: { isCa, pathLengthMax: yield* Der.smallInteger(length, "pathLenConstraint") } }
  })

const readKeyUsage: Reader = (value) =>
  Result.map(Der.bits(value, "keyUsage"), ({ octets }) => ({
    keyUsage: keyUsages.filter((_, at) => ((octets[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0)
  }))

const readExtKeyUsage: Reader = (value) =>
  Result.gen(function*() {
    const purposes: Array<string> = []
    for (const each of yield* atLeastOne(value, "extKeyUsage")) purposes.push(yield* Der.oid(each, "a purpose"))
    return { extKeyUsage: purposes }
  })

const readAlternativeNames: Reader = (value, isCritical) =>
  Result.map(atLeastOne(value, "subjectAltName"), (names) => ({ alternativeNames: { isCritical, names } }))

const readSubjectKey: Reader = (value) =>
  Result.map(Der.expect(value, Der.tags.octetString, "the subject key identifier"), ({ content }) => ({
    subjectKey: Hex.encode(content)
  }))

const readAuthorityKey: Reader = (value) =>
  Result.map(Der.sequence(value, "the authority key identifier"), (parts) => {
    const key = parts.find(({ tag }) => tag === 0x80)
    return key === undefined ? {} : { authorityKey: Hex.encode(key.content) }
  })

const readNameConstraints: Reader = (value) =>
  Result.map(atLeastOne(value, "nameConstraints"), () => ({ constrainsNames: true }))

const readPolicyConstraints: Reader = (value) =>
  Result.gen(function*() {
    const parts = yield* atLeastOne(value, "policyConstraints")
    const explicit = parts.find(({ tag }) => tag === 0x80)
    if (explicit === undefined) return {}
    const counter = { ...explicit, tag: Der.tags.integer }
    return { requireExplicitPolicy: yield* Der.smallInteger(counter, "requireExplicitPolicy") }
  })

const readPolicyMappings: Reader = (value) =>
  Result.gen(function*() {
    let mapsAnyPolicy = false
    for (const mapping of yield* atLeastOne(value, "policyMappings")) {
      for (const each of yield* Der.sequence(mapping, "a policy mapping")) {
        mapsAnyPolicy ||= (yield* Der.oid(each, "a mapped policy")) === oids.anyPolicy
      }
    }
    return { mapsAnyPolicy }
  })

const atLeastOne = (value: Der.Value | undefined, what: string): Der.Read<ReadonlyArray<Der.Value>> =>
  Result.flatMap(
    Der.sequence(value, what),
    (children) => children.length > 0 ? Result.succeed(children) : Der.wrong("CERT-20", `${what} is empty`)
  )

const readers = new Map<string, Reader>([
  [oids.basicConstraints, readBasicConstraints],
  [oids.keyUsage, readKeyUsage],
  [oids.extKeyUsage, readExtKeyUsage],
  [oids.subjectAltName, readAlternativeNames],
  [oids.subjectKeyIdentifier, readSubjectKey],
  [oids.authorityKeyIdentifier, readAuthorityKey],
  [oids.nameConstraints, readNameConstraints],
  [oids.policyConstraints, readPolicyConstraints],
  [oids.policyMappings, readPolicyMappings]
])

/** Certificates §4.3. Those without a reader bear on revocation and policies, which nobody asks for here. */
const recognised = new Set([
  ...readers.keys(),
  oids.certificatePolicies,
  oids.inhibitAnyPolicy,
  oids.issuerAltName,
  oids.authorityInfoAccess,
  oids.crlDistributionPoints,
  oids.freshestCrl,
  oids.tlsFeature,
  oids.certificateTimestamps
])
