/**
 * The order of certificates §8: facts in, a ruling out; the first row that applies decides. Pure. The facts are gathered,
 * and a first use is settled, in `PeerJudge.ts`.
 *
 * @since 0.1.0
 */
import { Address, type Verdict } from "@xmpp-e2e/protocol"
import type * as Certificate from "./Certificate.ts"
import type { DerError } from "./Der.ts"
import * as oids from "./internal/oids.ts"
import { isCa, validateDates } from "./internal/validation.ts"
import { listed } from "./internal/visible.ts"
import * as Match from "./Match.ts"
import type * as Path from "./Path.ts"
import * as Pin from "./Pin.ts"
import * as PresentedNames from "./PresentedNames.ts"
import * as PublicKey from "./PublicKey.ts"
import type { Trust } from "./Trust.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Facts {
  readonly role: "initiator" | "recipient"
  /** Prepared and bare. An initiator has one. */
  readonly wanted?: Address.Address
  readonly naming: Address.Naming
  /** Normalised. */
  readonly hints: ReadonlyArray<string>
  /** Milliseconds since 1970. */
  readonly now: number
  /** Fingerprints and pins normalised. */
  readonly trust: Omit<Trust, "anchors" | "intermediates">
  readonly shown: Nothing | Unreadable | Shown
}

/**
 * The peer sent no certificate.
 *
 * @since 0.1.0
 * @category models
 */
