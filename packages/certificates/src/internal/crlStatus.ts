/**
 * What the CRLs say about one certificate (RFC 5280 §6.3.3).
 *
 * Their order does not matter: who is revoked on one is revoked, and who is on none is good when the CRLs that say so
 * cover all reasons. To be on a CRL counts even where not to be on it does not, when it is over or its signer's own state
 * is unknown: what a CA has revoked it seldom takes back.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Crl from "../Crl.ts"
import * as DistributionPoint from "../DistributionPoint.ts"
import { equal } from "./bytes.ts"
import { toIso } from "./calendar.ts"
import { pointsOf, reasonsFor } from "./crlScope.ts"
import * as Signers from "./crlSigners.ts"
import {
  freshUntil,
  type Good,
  isFresh,
  missing,
  type Revoked,
  type Scene,
  type Status,
  type Unknown,
  unusable
} from "./revocationStatus.ts"

type Certificate = Scene["certificate"]

/** `pending` are the signers whose own state is being asked for: RFC 5280 lets a CRL speak about its own signer. */
export const crlStatus = Effect.fnUntraced(function*(
  scene: Scene,
  pending: ReadonlyArray<Certificate> = []
): Effect.fn.Return<Status> {
  const { certificate } = scene
  const points = pointsOf(certificate)
  const signed: Array<Signed> = []
  const faults: Array<Unknown> = []
  for (const crl of scene.crls) {
    const reasons = reasonsFor(crl, certificate, points)
    if (reasons.length === 0) continue
    const signer = yield* Signers.find(crl, scene)
    if (signer._tag === "Unknown") faults.push(signer)
    else signed.push({ crl, reasons, signer })
  }
  const current = signed.filter((each) => !signed.some((other) => supersedes(other, each, scene.now)))
  const [revoked] = current.flatMap(({ crl }) => revokedOn(crl, certificate))
    .toSorted((one, other) => one.at - other.at)
  if (revoked !== undefined) return revoked
  const absence = yield* weigh(scene, current, pending)
  if (absence._tag === "Good" || (signed.length > 0 && !absence.isMissing)) return absence
  return faults.find(({ isMissing }) => !isMissing) ?? faults[0] ?? absence
})

interface Signed {
  readonly crl: Crl.Crl
  readonly reasons: ReadonlyArray<DistributionPoint.Reason>
  readonly signer: Signers.Signer
}

/** The certificate is on none of the CRLs: is that enough? Of those that are needed the last is over first. */
const weigh = Effect.fnUntraced(function*(
  scene: Scene,
  crls: ReadonlyArray<Signed>,
  pending: ReadonlyArray<Certificate>
): Effect.fn.Return<Good | Unknown> {
  const open = new Set(DistributionPoint.allReasons)
  const faults: Array<string> = []
  let until = Number.POSITIVE_INFINITY
  for (const { crl, reasons, signer } of crls.toSorted(byFreshness)) {
    if (!reasons.some((reason) => open.has(reason))) continue
    const fault = isFresh(crl, scene.now) ? yield* faultOf(scene, signer, pending) : notCurrent(crl, scene.now)
    if (fault === undefined) {
      until = freshUntil(crl)
      reasons.forEach((reason) => open.delete(reason))
    } else {
      faults.push(`the CRL of ${crl.issuer.text} ${fault}`)
    }
  }
  if (open.size === 0) return { _tag: "Good", source: "crl", until }
  if (faults[0] !== undefined) return unusable(faults[0])
  return missing(
    crls.length === 0
      ? `no CRL speaks about the certificate of ${scene.certificate.subject.text}`
      : `the CRLs say nothing about the reasons ${[...open].join(", ")}`
  )
})

/** Of two CRLs by one key with one scope, the later takes the place of the other. One from the future does not. */
const supersedes = (later: Signed, earlier: Signed, now: number): boolean =>
  later.crl.thisUpdate > earlier.crl.thisUpdate && later.crl.thisUpdate <= now &&
  equal(later.signer.certificate.publicKey.spki, earlier.signer.certificate.publicKey.spki) &&
  equal(later.crl.scope?.raw ?? noScope, earlier.crl.scope?.raw ?? noScope)

const revokedOn = (crl: Crl.Crl, certificate: Certificate): ReadonlyArray<Revoked> => {
  const entry = Crl.find(crl, certificate)
  return entry === undefined || entry.reason === "removeFromCRL"
    ? []
    : [{ _tag: "Revoked", source: "crl", at: entry.at, reason: entry.reason }]
}

const byFreshness = (one: Signed, other: Signed): number => freshUntil(other.crl) - freshUntil(one.crl)

/** Why not to be on a CRL of this signer says nothing. */
const faultOf = Effect.fnUntraced(function*(
  scene: Scene,
  { authorities, certificate }: Signers.Signer,
  pending: ReadonlyArray<Certificate>
): Effect.fn.Return<string | undefined> {
  if (authorities === undefined || pending.includes(certificate)) return undefined
  if (pending.length === delegatesMax) return "is signed by a key that is too far from the authority"
  const own: Status = yield* crlStatus({ ...scene, certificate, authorities }, [...pending, certificate])
  switch (own._tag) {
    case "Good":
      return undefined
    case "Revoked":
      return "is signed by a key that is revoked itself"
    case "Unknown":
      return `is signed by a key of which nobody knows whether it is revoked: ${own.because}`
  }
})

const notCurrent = (crl: Crl.Crl, now: number): string =>
  crl.thisUpdate > now
    ? `is valid from ${toIso(crl.thisUpdate)} on`
    : `was to be replaced at ${toIso(freshUntil(crl))}`

const noScope = new Uint8Array()
const delegatesMax = 2
