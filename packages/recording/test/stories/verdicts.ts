/** Every verdict on a certificate by which a stream ends (certificates §8). The words are shorter than the judge's. */
import type { Verdict } from "@xmpp-e2e/protocol"
import { direct, judged, opened, refused, secured } from "./saying.ts"
import { alone, type Scenario } from "./telling.ts"

type Ending = readonly [code: Verdict.VerdictCode, rule: string, because: string]

/** The codes of `VerdictCode` that refuse; `verdictTimeout` is the reducer's own, and stands with the timers. */
export const endings: ReadonlyArray<Ending> = [
  ["noCertificate", "CERT-101", "the peer showed no certificate"],
  ["malformed", "CERT-20", "the certificate cannot be read"],
  ["offerMismatch", "CERT-91", "another certificate was announced"],
  ["pinMismatch", "CERT-85", "the key changed"],
  ["identityMismatch", "CERT-70", "it is for nurse@pronto and not for juliet@pronto"],
  ["noIdentity", "CERT-62", "it holds no name that could be a peer's"],
  ["expired", "CERT-30", "it expired"],
  ["notYetValid", "CERT-30", "it is not valid yet"],
  ["revoked", "CERT-50", "it was revoked"],
  ["revocationUnknown", "CERT-51", "nobody could say whether it was revoked"],
  ["badSignature", "CERT-30", "its signature is wrong"],
  ["nameChaining", "CERT-41", "its issuer is another than the next certificate names"],
  ["notACa", "CERT-34", "its issuer is no authority"],
  ["pathLength", "CERT-30", "its path is longer than an authority allows"],
  ["keyUsage", "CERT-33", "its issuer may sign no certificates"],
  ["purpose", "CERT-56", "it is for another purpose"],
  ["policy", "CERT-30", "it lacks a policy that is required"],
  ["nameConstraint", "CERT-30", "its authority may not vouch for that name"],
  ["unknownCritical", "CERT-30", "it holds a critical extension that nobody knows"],
  ["weakSignature", "CERT-35", "it is signed with SHA-1"],
  ["weakKey", "CERT-38", "its key is too short"],
  ["eeIsCa", "CERT-31", "it is an authority's"],
  ["emptySubject", "CERT-32", "its subject is empty and its names are not critical"],
  ["selfSigned", "CERT-82", "it is signed by itself, and nobody knows it"],
  ["untrustedCa", "CERT-42", "nobody we trust vouches for it"],
  ["userRejected", "CERT-87", "the question whether to trust it was answered with no"],
  ["internal", "SASL-36", "the peer could not be judged"]
]

/** The initiator refuses: the recipient hears nothing but the end, which `recipient-not-believed` shows. */
export const verdicts = (): ReadonlyArray<Scenario> => [
  ...endings.map(([code, rule, because]) => told("initiator", code, rule, because)),
  ...endings.filter(([code]) => recipientRefuses.has(code)).map(([code, rule, because]) =>
    told("recipient", code, rule, because)
  )
]

const told = (side: "initiator" | "recipient", code: Verdict.VerdictCode, rule: string, because: string): Scenario =>
  alone(`verdict-${kebab(code)}`, `TLS-21 ${rule}: ${because}`, direct(side), [
    opened,
    secured(side),
    judged(refused(code, rule, because))
  ])

/** `pinMismatch` is `pin-mismatch` in the name of a file. */
const kebab = (code: string): string => code.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** Those of the 13 refusals on the command line that a recipient speaks out as well. */
const recipientRefuses: ReadonlySet<string> = new Set(["expired", "selfSigned"])
