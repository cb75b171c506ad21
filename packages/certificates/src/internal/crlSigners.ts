/**
 * Who signed a CRL, and whether it may (RFC 5280 §6.3.3 f, g). An authority above the certificate may. So may whoever one
 * of these authorities has certified itself, in the name that stands in the CRL: a key for CRLs alone, or the issuer of
 * indirect ones. A longer way from the anchor to a signer is not searched.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import type * as Certificate from "../Certificate.ts"
import type * as Crl from "../Crl.ts"
import * as PublicKey from "../PublicKey.ts"
import type { Checks } from "./checks.ts"
import { missing, type Scene, type Unknown, unusable } from "./revocationStatus.ts"
import { outOfDate } from "./rules.ts"

type Certificates = ReadonlyArray<Certificate.Certificate>

/**
 * `authorities` are those above it. They are there only when it is none of those that were given, so that somebody has to
 * ask whether it is revoked itself.
 */
export interface Signer {
  readonly _tag: "Signer"
  readonly certificate: Certificate.Certificate
  readonly authorities?: Certificates
}

/** `Unknown`: why the CRL is worth nothing. */
export const find = Effect.fnUntraced(function*(crl: Crl.Crl, scene: Scene): Effect.fn.Return<Signer | Unknown> {
  const { authorities, checks, issuers, now } = scene
  if (crl.unusable !== undefined) return unusable(`the CRL of ${crl.issuer.text} is not used: ${crl.unusable}`)
  for (const certificate of likely(crl, authorities)) {
    if (yield* checks.verify(crl, certificate.publicKey)) return { _tag: "Signer", certificate }
  }
  for (const certificate of likely(crl, issuers)) {
    if (!mayBeDelegate(certificate, now)) continue
    const issuer = yield* issuerOf(certificate, authorities, checks)
    if (issuer === undefined || !(yield* checks.verify(crl, certificate.publicKey))) continue
    return {
      _tag: "Signer",
      certificate,
      authorities: authorities.slice(authorities.indexOf(issuer))
    }
  }
  // Whoever brings a crowd of would-be signers must not thereby make a CRL be overlooked.
  if (checks.isSpent()) return unusable(`the CRL of ${crl.issuer.text} has too many who may have signed it`)
  return isElsewhere(crl, authorities)
    ? missing(`the CRL of ${crl.issuer.text} is signed by a key of which no certificate is there`)
    : unusable(`the CRL of ${crl.issuer.text} is signed by nobody who may sign it`)
})

/** RFC 5280 §4.2.1.3: whoever is certified to sign CRLs has a key usage that says so. Only an authority may lack it. */
const mayBeDelegate = (certificate: Certificate.Certificate, now: number): boolean =>
  certificate.extensions.keyUsage !== undefined &&
  certificate.extensions.unknownCritical.length === 0 &&
  outOfDate(certificate, now) === undefined

/** By its key identifier the CRL is one of somebody else who has the same name. */
const isElsewhere = ({ authorityKey, issuer }: Crl.Crl, authorities: Certificates): boolean =>
  authorityKey !== undefined &&
  authorities.filter(({ subject }) => subject.comparable === issuer.comparable)
    .every(({ extensions: { subjectKey } }) => subjectKey !== undefined && subjectKey !== authorityKey)

const issuerOf = Effect.fnUntraced(function*(
  certificate: Certificate.Certificate,
  authorities: Certificates,
  checks: Checks
): Effect.fn.Return<Certificate.Certificate | undefined> {
  for (const authority of authorities) {
    const isNamed = authority.subject.comparable === certificate.issuer.comparable
    if (isNamed && (yield* checks.verify(certificate, authority.publicKey))) return authority
  }
  return undefined
})

/** Those of the right name that may sign CRLs. Key identifiers only say whom to try first, as in CERT-41. */
const likely = (crl: Crl.Crl, candidates: Certificates): Certificates => {
  const rank = (each: Certificate.Certificate): number =>
    crl.authorityKey !== undefined && each.extensions.subjectKey === crl.authorityKey ? 0 : 1
  return candidates
    .filter((each) => each.subject.comparable === crl.issuer.comparable && maySign(each))
    .toSorted((one, other) => rank(one) - rank(other))
}

const maySign = ({ extensions, publicKey }: Certificate.Certificate): boolean =>
  PublicKey.isStrong(publicKey) && extensions.keyUsage?.includes("cRLSign") !== false