export interface Nothing {
  readonly _tag: "Nothing"
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Unreadable {
  readonly _tag: "Unreadable"
  readonly fingerprint: string
  readonly error: DerError
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Shown {
  readonly _tag: "Shown"
  readonly certificate: Certificate.Certificate
  readonly hashes: Pin.Hashes
  /** SHA-1, for hints only. */
  readonly sha1: string
  readonly names: PresentedNames.PresentedNames
  readonly path: Path.Answer
  /** Pins of the wanted address; without one, of the addresses that the certificate presents. */
  readonly pinsByAddress: ReadonlyArray<Pin.Pin>
  /** Pins of this certificate or key, of whatever address. */
  readonly pinsByFingerprint: ReadonlyArray<Pin.Pin>
  /** What else people should know: certificates of the chain that could not be read. */
  readonly notices: ReadonlyArray<string>
}

/**
 * What holds if nobody consents, and what a consent to a first use (CERT-86) would change.
 *
 * @since 0.1.0
 * @category models
 */
export interface Ruling {
  readonly verdict: Verdict.Verdict
  readonly firstUse?: {
    /** What the certificate would be pinned to. Never empty. */
    readonly addresses: ReadonlyArray<string>
    readonly accepted: Verdict.Verdict
    /** When a pin of another certificate has turned up meanwhile. */
    readonly conflicting: Verdict.Verdict
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const decide = (facts: Facts): Ruling => {
  const { shown } = facts
  switch (shown._tag) {
    case "Nothing":
      return { verdict: Verdicts.noCertificate(facts.role) }
    case "Unreadable": {
      const what = { fingerprint: shown.fingerprint, presented: [], notices: [] }
      return { verdict: Verdicts.malformed(what, shown.error.rule, shown.error.detail) }
    }
    case "Shown":
      return decideShown(facts, shown)
  }
}

/** What the rows below have in common. */
interface Bench {
  readonly facts: Facts
  readonly shown: Shown
  readonly wanted: string | undefined
  readonly what: Verdicts.Case
  readonly rules: Match.Rules
}

const decideShown = (facts: Facts, shown: Shown): Ruling => {
  const wanted = facts.wanted && Address.format(facts.wanted)
  const presented = PresentedNames.texts(shown.names)
  const what: Verdicts.Case = {
    fingerprint: shown.hashes.certificate,
    presented,
    notices: [...shown.notices, ...shown.names.notices],
    ...wanted === undefined ? {} : { wanted }
  }
  const bench: Bench = { facts, shown, wanted, what, rules: rulesOf(facts) }
  const isAnnounced = facts.hints.length === 0
    || facts.hints.some((each) => each === shown.sha1 || each === shown.hashes.certificate)
  if (!isAnnounced) return { verdict: Verdicts.offerMismatch(what, facts.hints) }
  const pinned = pinnedTo(bench)
  if (pinned !== undefined) return { verdict: decidePinned(bench, pinned) }
  const contradicted = contradictedAddresses(bench)
  if (shown.path._tag === "Valid") return decideTrusted(bench, shown.path, contradicted)
  if (contradicted !== undefined) return { verdict: Verdicts.pinMismatch(what, contradicted) }
  const verdict = Verdicts.fault(what, shown.path)
  return verdict.code === "selfSigned" || verdict.code === "untrustedCa" ? decideFirstUse(bench, verdict) : { verdict }
}

/** CERT-08: we dial services by their client port, unless we are one; services dial us from their server side. */
const rulesOf = ({ naming, role, trust }: Facts): Match.Rules => ({
  naming,
  legacyCommonName: trust.legacyCommonName,
  services: trust.eitherServiceLabel
    ? ["xmpp-client", "xmpp-server"]
    : role === "initiator" && trust.as === "client"
    ? ["xmpp-client"]
    : ["xmpp-server"]
})

interface Pinned {
  readonly addresses: ReadonlyArray<string>
  readonly strength: "pinned" | "firstUse"
}

/** Row 4. A bare pin speaks for the wanted address, or for the XmppAddr names that nobody else is pinned to. */
const pinnedTo = ({ facts, shown, wanted }: Bench): Pinned | undefined => {
  const { fingerprints, pinBy } = facts.trust
  const isBare = fingerprints.includes(shown.hashes.certificate) ||
    (pinBy === "key" && fingerprints.includes(shown.hashes.key))
  const held = shown.pinsByFingerprint.filter((each) =>
    each.naming === facts.naming && Pin.holds(each, shown.hashes, pinBy) &&
    (wanted === undefined || each.address === wanted)
  )
  if (!isBare && held.length === 0) return undefined
  const free = shown.names.xmppAddr.filter((name) => !shown.pinsByAddress.some(({ address }) => address === name))
  const bare = !isBare ? [] : wanted === undefined ? free : [wanted]
  const addresses = [...new Set([...held.map((each) => each.address), ...bare])]
  // CERT-88: a first use stays one until somebody confirms it.
  return { addresses, strength: isBare || held.some(({ how }) => how !== "firstUse") ? "pinned" : "firstUse" }
}

const decidePinned = (bench: Bench, { addresses, strength }: Pinned): Verdict.Verdict => {
  const { facts, shown, wanted } = bench
  const { certificate, names } = shown
  const dates = validateDates(certificate, facts.now)
  if (dates !== undefined && !facts.trust.pinIgnoresValidity) {
    return Verdicts.fault(bench.what, { ...dates, rule: "CERT-89" })
  }
  const isNamed = facts.wanted === undefined || Match.match(names, facts.wanted, bench.rules) !== "mismatch"
  const notices = [
    ...dates === undefined ? [] : [`${dates.code}: ${dates.detail}, which does not matter for pins here.`],
    ...isCa(certificate) ? ["eeIsCa: the pinned certificate is marked as that of an authority."] : [],
    ...PublicKey.isStrong(certificate.publicKey) ? [] : [`weakKey: the pinned key is ${certificate.publicKey.text}.`],
    ...isNamed
      ? []
      : [`otherNames: the certificate is pinned to ${wanted}, but it names ${listed(bench.what.presented, "nobody")}.`]
  ]
  const expiresIn = dates === undefined ? { expiresIn: timeLeft([certificate], facts.now) } : {}
  return Verdicts.pinned(withNotices(bench, notices), { authorised: addresses, strength, ...expiresIn })
}

/** Row 5: the addresses to which something else is pinned than what was shown. */
const contradictedAddresses = ({ facts, shown, wanted }: Bench): ReadonlyArray<string> | undefined => {
  const addresses = [...new Set(shown.pinsByAddress.map((each) => each.address))]
  if (addresses.length > 0) return addresses
  return wanted !== undefined && facts.trust.fingerprints.length > 0 ? [wanted] : undefined
}

/** Rows 6 to 8. A trusted path overrides the pin of another certificate (CERT-85). */
const decideTrusted = (bench: Bench, path: Path.Valid, contradicted: ReadonlyArray<string> | undefined): Ruling => {
  const { facts, rules, shown, wanted } = bench
  const authority = path.anchor.subject.text
  const grant = { strength: "pki" as const, expiresIn: timeLeft(path.path, facts.now) }
  const noted = withNotices(bench, [
    "revocationUnknown: whether the certificate was revoked has not been asked.",
    ...contradicted === undefined
      ? []
      : [`pinOverridden: another certificate is pinned to ${listed(contradicted, "it")}.`],
    ...otherPurpose(bench)
  ])
  const authorised = Match.addresses(shown.names, rules)
  if (facts.wanted === undefined || wanted === undefined) {
    return authorised.length === 0
      ? { verdict: Verdicts.noIdentity(noted, facts.role) }
      : { verdict: Verdicts.trusted(noted, { ...grant, authorised }, authority) }
  }
  switch (Match.match(shown.names, facts.wanted, rules)) {
    case "matches":
      return { verdict: Verdicts.trusted(noted, { ...grant, authorised: [wanted] }, authority) }
    case "mismatch":
      return {
        verdict: contradicted === undefined
          ? Verdicts.identityMismatch(noted, facts.role)
          : Verdicts.pinMismatch(noted, contradicted)
      }
    case "nameless":
      return contradicted === undefined
        ? decideFirstUse(bench, Verdicts.noIdentity(noted, facts.role))
        : { verdict: Verdicts.pinMismatch(noted, contradicted) }
  }
}

/** Row 13: an initiator binds to the address it wants, a recipient to the XmppAddr names it is shown. */
const decideFirstUse = (bench: Bench, verdict: Verdict.Verdict): Ruling => {
  const { facts, shown, wanted } = bench
  if (facts.trust.firstUse === "reject") return { verdict }
  const { xmppAddr } = shown.names
  const isRecipient = facts.role === "recipient"
  const addresses = !isRecipient && wanted !== undefined
    ? [wanted]
    : xmppAddr.filter((each) => wanted === undefined || each === wanted)
  if (addresses.length === 0) {
    return {
      verdict: xmppAddr.length === 0
        ? Verdicts.noIdentity(bench.what, facts.role)
        : Verdicts.identityMismatch(bench.what, facts.role)
    }
  }
  const isNamed = xmppAddr.length === 0 || addresses.some((each) => xmppAddr.includes(each))
  const noted = withNotices(bench, [
    ...isCa(shown.certificate) ? ["eeIsCa: the certificate is marked as that of an authority."] : [],
    ...isNamed
      ? []
      : [`otherNames: the certificate names ${listed(bench.what.presented, "nobody")} and not ${wanted}.`],
    ...elsewhere(bench)
  ])
  const expiresIn = timeLeft([shown.certificate], facts.now)
  return {
    verdict: { ...verdict, notices: noted.notices },
    firstUse: {
      addresses,
      accepted: Verdicts.firstUse(noted, { authorised: addresses, strength: "firstUse", expiresIn }),
      conflicting: Verdicts.pinMismatch(noted, addresses)
    }
  }
}

/** CERT-84, CERT-94. */
const elsewhere = ({ shown, wanted }: Bench): ReadonlyArray<string> => {
  const others = [...new Set(shown.pinsByFingerprint.map((each) => each.address))].filter((each) => each !== wanted)
  return others.length === 0
    ? []
    : [`pinnedElsewhere: this certificate is already pinned to ${listed(others, "another")}.`]
}

/** CERT-57: accepted by policy, though not for this role. */
const otherPurpose = ({ facts, shown }: Bench): ReadonlyArray<string> => {
  const purposes = shown.certificate.extensions.extKeyUsage
  const role = facts.role === "initiator" ? oids.serverAuth : oids.clientAuth
  const isFor = purposes === undefined ||
    [role, oids.xmppAddr, oids.anyExtendedKeyUsage].some((each) => purposes.includes(each))
  return isFor ? [] : ["purpose: the certificate is not made for this role in TLS, which the policy allows."]
}

const withNotices = ({ what }: Bench, notices: ReadonlyArray<string>): Verdicts.Case => ({
  ...what,
  notices: [...what.notices, ...notices]
})

/** CERT-105. The last second counts to its end. */
const timeLeft = (path: ReadonlyArray<Certificate.Certificate>, now: number): number =>
  Math.max(0, Math.min(...path.map((each) => each.notAfter)) + 1000 - now)
