/**
 * A certificate as plain data. Reading it is total (CERT-23) and judges nothing: dates may be over, keys weak, names odd.
 *
 * RFC 5280 §4.1.
 *
 * @since 0.1.0
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import * as Extensions from "./Extensions.ts"
import { equal } from "./internal/bytes.ts"
import * as Name from "./Name.ts"
import * as PublicKey from "./PublicKey.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Certificate {
  /** As received. */
  readonly der: Uint8Array
  /** What the signature covers, as received. */
  readonly tbs: Uint8Array
  readonly version: 1 | 2 | 3
  /** The octets of the INTEGER in hex, with the one that keeps it positive. */
  readonly serial: string
  /** DER of the AlgorithmIdentifier by which the issuer signed. */
  readonly signatureAlgorithm: Der.Value
  readonly signature: Uint8Array
  readonly issuer: Name.Name
  readonly subject: Name.Name
  /** Milliseconds since 1970; the first moment of validity. */
  readonly notBefore: number
  /** Milliseconds since 1970; the last second of validity. */
  readonly notAfter: number
  readonly publicKey: PublicKey.PublicKey
  readonly extensions: Extensions.Extensions
}

/**
 * @since 0.1.0
 * @category decoding
 */
export const decode = (der: Uint8Array): Der.Read<Certificate> =>
  Result.gen(function*() {
    if (der.length > octetsMax) return yield* Der.wrong("CERT-20", `the certificate is longer than ${octetsMax} octets`)
    const [tbs, outerAlgorithm, signature, ...more] = yield* Der.sequence(yield* Der.decode(der), "the certificate")
    const fields = yield* Der.sequence(tbs, "TBSCertificate")
    const version = yield* readVersion(fields[0])
    const [serial, algorithm, issuer, validity, subject, key, ...rest] = version === 1 ? fields : fields.slice(1)
    const signatureAlgorithm = yield* Der.expect(algorithm, Der.tags.sequence, "the signature algorithm")
    if (outerAlgorithm === undefined || more.length > 0 || !equal(signatureAlgorithm.raw, outerAlgorithm.raw)) {
      return yield* Der.wrong("CERT-20", "the two signature algorithms differ")
    }
    const [notBefore, notAfter, ...dates] = yield* Der.sequence(validity, "the validity")
    if (dates.length > 0) return yield* Der.wrong("CERT-20", "the validity has another shape")
    return {
      der,
      tbs: tbs?.raw ?? new Uint8Array(),
      version,
      serial: Hex.encode(yield* Der.integer(serial, "the serial number")),
      signatureAlgorithm,
      signature: yield* Der.bitOctets(signature, "the signature"),
      issuer: yield* Name.read(issuer, "the issuer"),
      subject: yield* Name.read(subject, "the subject"),
      notBefore: yield* Der.time(notBefore, "notBefore"),
      notAfter: yield* Der.time(notAfter, "notAfter"),
      publicKey: yield* PublicKey.read(key),
      extensions: yield* readExtensions(rest, version)
    }
  })

/**
 * CERT-45: subject and issuer have the same name. Whether it is self-signed, only its key can tell.
 *
 * @since 0.1.0
 * @category guards
 */
export const isSelfIssued = (certificate: Certificate): boolean =>
  certificate.subject.comparable === certificate.issuer.comparable

/**
 * Whether it says that it is the certificate of an authority.
 *
 * @since 0.1.0
 * @category guards
 */
export const isCa = ({ extensions }: Certificate): boolean => extensions.basicConstraints?.isCa === true

/**
 * @since 0.1.0
 * @category guards
 */
export const isSame = (one: Certificate, other: Certificate): boolean => equal(one.der, other.der)

const readVersion = (value: Der.Value | undefined): Der.Read<1 | 2 | 3> => {
  if (value?.tag !== 0xa0) return Result.succeed(1)
  return Result.flatMap(Der.smallInteger(value.children[0], "the version"), (number) => {
    if (value.children.length > 1) return Der.wrong("CERT-20", "the version has another shape")
    return number === 1
      ? Result.succeed(2)
      : number === 2
      ? Result.succeed(3)
      : Der.wrong("CERT-20", "the version is unknown")
  })
}

/** After the public key come two unique ids, which nobody uses, and the extensions. */
const readExtensions = (rest: ReadonlyArray<Der.Value>, version: 1 | 2 | 3): Der.Read<Extensions.Extensions> => {
  const allowed = version === 1 ? [] : version === 2 ? uniqueIds : [...uniqueIds, extensionsTag]
  const inOrder = rest.every(({ tag }, at) => allowed.includes(tag) && tag > (rest[at - 1]?.tag ?? 0))
  if (!inOrder) return Der.wrong("CERT-20", `a field follows that version ${version} does not have`)
  const wrapped = rest.find(({ tag }) => tag === extensionsTag)
  if (wrapped === undefined) return Result.succeed(Extensions.none)
  return wrapped.children.length === 1
    ? Extensions.read(wrapped.children[0])
    : Der.wrong("CERT-20", "the extensions have another shape")
}

const uniqueIds = [0x81, 0x82]
const extensionsTag = 0xa3
const octetsMax = 1 << 20
