/**
 * OCSP responses as plain data: what an authority's responder says about single certificates, as a TLS server staples it
 * to its handshake. Reading one is total and judges nothing; who may sign it, and whether it is fresh and about the
 * certificate in question, is decided in `Revocation.ts`. Nothing is asked over the network.
 *
 * RFC 6960 §4.2.
 *
 * @since 0.1.0
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import { readList } from "./internal/extensionList.ts"
import { inOrder } from "./internal/fields.ts"
import * as oids from "./internal/oids.ts"
import * as Reasons from "./internal/reasons.ts"
import * as Name from "./Name.ts"
import type * as Signature from "./Signature.ts"

/**
 * What stands in an OCSPResponse: a signed statement, or the reason why there is none (`tryLater`, `unauthorized`).
 *
 * @since 0.1.0
 * @category models
 */
export type Response = Statement | { readonly _tag: "None"; readonly status: string }

/**
 * A BasicOCSPResponse.
 *
 * @since 0.1.0
 * @category models
 */
export interface Statement extends Signature.Signed {
  readonly _tag: "Statement"
  readonly responder: Responder
  /** Milliseconds since 1970. */
  readonly producedAt: number
  readonly singles: ReadonlyArray<Single>
  /** Certificates that came with it, DER, unread. */
  readonly certificates: ReadonlyArray<Uint8Array>
  /** Critical extensions of the whole that nobody here knows. */
  readonly unknownCritical: ReadonlyArray<string>
}

/**
 * Who says that it signed: by its name, or by the SHA-1 of its public key in hex.
 *
 * @since 0.1.0
 * @category models
 */
export type Responder =
  | { readonly _tag: "Name"; readonly name: Name.Name }
  | { readonly _tag: "Key"; readonly sha1: string }

/**
 * What is said about one certificate. Times are milliseconds since 1970.
 *
 * @since 0.1.0
 * @category models
 */
export interface Single {
  readonly certificate: CertificateId
  readonly answer: Answer
  readonly thisUpdate: number
  readonly nextUpdate?: number
  /** Critical extensions that nobody here knows. */
  readonly unknownCritical: ReadonlyArray<string>
}

/**
 * A certificate by its serial number and by hashes of its issuer's name and key, all in hex. `hash` is the object
 * identifier of the hash function.
 *
 * @since 0.1.0
 * @category models
 */
export interface CertificateId {
  readonly hash: string
  readonly issuerName: string
  readonly issuerKey: string
  readonly serial: string
}

/**
 * @since 0.1.0
 * @category models
 */
export type Answer =
  | { readonly _tag: "Good" | "Unknown" }
  | { readonly _tag: "Revoked"; readonly at: number; readonly reason: Reasons.Cause }

