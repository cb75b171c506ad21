/**
 * Lists of revoked certificates (CRLs) as plain data. Reading one is total and judges only what makes it unusable for
 * everybody; whether it is signed, fresh and about the certificate in question is decided in `Revocation.ts`.
 *
 * A CRL may have 16 MiB. Its entries are not kept as objects, so hundreds of thousands of them cost a few octets each.
 *
 * RFC 5280 §5.
 *
 * @since 0.1.0
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type * as Certificate from "./Certificate.ts"
import * as Der from "./Der.ts"
import * as DistributionPoint from "./DistributionPoint.ts"
import type * as Extensions from "./Extensions.ts"
import { equal, fromUtf8 } from "./internal/bytes.ts"
import * as Entries from "./internal/crlEntries.ts"
import { readList } from "./internal/extensionList.ts"
import { inOrder } from "./internal/fields.ts"
import * as oids from "./internal/oids.ts"
import * as Reasons from "./internal/reasons.ts"
import * as Shallow from "./internal/shallow.ts"
import * as Name from "./Name.ts"
import * as Pem from "./Pem.ts"
import type * as Signature from "./Signature.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Crl extends Signature.Signed {
  /** As received. */
  readonly der: Uint8Array
  readonly version: 1 | 2
  readonly issuer: Name.Name
  /** Milliseconds since 1970. */
  readonly thisUpdate: number
  /** Milliseconds since 1970: when the next one is due at the latest. */
  readonly nextUpdate?: number
  /** cRLNumber, the octets of the INTEGER in hex. */
  readonly number?: string
  /** Hex. */
  readonly authorityKey?: string
  readonly scope?: Scope
  /** Half a sentence: why it must not be used for anything, whoever signed it. */
  readonly unusable?: string
  readonly entryCount: number
  /** For `find`; what it holds is its own business. */
  readonly entries: Entries.Entries
}

/**
 * issuingDistributionPoint (RFC 5280 §5.2.5): about which certificates the CRL speaks. Absent: about all of its issuer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Scope {
  /** DER, as received: two CRLs have one scope when these are the same. */
  readonly raw: Uint8Array
  readonly name?: DistributionPoint.PointName
  readonly onlyUsers: boolean
  readonly onlyAuthorities: boolean
  readonly onlyAttributes: boolean
  /** Absent: all reasons. */
  readonly reasons?: ReadonlyArray<DistributionPoint.Reason>
  /** It may speak about certificates of other issuers too. */
  readonly isIndirect: boolean
}

/**
 * One revoked certificate.
 *
 * @since 0.1.0
 * @category models
 */
export type { Entry } from "./internal/crlEntries.ts"
type Entry = Entries.Entry

/**
 * A CertificateList, DER.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (der: Uint8Array): Der.Read<Crl> =>
  Result.gen(function*() {
    const [tbs, outerAlgorithm, bits, ...more] = yield* Shallow.sequence(der, "the CRL")
    if (tbs?.tag !== Der.tags.sequence || more.length > 0) {
      return yield* Der.wrong("CERT-20", "the CRL has another shape")
    }
    const fields = yield* readFields(yield* Shallow.values(tbs.content))
    const signatureAlgorithm = yield* Shallow.whole(fields.algorithm, "the signature algorithm of the CRL")
    if (outerAlgorithm === undefined || !equal(signatureAlgorithm.raw, outerAlgorithm.raw)) {
      return yield* Der.wrong("CERT-20", "the two signature algorithms of the CRL differ")
    }
    const entries = fields.revoked === undefined ? Entries.none : yield* Entries.scan(fields.revoked.content)
    const extensions = fields.extensions === undefined ? none : yield* readExtensions(fields.extensions)
    const unusable = unusableFor(extensions, entries)
    return {
      der,
      tbs: tbs.raw,
      version: fields.version,
      signatureAlgorithm,
      signature: yield* Der.bitOctets(bits, "the signature of the CRL"),
      issuer: yield* Name.read(yield* Shallow.whole(fields.issuer, "the issuer of the CRL"), "the issuer of the CRL"),
      thisUpdate: yield* Der.time(fields.thisUpdate, "thisUpdate"),
      ...fields.nextUpdate === undefined ? {} : { nextUpdate: yield* Der.time(fields.nextUpdate, "nextUpdate") },
      ...extensions.known,
      ...unusable === undefined ? {} : { unusable },
      entryCount: entries.starts.length,
      entries
    }
  })

/**
 * Bytes as they stand in a file: one CRL in DER, or any number of them in PEM. One that cannot be read fails all, because
 * nobody should go on without a list that was meant to be used.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (bytes: Uint8Array): Der.Read<ReadonlyArray<Crl>> => {
  if (bytes[0] === Der.tags.sequence) return Result.map(decode(bytes), (crl) => [crl])
  return fromPem(fromUtf8(bytes) ?? "")
}

/**
 * The blocks `X509 CRL` of a text, at least one.
 *
 * @since 0.1.0
 * @category decoding
 */
export const fromPem = (text: string): Der.Read<ReadonlyArray<Crl>> => {
  const blocks = Pem.decode(text).filter(({ label }) => label === pemLabel)
  if (blocks.length === 0) return Der.wrong("CERT-20", `no CRL is there: neither DER nor a block "${pemLabel}" in PEM`)
  return Result.all(
    blocks.map(({ der }) => der === undefined ? Der.wrong("CERT-20", "a PEM block of a CRL is no base64") : decode(der))
  )
}

/**
 * The entry about a certificate. One with the reason `removeFromCRL` says that it is no longer revoked.
 *
 * @since 0.1.0
 * @category getters
 */
export const find = (crl: Crl, certificate: Certificate.Certificate): Entry | undefined =>
  Entries.find(crl.entries, crl.issuer.comparable, certificate.issuer.comparable, certificate.serial)

