/**
 * What a verdict rests on, as plain data for a log: the certificates that were looked at and the proof about them
 * (`Proof.ts`), bounded, so that a peer cannot fill a disk with certificates.
 *
 * @since 0.1.0
 */
import type { Address, Verdict } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Seen from "./internal/seen.ts"
import type * as PresentedNames from "./PresentedNames.ts"
import * as Proof from "./Proof.ts"

/**
 * `chain` is what the peer sent, DER, its own certificate first; of it `certificatesMax` are told, and those that can be
 * read. Names are read by the rules of the stream.
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = Effect.fnUntraced(function*(
  proof: Proof.Proof,
  chain: ReadonlyArray<Uint8Array>,
  naming: Address.Naming
): Effect.fn.Return<Verdict.Evidence> {
  const certificates: Array<Verdict.CertificateFacts> = []
  for (const der of chain.slice(0, certificatesMax)) {
    const { fingerprint, read } = yield* Seen.see(der)
    if (Result.isFailure(read)) continue
    const { certificate } = read.success
    const facts = Proof.facts(certificate, fingerprint)
    certificates.push({ sent: true, ...facts, names: namesOf(Seen.namesIn(certificate, naming)) })
  }
  const told = { certificates, claims: 0 }
  return { proof: claim(proof, told, 0), certificates }
})

/**
 * @since 0.1.0
 * @category constants
 */
export const certificatesMax = 16

/**
 * How many claims are told at most; of more, the first.
 *
 * @since 0.1.0
 * @category constants
 */
export const claimsMax = 400

interface Told {
  readonly certificates: Array<Verdict.CertificateFacts>
  claims: number
}

const claim = (of: Proof.Proof, told: Told, depth: number): Verdict.Claim => {
  told.claims += 1
  const certificate = of.about._tag === "Certificate" ? indexOf(of.about, told.certificates) : undefined
  const reasons: Array<Verdict.Claim> = []
  for (const reason of depth < depthMax ? of.reasons : []) {
    if (told.claims >= claimsMax) break
    reasons.push(claim(reason, told, depth + 1))
  }
  return {
    about: abouts[of.about._tag],
    words: cut(of.claim),
    holds: of.holds,
    needs: of.needs,
    reasons,
    ...of.rule === undefined ? {} : { rule: of.rule },
    ...of.source === undefined ? {} : { source: of.source },
    ...of.found === undefined ? {} : { found: cut(of.found) },
    ...certificate === undefined ? {} : { certificate }
  }
}

/** One that the peer did not send is put behind the others. */
const indexOf = (
  { _tag, ...facts }: Proof.Facts & { readonly _tag: "Certificate" },
  certificates: Array<Verdict.CertificateFacts>
): number | undefined => {
  const known = certificates.findIndex(({ fingerprint, issuer, serial, subject }) =>
    fingerprint === undefined || facts.fingerprint === undefined
      ? subject === facts.subject && issuer === facts.issuer && serial === facts.serial
      : fingerprint === facts.fingerprint
  )
  if (known >= 0) return known
  if (certificates.length >= 2 * certificatesMax) return undefined
  return certificates.push({ sent: false, ...facts, names: [] }) - 1
}

const namesOf = ({ dns, ip, srv, xmppAddr }: PresentedNames.PresentedNames): Verdict.CertificateFacts["names"] =>
  [
    ...xmppAddr.map((value) => ({ kind: "xmppAddr" as const, value })),
    ...srv.map(({ name, service }) => ({ kind: "srvName" as const, value: `_${service}.${name}` })),
    ...dns.map((value) => ({ kind: "dnsName" as const, value })),
    ...ip.map((value) => ({ kind: "ipAddress" as const, value }))
  ].slice(0, namesMax)

const cut = (text: string): string => text.length > charsMax ? `${text.slice(0, charsMax)}…` : text

const abouts = {
  Verdict: "verdict",
  Combination: "combination",
  Model: "model",
  Path: "path",
  Certificate: "certificate",
  Rule: "rule"
} as const
const charsMax = 1000
const depthMax = 32
const namesMax = 64
