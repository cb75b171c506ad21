/**
 * Trust in authorities: whoever has a certificate that leads to one of them is who the certificate says (certificates §8,
 * rows 6 to 12).
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type { DerError } from "./Der.ts"
import * as Fingerprint from "./Fingerprint.ts"
import { makeFinder, type Options } from "./internal/finder.ts"
import { listed, visible } from "./internal/visible.ts"
import * as Match from "./Match.ts"
import type { Opinion, Way } from "./Opinion.ts"
import type * as Path from "./Path.ts"
import * as Peer from "./Peer.ts"
import * as PresentedNames from "./PresentedNames.ts"
import * as Proof from "./Proof.ts"
import type * as Revocation from "./Revocation.ts"
import type { TrustError } from "./TrustError.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class AuthorityTrust extends Context.Service<AuthorityTrust, Way>()(
  "@xmpp-e2e/certificates/AuthorityTrust"
) {}

/**
 * @since 0.1.0
 * @category layers
 */
export const layer = (options: Options): Layer.Layer<AuthorityTrust, TrustError> =>
  Layer.effect(AuthorityTrust, make(options))

const make = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Way, TrustError> {
  const { anchors, find } = yield* makeFinder(options)
  const described = yield* Effect.forEach(
    anchors,
    ({ der, subject }) => Effect.map(Fingerprint.sha256(der), (sha256) => ({ subject: subject.text, sha256 }))
  )
  return {
    description: {
      anchors: described,
      intermediates: options.intermediates?.length ?? 0,
      crls: options.crls?.length ?? 0,
      revocation: options.revocation ?? "soft"
    },
    judge: (peer) =>
      Effect.map(find(peer, peer.now), (found) =>
        Result.isFailure(found)
          ? unreadable(peer, found.failure)
          : opine(peer, found.success.answer, found.success.explain(), options.revocation === "hard"))
  }
})

const unreadable = (peer: Peer.Peer, { detail, rule }: DerError): Opinion => ({
  _tag: "Refuses",
  verdict: Verdicts.malformed(Peer.caseOf(peer), rule, detail),
  proof: claim(peer, [Proof.rule(rule, "The certificate can be read", false, { found: detail })])
})

const opine = (peer: Peer.Peer, answer: Path.Answer, path: Proof.Proof, isHard: boolean): Opinion => {
  if (answer._tag === "Valid") return opineOnNames(peer, answer, path, expiry(peer, answer, isHard))
  const verdict = Verdicts.fault(Peer.caseOf(peer), answer)
  const isUnknown = answer.code === "selfSigned" || answer.code === "untrustedCa"
  return { _tag: isUnknown ? "Abstains" : "Refuses", verdict, proof: claim(peer, [path]) }
}

/** Rows 6 to 8. */
const opineOnNames = (peer: Peer.Peer, valid: Path.Valid, path: Proof.Proof, expiresIn: number): Opinion => {
  const { names, role, wanted } = peer
  const rules = rulesFor(peer, valid)
  const what = Peer.caseOf(peer, [
    ...unknownRevocation(valid.revocation),
    ...Peer.otherPurpose(peer)
  ])
  const grant = { strength: "pki" as const, expiresIn }
  const accepted = (authorised: ReadonlyArray<string>): Opinion => ({
    _tag: "Accepts",
    verdict: Verdicts.trusted(what, { ...grant, authorised }, valid.anchor.subject.text),
    proof: claim(peer, [path, named(peer, true)])
  })
  const proof = claim(peer, [path, named(peer, false)])
  if (wanted === undefined) {
    const authorised = Match.addresses(names, rules)
    return authorised.length > 0
      ? accepted(authorised)
      : { _tag: "Refuses", verdict: Verdicts.noIdentity(what, role), proof }
  }
  const matched = Match.match(names, wanted, rules)
  const alias = matched === "matches" ? undefined : aliasOf(peer)
  if (alias !== undefined) {
    const authorised = [alias, Peer.wantedText(peer) ?? ""]
    const verdict = Verdicts.trusted({ ...what, wanted: alias }, { ...grant, authorised }, valid.anchor.subject.text)
    return {
      _tag: "Accepts",
      verdict: { ...verdict, rule: "CERT-09", because: `${verdict.because}; ${claimedToBe(peer)}` },
      proof: claim(peer, [path, claimed(peer, alias)])
    }
  }
  switch (matched) {
    case "matches":
      return accepted([Peer.wantedText(peer) ?? ""])
    case "mismatch":
      return { _tag: "Refuses", verdict: Verdicts.identityMismatch(what, role), proof }
    case "nameless":
      return { _tag: "Abstains", verdict: Verdicts.noIdentity(what, role), proof }
  }
}

/** CERT-09: the first JID of those claimed that the certificate names. A JID is read as one on link-local streams too. */
const aliasOf = ({ aliases = [], certificate }: Peer.Peer): string | undefined => {
  if (aliases.length === 0) return undefined
  const { xmppAddr } = PresentedNames.read(certificate, "jid")
  return aliases.find((each) => xmppAddr.includes(each))
}

/** CERT-63: limits to DNS names do not reach a Common Name, so where an authority set limits it is not looked at. */
const rulesFor = ({ rules }: Peer.Peer, { anchor, path }: Path.Valid): Match.Rules =>
  [...path, anchor].some(({ extensions }) => extensions.nameConstraints !== undefined)
    ? { ...rules, legacyCommonName: false }
    : rules

/** CERT-105; CERT-54: who insists on knowing of revocations knows as long as the last word on them is good. */
const expiry = ({ now }: Peer.Peer, { path, revocation }: Path.Valid, isHard: boolean): number =>
  Math.min(
    Peer.timeLeft(path, now),
    isHard ? Math.max(0, (revocation?.askAgainAt ?? now) - now) : Number.POSITIVE_INFINITY
  )

/** CERT-51: one notice, whatever number of certificates nothing is known about. */
const unknownRevocation = (revocation: Revocation.Answer | undefined): ReadonlyArray<string> =>
  revocation === undefined
    ? ["revocationUnknown: whether the certificate is revoked has not been asked."]
    : revocation.notices.slice(0, 1).map((each) => `revocationUnknown: ${each}`)

const claim = (peer: Peer.Peer, reasons: ReadonlyArray<Proof.Proof>): Proof.Proof =>
  Proof.all({ _tag: "Model", model: "authority" }, `An authority vouches that the peer is ${Peer.who(peer)}`, reasons)

const named = (peer: Peer.Peer, holds: boolean): Proof.Proof =>
  Proof.rule("CERT-70", `The certificate names ${Peer.who(peer)}`, holds, {
    source: "RFC 6120 §13.7.2, RFC 9525 §6",
    found: `it names ${listed(PresentedNames.texts(peer.names), "nobody")}`
  })

const claimedToBe = (peer: Peer.Peer): string =>
  `that ${Peer.who(peer)} is the same is what discovery claims, for which nobody vouches`

const claimed = (peer: Peer.Peer, alias: string): Proof.Proof =>
  Proof.rule("CERT-09", `The certificate names a JID that discovery claims for ${Peer.who(peer)}`, true, {
    found: `it names ${visible(alias)}`
  })