interface Fields {
  readonly version: 1 | 2
  readonly algorithm: Der.Value | undefined
  readonly issuer: Der.Value | undefined
  readonly thisUpdate: Der.Value | undefined
  readonly nextUpdate?: Der.Value
  readonly revoked?: Der.Value
  readonly extensions?: Der.Value
}

const readFields = (values: ReadonlyArray<Der.Value>): Der.Read<Fields> =>
  Result.gen(function*() {
    const hasVersion = values[0]?.tag === Der.tags.integer
    if (hasVersion && (yield* Der.smallInteger(values[0], "the version of the CRL")) !== 1) {
      return yield* Der.wrong("CERT-20", "the version of the CRL is unknown")
    }
    const [algorithm, issuer, thisUpdate, ...rest] = hasVersion ? values.slice(1) : values
    const [next, afterNext] = take(rest, [Der.tags.utcTime, Der.tags.generalizedTime])
    const [revoked, afterRevoked] = take(afterNext, [Der.tags.sequence])
    const [extensions, more] = take(afterRevoked, hasVersion ? [extensionsTag] : [])
    if (more.length > 0) return yield* Der.wrong("CERT-20", "a field of the CRL follows that its version does not have")
    return {
      version: hasVersion ? 2 as const : 1 as const,
      algorithm,
      issuer,
      thisUpdate,
      ...next === undefined ? {} : { nextUpdate: next },
      ...revoked === undefined ? {} : { revoked },
      ...extensions === undefined ? {} : { extensions }
    }
  })

/** The first value, if it has one of the tags, and the others. */
const take = (
  values: ReadonlyArray<Der.Value>,
  tags: ReadonlyArray<number>
): readonly [Der.Value | undefined, ReadonlyArray<Der.Value>] => {
  const [first, ...rest] = values
  return first !== undefined && tags.includes(first.tag) ? [first, rest] : [undefined, values]
}

interface Known {
  readonly known: Pick<Crl, "authorityKey" | "number" | "scope">
  readonly isDelta: boolean
  readonly unknownCritical: ReadonlyArray<string>
}

const none: Known = { known: {}, isDelta: false, unknownCritical: [] }

const readExtensions = (wrapped: Der.Value): Der.Read<Known> =>
  Result.gen(function*() {
    const { children } = yield* Der.decode(wrapped.raw)
    if (children.length !== 1) return yield* Der.wrong("CERT-20", "the extensions of the CRL have another shape")
    const all = yield* readList(children[0])
    let known: Known["known"] = {}
    for (const extension of all) known = { ...known, ...yield* readExtension(extension) }
    return {
      known,
      isDelta: all.some(({ oid }) => oid === oids.deltaCrlIndicator),
      unknownCritical: all.flatMap(({ isCritical, oid }) => isCritical && !recognised.has(oid) ? [oid] : [])
    }
  })

const readExtension = ({ oid, value }: Extensions.Extension): Der.Read<Known["known"]> =>
  Result.gen(function*() {
    if (oid === oids.issuingDistributionPoint) return { scope: yield* readScope(yield* Der.decode(value)) }
    if (oid === oids.crlNumber) {
      return { number: Hex.encode(yield* Der.integer(yield* Der.decode(value), "the number of the CRL")) }
    }
    if (oid !== oids.authorityKeyIdentifier) return {}
    const parts = yield* Der.sequence(yield* Der.decode(value), "the authority key identifier of the CRL")
    const key = parts.find(({ tag }) => tag === 0x80)
    return key === undefined ? {} : { authorityKey: Hex.encode(key.content) }
  })

const readScope = (value: Der.Value): Der.Read<Scope> =>
  Result.gen(function*() {
    const fields = yield* Der.sequence(value, "issuingDistributionPoint")
    yield* inOrder(fields, [0xa0, 0x81, 0x82, 0x83, 0x84, 0x85], "issuingDistributionPoint")
    const field = (tag: number): Der.Value | undefined => fields.find((each) => each.tag === tag)
    const says = (tag: number): Der.Read<boolean> => {
      const found = field(tag)
      if (found === undefined) return Result.succeed(false)
      return Der.boolean({ ...found, tag: Der.tags.boolean }, "a mark of issuingDistributionPoint")
    }
    const [name, reasons] = [field(0xa0), field(0x83)]
    return {
      raw: value.raw,
      ...name === undefined ? {} : { name: yield* DistributionPoint.readName(name) },
      onlyUsers: yield* says(0x81),
      onlyAuthorities: yield* says(0x82),
      ...reasons === undefined ? {} : { reasons: yield* Reasons.readFlags(reasons, "onlySomeReasons") },
      isIndirect: yield* says(0x84),
      onlyAttributes: yield* says(0x85)
    }
  })

/** RFC 5280 §5.2, §5.3: who does not understand a critical extension must not use the CRL at all. */
const unusableFor = ({ isDelta, known, unknownCritical }: Known, entries: Entries.Entries): string | undefined => {
  const unknown = unknownCritical[0] ?? entries.unknownCritical[0]
  if (isDelta) return "it is a delta CRL, and these are not supported"
  if (unknown !== undefined) return `it has the critical extension ${unknown}, which is not understood here`
  return entries.issuers.length > 0 && known.scope?.isIndirect !== true
    ? "it names other issuers in its entries without being an indirect CRL"
    : undefined
}

const pemLabel = "X509 CRL"
const extensionsTag = 0xa0
const recognised = new Set([
  oids.issuingDistributionPoint,
  oids.crlNumber,
  oids.authorityKeyIdentifier,
  oids.issuerAltName,
  oids.freshestCrl,
  oids.authorityInfoAccess,
  oids.deltaCrlIndicator
])
