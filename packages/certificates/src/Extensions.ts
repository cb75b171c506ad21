/**
 * The extensions of a certificate (RFC 5280 §4.2): all of them as they are, and the content of those that a judgement
 * needs. What they permit is decided in
 * `Path.ts`.
 *
 * @since 0.1.0
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import * as GeneralName from "./GeneralName.ts"
import { readList } from "./internal/extensionList.ts"
import { inOrder } from "./internal/fields.ts"
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
  readonly nameConstraints?: NameConstraints
  /** The object identifiers of certificatePolicies. */
  readonly policies?: ReadonlyArray<string>
  readonly policyMappings?: ReadonlyArray<PolicyMapping>
  readonly policyConstraints?: PolicyConstraints
  /** How many more certificates may still use anyPolicy. */
  readonly inhibitAnyPolicy?: number
}

/**
 * RFC 5280 §4.2.1.10.
 *
 * @since 0.1.0
 * @category models
 */
export interface NameConstraints {
  readonly permitted: ReadonlyArray<Subtree>
  readonly excluded: ReadonlyArray<Subtree>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Subtree {
  readonly base: GeneralName.GeneralName
  /** Whether it has a `minimum` other than 0 or a `maximum`, which nobody defines. */
  readonly hasDistance: boolean
}

/**
 * RFC 5280 §4.2.1.5: what the issuer calls `issuer` is what the subject calls `subject`.
 *
 * @since 0.1.0
 * @category models
 */
export interface PolicyMapping {
  readonly issuer: string
  readonly subject: string
}

/**
 * RFC 5280 §4.2.1.11: how many more certificates may lack an acceptable policy, and may still be mapped.
 *
 * @since 0.1.0
 * @category models
 */
export interface PolicyConstraints {
  readonly requireExplicit?: number
  readonly inhibitMapping?: number
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
export const none: Extensions = { all: [], unknownCritical: [] }

/**
 * Reads `Extensions`, a SEQUENCE of at least one. Content that is known and malformed makes the certificate malformed.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (value: Der.Value | undefined): Der.Read<Extensions> =>
  Result.gen(function*() {
    const all = yield* readList(value)
    let extensions: Extensions = {
      ...none,
      all,
      unknownCritical: all.flatMap((each) => each.isCritical && !isUnderstood(each) ? [each.oid] : [])
    }
    for (const extension of all) {
      const reader = readers.get(extension.oid)
      if (reader === undefined) continue
      extensions = { ...extensions, ...yield* reader(yield* Der.decode(extension.value), extension.isCritical) }
    }
    return extensions
  })

/** Certificates §4.3: of those that are known and not needed, the content must at least be something. */
const isUnderstood = ({ oid, value }: Extension): boolean =>
  readers.has(oid) || (recognised.has(oid) && Result.isSuccess(Der.decode(value)))

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
    for (const each of yield* Der.atLeastOne(value, "extKeyUsage")) purposes.push(yield* Der.oid(each, "a purpose"))
    return { extKeyUsage: purposes }
  })

const readAlternativeNames: Reader = (value, isCritical) =>
  Result.map(Der.atLeastOne(value, "subjectAltName"), (names) => ({ alternativeNames: { isCritical, names } }))

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
  Result.gen(function*() {
    const parts = yield* Der.atLeastOne(value, "nameConstraints")
    yield* inOrder(parts, [0xa0, 0xa1], "nameConstraints")
    const subtrees = (tag: number): Der.Read<ReadonlyArray<Subtree>> => {
      const part = parts.find((each) => each.tag === tag)
      if (part === undefined) return Result.succeed([])
      return part.children.length > 0
        ? Result.all(part.children.map(readSubtree))
        : Der.wrong("CERT-20", "nameConstraints has an empty list of subtrees")
    }
    return { nameConstraints: { permitted: yield* subtrees(0xa0), excluded: yield* subtrees(0xa1) } }
  })

