/**
 * Whether a CRL speaks about a certificate, and under which reasons it lists it (RFC 5280 §6.3.3 b, d).
 *
 * @internal
 */
import * as Result from "effect/Result"
import type * as Certificate from "../Certificate.ts"
import type * as Crl from "../Crl.ts"
import * as Der from "../Der.ts"
import * as DistributionPoint from "../DistributionPoint.ts"
import * as GeneralName from "../GeneralName.ts"
import type * as Name from "../Name.ts"
import * as oids from "./oids.ts"

type Point = DistributionPoint.DistributionPoint
type Reasons = ReadonlyArray<DistributionPoint.Reason>

/** Empty when the CRL does not speak about the certificate. `points` are those of the certificate. */
export const reasonsFor = (
  crl: Crl.Crl,
  certificate: Certificate.Certificate,
  points: ReadonlyArray<Point>
): Reasons => {
  const known = points.filter((point) => isInScope(crl, point, certificate))
  return allReasons.filter((reason) => known.some((point) => lists(crl, point, reason)))
}

/**
 * Those that the certificate names, and the one that is assumed for every certificate: its issuer, with all reasons. Points
 * that cannot be read are none.
 */
export const pointsOf = ({ extensions, issuer }: Certificate.Certificate): ReadonlyArray<Point> => [
  ...Result.getOrElse(DistributionPoint.ofCertificate(extensions), () => []),
  { name: { _tag: "Full", names: [directory(issuer), ...issuerAltNames(extensions.all)] } }
]

const issuerAltNames = (all: Certificate.Certificate["extensions"]["all"]): ReadonlyArray<GeneralName.GeneralName> => {
  const extension = all.find(({ oid }) => oid === oids.issuerAltName)
  if (extension === undefined) return []
  const read = Result.flatMap(Der.decode(extension.value), (value) => GeneralName.readAll(value, "issuerAltName"))
  return Result.getOrElse(read, () => [])
}

const isInScope = (crl: Crl.Crl, point: Point, certificate: Certificate.Certificate): boolean => {
  const { scope } = crl
  // b (1)
  const isIssuer = point.issuer === undefined
    ? crl.issuer.comparable === certificate.issuer.comparable
    : scope?.isIndirect === true && DistributionPoint.meet(point.issuer, [directory(crl.issuer)])
  if (!isIssuer || scope === undefined) return isIssuer
  const isAuthority = certificate.extensions.basicConstraints?.isCa === true
  // b (2)
  return hasName(crl, scope, point, certificate) && !scope.onlyAttributes &&
    !(scope.onlyUsers && isAuthority) && !(scope.onlyAuthorities && !isAuthority)
}

const hasName = (crl: Crl.Crl, { name }: Crl.Scope, point: Point, { issuer }: Certificate.Certificate): boolean => {
  if (name === undefined) return true
  const own = DistributionPoint.namesOf(name, crl.issuer)
  if (point.name === undefined) return DistributionPoint.meet(own, point.issuer ?? [])
  // RFC 5280 §4.2.1.13: a relative name is relative to the CRL's issuer.
  const base = point.issuer?.find((each) => each._tag === "Directory")?.name ?? issuer
  return DistributionPoint.meet(own, DistributionPoint.namesOf(point.name, base))
}

/** d */
const lists = ({ scope }: Crl.Crl, { reasons }: Point, reason: DistributionPoint.Reason): boolean =>
  (scope?.reasons ?? allReasons).includes(reason) && (reasons ?? allReasons).includes(reason)

const directory = (name: Name.Name): GeneralName.GeneralName => ({ _tag: "Directory", name })

const { allReasons } = DistributionPoint