/**
 * An OCSPResponse, DER.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (der: Uint8Array): Der.Read<Response> =>
  Result.gen(function*() {
    if (der.length > octetsMax) return yield* Der.wrong("CERT-20", `the response is longer than ${octetsMax} octets`)
    const [status, wrapped, ...more] = yield* Der.sequence(yield* Der.decode(der), "the response")
    const code = yield* Der.expect(status, enumerated, "the status of the response")
    const number = yield* Der.smallInteger({ ...code, tag: Der.tags.integer }, "the status of the response")
    if (more.length > 0) return yield* Der.wrong("CERT-20", "the response has another shape")
    if (number !== 0) return { _tag: "None" as const, status: statuses[number] ?? `status ${number}` }
    const [type, content, ...rest] = yield* Der.sequence(yield* unwrap(wrapped, 0xa0, "the response"), "the response")
    if ((yield* Der.oid(type, "the type of the response")) !== oids.ocspBasic || rest.length > 0) {
      return yield* Der.wrong("CERT-20", "the response is of a type that is not known here")
    }
    const octets = yield* Der.expect(content, Der.tags.octetString, "the response")
    return yield* readStatement(yield* Der.decode(octets.content))
  })

const readStatement = (value: Der.Value): Der.Read<Statement> =>
  Result.gen(function*() {
    const [data, algorithm, bits, wrapped, ...more] = yield* Der.sequence(value, "the basic response")
    if (more.length > 0) return yield* Der.wrong("CERT-20", "the basic response has another shape")
    const certificates = wrapped === undefined
      ? []
      : yield* Der.sequence(yield* unwrap(wrapped, 0xa0, "the certificates"), "the certificates")
    const fields = yield* Der.sequence(data, "ResponseData")
    const hasVersion = fields[0]?.tag === 0xa0
    // The default must not be written down in DER, but some do, and there is no other version.
    if (hasVersion && (yield* Der.smallInteger(fields[0]?.children[0], "the version of the response")) !== 0) {
      return yield* Der.wrong("CERT-20", "the version of the response is unknown")
    }
    const [responder, producedAt, singles, extensions, ...rest] = hasVersion ? fields.slice(1) : fields
    if (rest.length > 0) return yield* Der.wrong("CERT-20", "ResponseData has another shape")
    return {
      _tag: "Statement" as const,
      tbs: data?.raw ?? new Uint8Array(),
      signatureAlgorithm: yield* Der.expect(algorithm, Der.tags.sequence, "the signature algorithm of the response"),
      signature: yield* Der.bitOctets(bits, "the signature of the response"),
      responder: yield* readResponder(responder),
      producedAt: yield* Der.time(producedAt, "producedAt"),
      singles: yield* Result.all((yield* Der.sequence(singles, "the single responses")).map(readSingle)),
      certificates: certificates.map(({ raw }) => raw),
      unknownCritical: yield* readUnknownCritical(extensions, 0xa1)
    }
  })

const readResponder = (value: Der.Value | undefined): Der.Read<Responder> =>
  Result.gen(function*() {
    if (value?.tag === 0xa1) {
      return { _tag: "Name" as const, name: yield* Name.read(yield* unwrap(value, 0xa1, responderId), responderId) }
    }
    const key = yield* Der.expect(yield* unwrap(value, 0xa2, responderId), Der.tags.octetString, responderId)
    return { _tag: "Key" as const, sha1: Hex.encode(key.content) }
  })

const readSingle = (value: Der.Value): Der.Read<Single> =>
  Result.gen(function*() {
    const [id, status, thisUpdate, ...optional] = yield* Der.sequence(value, "a single response")
    yield* inOrder(optional, [0xa0, 0xa1], "a single response")
    const [next, extensions] = [0xa0, 0xa1].map((tag) => optional.find((each) => each.tag === tag))
    return {
      certificate: yield* readId(id),
      answer: yield* readAnswer(status),
      thisUpdate: yield* Der.time(thisUpdate, "thisUpdate"),
      ...next === undefined
        ? {}
        : { nextUpdate: yield* Der.time(yield* unwrap(next, 0xa0, "nextUpdate"), "nextUpdate") },
      unknownCritical: yield* readUnknownCritical(extensions, 0xa1)
    }
  })

const readId = (value: Der.Value | undefined): Der.Read<CertificateId> =>
  Result.gen(function*() {
    const [algorithm, name, key, serial, ...more] = yield* Der.sequence(value, "the id of a certificate")
    const [hash] = yield* Der.sequence(algorithm, "the hash of an id")
    if (more.length > 0) return yield* Der.wrong("CERT-20", "the id of a certificate has another shape")
    return {
      hash: yield* Der.oid(hash, "the hash of an id"),
      issuerName: Hex.encode((yield* Der.expect(name, Der.tags.octetString, "the name of an id")).content),
      issuerKey: Hex.encode((yield* Der.expect(key, Der.tags.octetString, "the key of an id")).content),
      serial: Hex.encode(yield* Der.integer(serial, "the serial number of an id"))
    }
  })

const readAnswer = (value: Der.Value | undefined): Der.Read<Answer> =>
  Result.gen(function*() {
    if (value?.tag === 0x80 && value.content.length === 0) return { _tag: "Good" as const }
    if (value?.tag === 0x82 && value.content.length === 0) return { _tag: "Unknown" as const }
    if (value?.tag !== 0xa1) return yield* Der.wrong("CERT-20", "the status of a certificate is none that there is")
    const [at, wrapped, ...more] = value.children
    if (more.length > 0) return yield* Der.wrong("CERT-20", "the status of a certificate has another shape")
    return {
      _tag: "Revoked" as const,
      at: yield* Der.time(at, "the date of revocation"),
      reason: wrapped === undefined
        ? "unspecified" as const
        : yield* Reasons.readCause(yield* unwrap(wrapped, 0xa0, "the reason"))
    }
  })

const readUnknownCritical = (wrapped: Der.Value | undefined, tag: number): Der.Read<ReadonlyArray<string>> => {
  if (wrapped === undefined) return Result.succeed([])
  return Result.map(
    Result.flatMap(unwrap(wrapped, tag, "the extensions"), readList),
    (all) => all.flatMap(({ isCritical, oid }) => isCritical ? [oid] : [])
  )
}

/** The one value inside an explicit tag. */
const unwrap = (value: Der.Value | undefined, tag: number, what: string): Der.Read<Der.Value> =>
  Result.flatMap(
    Der.expect(value, tag, what),
    ({ children: [inner, ...more] }) =>
      inner === undefined || more.length > 0
        ? Der.wrong("CERT-20", `${what} has another shape`)
        : Result.succeed(inner)
  )

const enumerated = 0x0a
const octetsMax = 1 << 18
const responderId = "the responder"
/** RFC 6960 §4.2.1; there is no 4. */
const statuses = [
  "successful",
  "malformedRequest",
  "internalError",
  "tryLater",
  undefined,
  "sigRequired",
  "unauthorized"
]
