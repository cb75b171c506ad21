/**
 * CRL distribution points: where a certificate says that its CRLs are, and for which of them a CRL says that it is one.
 * Nothing is fetched from there (CERT-44); the names only tell which CRL speaks about which certificate. What that means
 * for a certificate is said in `Revocation.ts`.
 *
 * RFC 5280 §4.2.1.13, §5.2.5.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import type * as Extensions from "./Extensions.ts"
import * as GeneralName from "./GeneralName.ts"
import { equal } from "./internal/bytes.ts"
import { value } from "./internal/encode.ts"
import { inOrder } from "./internal/fields.ts"
import * as oids from "./internal/oids.ts"
import * as Reasons from "./internal/reasons.ts"
import * as Name from "./Name.ts"

/**
 * What a certificate says about one place. `reasons` absent: all of them. `issuer` is the name of whoever signs the CRL,
 * where that is not the issuer of the certificate.
 *
 * @since 0.1.0
 * @category models
 */
export interface DistributionPoint {
  readonly name?: PointName
  readonly reasons?: ReadonlyArray<Reason>
  readonly issuer?: ReadonlyArray<GeneralName.GeneralName>
}

/**
 * `rdn` is the content of a relative name, to be added to the name of the CRL's issuer.
 *
 * @since 0.1.0
 * @category models
 */
export type PointName =
  | { readonly _tag: "Full"; readonly names: ReadonlyArray<GeneralName.GeneralName> }
  | { readonly _tag: "Relative"; readonly rdn: Uint8Array }

/**
 * Why certificates are revoked, as RFC 5280 calls it.
 *
 * @since 0.1.0
 * @category models
 */
export type { Reason } from "./internal/reasons.ts"
type Reason = Reasons.Reason

/**
 * Every reason that a CRL may be limited to. A certificate is good when it was looked for under all of them.
 *
 * @since 0.1.0
 * @category constants
 */
export const allReasons: ReadonlyArray<Reason> = Reasons.reasons

/**
 * Those of a certificate; none where it names none.
 *
 * @since 0.1.0
 * @category decoding
 */
export const ofCertificate = (extensions: Extensions.Extensions): Der.Read<ReadonlyArray<DistributionPoint>> => {
  const extension = extensions.all.find(({ oid }) => oid === oids.crlDistributionPoints)
  if (extension === undefined) return Result.succeed([])
  return Result.flatMap(
    Result.flatMap(Der.decode(extension.value), (value) => Der.atLeastOne(value, "cRLDistributionPoints")),
    (points) => Result.all(points.map(readPoint))
  )
}

/**
 * A DistributionPointName, inside the `[0]` that always stands around it.
 *
 * @since 0.1.0
 * @category decoding
 */
export const readName = ({ children }: Der.Value): Der.Read<PointName> => {
  const [name, ...more] = children
  if (more.length > 0) return Der.wrong("CERT-20", "the name of a distribution point has another shape")
  if (name?.tag === 0xa1) return Result.succeed({ _tag: "Relative", rdn: name.content })
  return name?.tag === 0xa0
    ? Result.map(readNames(name), (names) => ({ _tag: "Full", names }))
    : Der.wrong("CERT-20", "the name of a distribution point is of no form that there is")
}

/**
 * The names that a point has; a relative one is completed with the name of the CRL's issuer.
 *
 * @since 0.1.0
 * @category getters
 */
export const namesOf = (name: PointName, issuer: Name.Name): ReadonlyArray<GeneralName.GeneralName> => {
  if (name._tag === "Full") return name.names
  const base = Result.getOrUndefined(Der.decode(issuer.raw))?.content ?? new Uint8Array()
  const full = value(Der.tags.sequence, base, value(Der.tags.set, name.rdn))
  const read = Result.flatMap(Der.decode(full), (each) => Name.read(each, "the name of a distribution point"))
  return Result.isSuccess(read) ? [{ _tag: "Directory", name: read.success }] : []
}

/**
 * Whether the lists have a name in common. Distinguished names are compared as in CERT-41, others octet by octet.
 *
 * @since 0.1.0
 * @category guards
 */
export const meet = (
  some: ReadonlyArray<GeneralName.GeneralName>,
  others: ReadonlyArray<GeneralName.GeneralName>
): boolean => some.some((one) => others.some((other) => isSame(one, other)))

const isSame = (one: GeneralName.GeneralName, other: GeneralName.GeneralName): boolean => {
  if (one._tag === "Directory") return other._tag === "Directory" && one.name.comparable === other.name.comparable
  return "octets" in one && "octets" in other && one._tag === other._tag && equal(one.octets, other.octets)
}

const readPoint = (value: Der.Value): Der.Read<DistributionPoint> =>
  Result.gen(function*() {
    const fields = yield* Der.sequence(value, "a distribution point")
    yield* inOrder(fields, [0xa0, 0x81, 0xa2], "a distribution point")
    const [name, reasons, issuer] = [0xa0, 0x81, 0xa2].map((tag) => fields.find((each) => each.tag === tag))
    return {
      ...name === undefined ? {} : { name: yield* readName(name) },
      ...reasons === undefined ? {} : { reasons: yield* Reasons.readFlags(reasons, "the reasons of a point") },
      ...issuer === undefined ? {} : { issuer: yield* readNames(issuer) }
    }
  })

const readNames = (value: Der.Value): Der.Read<ReadonlyArray<GeneralName.GeneralName>> =>
  GeneralName.readAll({ ...value, tag: Der.tags.sequence }, "the names of a distribution point")