const readSubtree = (value: Der.Value): Der.Read<Subtree> =>
  Result.gen(function*() {
    const [base, ...distances] = yield* Der.atLeastOne(value, "a subtree")
    yield* inOrder(distances, [0x80, 0x81], "a subtree")
    const minimum = counter(distances, 0x80)
    return {
      base: base === undefined ? yield* Der.wrong("CERT-20", "a subtree is empty") : yield* GeneralName.read(base),
      hasDistance: (minimum !== undefined && (yield* minimum) > 0) || counter(distances, 0x81) !== undefined
    }
  })

const readPolicies: Reader = (value) =>
  Result.gen(function*() {
    const policies = new Set<string>()
    for (const each of yield* Der.atLeastOne(value, "certificatePolicies")) {
      const [policy, qualifiers, ...more] = yield* Der.sequence(each, "a policy")
      if (qualifiers !== undefined) yield* Der.atLeastOne(qualifiers, "the qualifiers of a policy")
      const oid = yield* Der.oid(policy, "a policy")
      if (more.length > 0 || policies.has(oid)) {
        return yield* Der.wrong("CERT-20", `the policy ${oid} occurs twice or has another shape`)
      }
      policies.add(oid)
    }
    return { policies: [...policies] }
  })

const readPolicyMappings: Reader = (value) =>
  Result.gen(function*() {
    const policyMappings: Array<PolicyMapping> = []
    for (const mapping of yield* Der.atLeastOne(value, "policyMappings")) {
      const [issuer, subject, ...more] = yield* Der.sequence(mapping, "a policy mapping")
      if (more.length > 0) return yield* Der.wrong("CERT-20", "a policy mapping has another shape")
      policyMappings.push({
        issuer: yield* Der.oid(issuer, "a mapped policy"),
        subject: yield* Der.oid(subject, "a mapped policy")
      })
    }
    return { policyMappings }
  })

const readPolicyConstraints: Reader = (value) =>
  Result.gen(function*() {
    const parts = yield* Der.atLeastOne(value, "policyConstraints")
    yield* inOrder(parts, [0x80, 0x81], "policyConstraints")
    const [requireExplicit, inhibitMapping] = [counter(parts, 0x80), counter(parts, 0x81)]
    return {
      policyConstraints: {
        ...requireExplicit === undefined ? {} : { requireExplicit: yield* requireExplicit },
        ...inhibitMapping === undefined ? {} : { inhibitMapping: yield* inhibitMapping }
      }
    }
  })

const readInhibitAnyPolicy: Reader = (value) =>
  Result.map(Der.smallInteger(value, "inhibitAnyPolicy"), (inhibitAnyPolicy) => ({ inhibitAnyPolicy }))

/** An implicitly tagged INTEGER. */
const counter = (parts: ReadonlyArray<Der.Value>, tag: number): Der.Read<number> | undefined => {
  const part = parts.find((each) => each.tag === tag)
  return part && Der.smallInteger({ ...part, tag: Der.tags.integer }, "a counter")
}

const readers = new Map<string, Reader>([
  [oids.basicConstraints, readBasicConstraints],
  [oids.keyUsage, readKeyUsage],
  [oids.extKeyUsage, readExtKeyUsage],
  [oids.subjectAltName, readAlternativeNames],
  [oids.subjectKeyIdentifier, readSubjectKey],
  [oids.authorityKeyIdentifier, readAuthorityKey],
  [oids.nameConstraints, readNameConstraints],
  [oids.policyConstraints, readPolicyConstraints],
  [oids.certificatePolicies, readPolicies],
  [oids.policyMappings, readPolicyMappings],
  [oids.inhibitAnyPolicy, readInhibitAnyPolicy]
])

/** Certificates §4.3. */
const recognised = new Set([
  ...readers.keys(),
  oids.issuerAltName,
  oids.authorityInfoAccess,
  oids.crlDistributionPoints,
  oids.freshestCrl,
  oids.tlsFeature,
  oids.certificateTimestamps
])
