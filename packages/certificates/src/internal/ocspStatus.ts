/**
 * What a stapled OCSP response says about one certificate (RFC 6960 §3.2, §4.2.2).
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import * as Fingerprint from "../Fingerprint.ts"
import * as Ocsp from "../Ocsp.ts"
import * as PublicKey from "../PublicKey.ts"
import { toIso } from "./calendar.ts"
import { crlStatus } from "./crlStatus.ts"
import * as oids from "./oids.ts"
import { freshUntil, isFresh, missing, type Scene, type Status, unusable } from "./revocationStatus.ts"
import { outOfDate } from "./rules.ts"

export const ocspStatus = Effect.fnUntraced(function*(scene: Scene, staple: Uint8Array): Effect.fn.Return<Status> {
  const read = Ocsp.decode(staple)
  if (Result.isFailure(read)) return unusable(`the staple cannot be read: ${read.failure.detail}`)
  const response = read.success
  if (response._tag === "None") return missing(`the responder had no answer to staple (${response.status})`)
  const issuer = scene.authorities[0]
  const singles = issuer === undefined ? [] : yield* singlesAbout(response, scene.certificate, issuer)
  if (issuer === undefined || singles.length === 0) {
    return missing(`the staple says nothing about the certificate of ${scene.certificate.subject.text}`)
  }
  const unknown = [response, ...singles].flatMap(({ unknownCritical }) => unknownCritical)[0]
  if (unknown !== undefined) {
    return unusable(`the staple has the critical extension ${unknown}, which is not understood here`)
  }
  const responder = yield* responderOf(response, scene, issuer)
  if (responder === undefined) return unusable("the staple is signed by nobody whom the issuer lets speak for it")
  return judge(response, singles, scene.now) ?? (yield* faultOf(responder, scene, issuer)) ??
    goodFrom(singles, responder === issuer ? Number.POSITIVE_INFINITY : responder.notAfter)
})

/** Everything but `Good`. To be revoked counts even when the response is over, as with CRLs. */
const judge = (
  { producedAt }: Ocsp.Statement,
  singles: ReadonlyArray<Ocsp.Single>,
  now: number
): Status | undefined => {
  for (const { answer } of singles) {
    if (answer._tag === "Revoked") return { ...answer, source: "ocsp" }
  }
  if (singles.some(({ answer }) => answer._tag === "Unknown")) {
    return missing("the responder does not know the certificate")
  }
  if (producedAt > now) return unusable(`the staple was made at ${toIso(producedAt)}, which is yet to come`)
  const stale = singles.find((each) => !isFresh(each, now))
  if (stale === undefined) return undefined
  return unusable(`the staple holds from ${toIso(stale.thisUpdate)} to ${toIso(freshUntil(stale))}`)
}

/** A delegate speaks as long as its own certificate holds. */
const goodFrom = (singles: ReadonlyArray<Ocsp.Single>, spokenUntil: number): Status => ({
  _tag: "Good",
  source: "ocsp",
  until: Math.min(spokenUntil, ...singles.map(freshUntil))
})

/** Of ids by another hash nobody can say whom they mean. */
const singlesAbout = Effect.fnUntraced(function*(
  { singles }: Ocsp.Statement,
  { issuer: { raw }, serial }: Certificate.Certificate,
  { publicKey }: Certificate.Certificate
): Effect.fn.Return<ReadonlyArray<Ocsp.Single>> {
  const found: Array<Ocsp.Single> = []
  for (const [oid, hash] of [[oids.sha1, Fingerprint.sha1], [oids.sha256, Fingerprint.sha256]] as const) {
    const [name, key] = [yield* hash(raw), yield* hash(publicKey.octets)]
    found.push(
      ...singles.filter(({ certificate: id }) =>
        id.hash === oid && id.serial === serial && id.issuerName === name && id.issuerKey === key
      )
    )
  }
  return found
})

/** RFC 6960 §4.2.2.2: the issuer itself, or whom the same key has certified for this. */
const responderOf = Effect.fnUntraced(function*(
  statement: Ocsp.Statement,
  { checks, issuers, now }: Scene,
  issuer: Certificate.Certificate
): Effect.fn.Return<Certificate.Certificate | undefined> {
  if ((yield* isNamed(statement, issuer)) && (yield* checks.verify(statement, issuer.publicKey))) return issuer
  const brought = statement.certificates.slice(0, certificatesMax).flatMap((der) => {
    const read = Certificate.decode(der)
    return Result.isSuccess(read) ? [read.success] : []
  })
  for (const delegate of [...brought, ...issuers]) {
    const maySpeak = isDelegate(delegate, issuer, now) && (yield* isNamed(statement, delegate))
    if (!maySpeak || !(yield* checks.verify(delegate, issuer.publicKey))) continue
    if (yield* checks.verify(statement, delegate.publicKey)) return delegate
  }
  return undefined
})

const isNamed = (
  { responder }: Ocsp.Statement,
  { publicKey, subject }: Certificate.Certificate
): Effect.Effect<boolean> =>
  responder._tag === "Name"
    ? Effect.succeed(responder.name.comparable === subject.comparable)
    : Effect.map(Fingerprint.sha1(publicKey.octets), (hash) => hash === responder.sha1)

/** Its signature is still to be checked. anyExtendedKeyUsage is not enough. */
const isDelegate = (
  certificate: Certificate.Certificate,
  issuer: Certificate.Certificate,
  now: number
): boolean => {
  const { extensions, publicKey } = certificate
  return certificate.issuer.comparable === issuer.subject.comparable &&
    extensions.extKeyUsage?.includes(oids.ocspSigning) === true &&
    extensions.keyUsage?.includes("digitalSignature") !== false &&
    extensions.unknownCritical.every((each) => each === oids.ocspNoCheck) &&
    PublicKey.isStrong(publicKey) &&
    outOfDate(certificate, now) === undefined
}

/**
 * RFC 6960 §4.2.2.2.1: a delegate may say that nobody needs to ask about it, or where to ask. Where it says neither, its
 * CA has left the question to us, and it is believed unless a CRL revokes it.
 */
const faultOf = Effect.fnUntraced(function*(
  responder: Certificate.Certificate,
  scene: Scene,
  issuer: Certificate.Certificate
): Effect.fn.Return<Status | undefined> {
  const has = (oid: string): boolean => responder.extensions.all.some((each) => each.oid === oid)
  if (responder === issuer || has(oids.ocspNoCheck)) return undefined
  const own = yield* crlStatus({ ...scene, certificate: responder })
  if (own._tag === "Revoked") return unusable("the staple is signed by a key that is revoked itself")
  const isExpected = has(oids.crlDistributionPoints) || has(oids.authorityInfoAccess)
  return own._tag === "Good" || !isExpected
    ? undefined
    : unusable(`the staple is signed by a key of which nobody knows whether it is revoked: ${own.because}`)
})

const certificatesMax = 8
