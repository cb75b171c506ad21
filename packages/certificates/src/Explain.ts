/**
 * Verdicts and certificates in lines for people: which rule decided, what was found, what to do.
 *
 * @since 0.1.0
 */
import type { Address, Verdict } from "@xmpp-e2e/protocol"
import * as Certificate from "./Certificate.ts"
import * as Fingerprint from "./Fingerprint.ts"
import { toIso } from "./internal/calendar.ts"
import * as oids from "./internal/oids.ts"
import { visible } from "./internal/visible.ts"
import * as PresentedNames from "./PresentedNames.ts"
import type * as Proof from "./Proof.ts"

/**
 * @since 0.1.0
 * @category encoding
 */
export const verdict = (of: Verdict.Verdict): ReadonlyArray<string> => [
  `${of.decision === "accept" ? "Accepted" : "Refused"}: ${of.code}, by ${of.rule} (${strengths[of.strength]}).`,
  `${of.because}.`,
  ...of.identity === undefined ? [] : [`The peer is ${visible(of.identity)}.`],
  `It may speak for ${of.authorised.map(visible).join(", ") || "nobody"}.`,
  ...of.fingerprint === undefined ? [] : [`SHA-256 ${Fingerprint.display(of.fingerprint)}`],
  ...of.notices.map((each) => `Note: ${each}`)
]

/**
 * A proof as a tree of lines: `✓` before what holds, `✗` before what does not, with the requirement and its source. Unless
 * `isWhole`, the rules that are kept are only counted, so that those that are broken are seen.
 *
 * @since 0.1.0
 * @category encoding
 */
export const proof = (
  of: Proof.Proof,
  { isWhole }: { readonly isWhole: boolean } = { isWhole: true }
): ReadonlyArray<string> => {
  const { claim, found, holds, reasons, rule, source } = of
  const kept = isWhole ? [] : reasons.filter((each) => each.holds && each.reasons.length === 0)
  const shown = reasons.filter((each) => !kept.includes(each))
  const origin = [rule, source].filter((each) => each !== undefined).join(", ")
  return [
    `${holds ? "✓" : "✗"} ${claim}${found === undefined ? "" : `: ${found}`}${origin === "" ? "" : ` [${origin}]`}`,
    ...kept.length === 0 ? [] : [`  ✓ ${kept.length === 1 ? "1 rule is" : `${kept.length} rules are`} kept`],
    ...shown.flatMap((each) => proof(each, { isWhole })).map((line) => `  ${line}`)
  ]
}

/**
 * What a certificate says of itself. Nothing of it has been checked.
 *
 * @since 0.1.0
 * @category encoding
 */
export const certificate = (
  of: Certificate.Certificate,
  fingerprint: string,
  naming: Address.Naming
): ReadonlyArray<string> => {
  const names = PresentedNames.read(of, naming)
  const { extKeyUsage, keyUsage } = of.extensions
  return [
    `Subject ${of.subject.text}`,
    `Issuer ${Certificate.isSelfIssued(of) ? "the same" : of.issuer.text}`,
    ...names.xmppAddr.map((each) => `XmppAddr ${visible(each)}`),
    ...names.srv.map(({ name, service }) => `SRVName _${service}.${name}`),
    ...names.dns.map((each) => `dNSName ${each}`),
    ...names.ip.map((each) => `iPAddress ${each}`),
    ...names.notices.map((each) => `Note: ${each}`),
    `Valid from ${toIso(of.notBefore)} until ${toIso(of.notAfter)}`,
    `Key ${of.publicKey.text}`,
    `Use ${keyUsage === undefined ? "any" : keyUsage.join(", ") || "none"}`,
    `Purpose ${extKeyUsage === undefined ? "any" : extKeyUsage.map((each) => purposes.get(each) ?? each).join(", ")}`,
    ...Certificate.isCa(of) ? ["It is the certificate of an authority."] : [],
    `SHA-256 ${Fingerprint.display(fingerprint)}`
  ]
}

const strengths: { readonly [Strength in Verdict.Strength]: string } = {
  pki: "an authority vouches for it",
  pinned: "its fingerprint was confirmed",
  custom: "a function of the application vouches for it",
  firstUse: "known from a first use, not confirmed",
  none: "nobody vouches for it"
}

const purposes = new Map([
  [oids.serverAuth, "serverAuth"],
  [oids.clientAuth, "clientAuth"],
  [oids.xmppAddr, "id-on-xmppAddr"],
  [oids.anyExtendedKeyUsage, "any"]
])
