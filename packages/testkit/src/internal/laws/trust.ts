/** Nobody comes in below the policy, and nobody by what was said in clear. Told from the log, not from what the state says. */
import { Address, Admission, Namespace } from "@xmpp-e2e/protocol"
import type { Config, Verdict } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import type { Law } from "../../Law.ts"
import type { Step } from "../../Run.ts"
import { type ActionOf, law, type NoticeOf, notices } from "./law.ts"

/** What has been reached, by the log. */
interface Reached {
  tls: "clear" | "handshake" | "judging" | "secured"
  verdict: Verdict.Verdict | undefined
  authenticated: boolean
  negotiated: boolean
}

const follow = (reached: Reached, { actions, before, event }: Step): void => {
  const recipient = before.config.role === "recipient"
  if (event._tag === "TlsEstablished" && reached.tls === "handshake") reached.tls = "judging"
  if (event._tag === "PeerJudged" && reached.tls === "judging" && event.verdict.decision === "accept") {
    reached.tls = "secured"
    reached.verdict = event.verdict
  }
  const asked = "at" in before && (before.at._tag === "AwaitingSasl" || before.at._tag === "AwaitingAbort")
  if (event._tag === "ElementReceived" && !recipient && asked && isSuccess(event.element)) reached.authenticated = true
  for (const action of actions) {
    if (action._tag === "StartTls") reached.tls = "handshake"
    if (action._tag === "SendElement" && recipient && isSuccess(action.element)) reached.authenticated = true
  }
  if (notices(actions, "Negotiated").length > 0) reached.negotiated = true
}

const nothing = (): Reached => ({ tls: "clear", verdict: undefined, authenticated: false, negotiated: false })

export const noClear: Law = law(
  "no-clear",
  "nothing is delivered or sent as a stanza before completion; under `tls: required` nothing in clear but the way to TLS",
  () => {
    const reached = nothing()
    return (step) => {
      const wasSecured = reached.tls === "secured"
      follow(reached, step)
      const { config } = step.before
      for (const action of step.actions) {
        const said = action._tag === "SendElement" ? action.element : undefined
        const isStanza = said !== undefined && said.namespace === config.policy.contentNamespace
        if ((action._tag === "Deliver" || isStanza) && !reached.negotiated) return `${action._tag} before completion`
        if (config.policy.tls !== "required" || wasSecured || reached.tls === "secured") continue
        if (action._tag === "Deliver" || isStanza) return `${action._tag} in clear`
        if (said !== undefined && !isWayToTls(said, config)) return `<${said.name}/> in clear`
      }
      return undefined
    }
  }
)

export const downgrade: Law = law(
  "downgrade",
  "no stream is established below the policy, whatever the peer leaves out",
  () => {
    const reached = nothing()
    let offered = false
    return (step) => {
      const { actions, before: { config }, event } = step
      const { authenticatePeer, legacy, sasl, tls } = config.policy
      follow(reached, step)
      offered ||= event._tag === "ElementReceived" && awaitsFeatures(step.before) && offersTls(event.element)
      if (tls === "never" && reached.tls !== "clear") return "TLS, which is never used"
      if (sasl === "never" && reached.authenticated) return "SASL, which is never used"
      for (const negotiated of notices(actions, "Negotiated")) {
        const secured = reached.tls === "secured"
        if (negotiated.secured !== secured) return "the notice and the log differ about TLS"
        if (tls === "required" && !secured) return "no TLS, which is required"
        if (sasl === "required" && !reached.authenticated) return "no SASL, which is required"
        if (authenticatePeer && secured && !negotiated.peer.verified) return "TLS with a peer nobody has verified"
        if (config.role === "initiator" && tls === "preferred" && offered && !secured) return "TLS was on offer"
        const header = step.after._tag === "Established" ? step.after.admission.header : undefined
        if (legacy === "refuse" && header !== undefined && !header.modern) return "a peer without version"
      }
      return undefined
    }
  }
)

export const identity: Law = law(
  "identity",
  "a peer counts as verified only when an accepted verdict authorises that very address (P-14)",
  () => {
    const reached = nothing()
    return (step) => {
      follow(reached, step)
      for (const { peer } of notices(step.actions, "Negotiated")) {
        const because = peer.verified ? whyUnproven(peer, reached, step.before.config) : undefined
        if (because !== undefined) return because
      }
      return undefined
    }
  }
)

/** P-13, as far as the state goes: what follows is a function of it. */
export const forgetful: Law = law(
  "forgetful",
  "when TLS comes up, nothing that was said in clear is kept (P-13)",
  () => ({ actions, after, before, event }) => {
    if (event._tag !== "TlsEstablished" || !("at" in before) || before.at._tag !== "AwaitingTls") return undefined
    if ((after._tag !== "Initiating" && after._tag !== "Responding") || after.at._tag !== "AwaitingVerdict") {
      return "TLS came up and is not judged"
    }
    const kept = [...Object.keys(after), ...Object.keys(after.link), ...Object.keys(after.at)]
    const more = kept.filter((key) => !neutral.has(key))
    if (more.length > 0 || after.at.deferred.length > 0) return `${more.join(", ") || "input"} was kept`
    return actions.some(isHonestQuestion(before.config)) ? undefined : "the judge was asked about somebody else"
  }
)

const neutral: ReadonlySet<string> = new Set(
  "_tag at config deferred facts generation held link timers".split(" ")
)

const isHonestQuestion = ({ peer }: Config.Config) => (action: Step["actions"][number]): boolean =>
  isJudge(action) && action.expected === peer

const isJudge = (action: Step["actions"][number]): action is ActionOf<"JudgePeer"> => action._tag === "JudgePeer"

const whyUnproven = (
  { address }: NoticeOf<"Negotiated">["peer"],
  { tls, verdict }: Reached,
  { naming, role }: Config.Config
): string | undefined => {
  if (tls !== "secured" || verdict === undefined || address === undefined) return "verified without a verdict"
  if (role === "recipient") {
    return Admission.authorises(verdict, address, naming) ? undefined : `${address} is not authorised by the verdict`
  }
  return verdict.identity !== undefined && verdict.strength !== "none" &&
      Address.sameBare(address, verdict.identity, naming)
    ? undefined
    : `${address} is not the identity of the verdict`
}

const isSuccess = (element: Element.Element): boolean => Element.is(element, Namespace.sasl, "success")

const awaitsFeatures = (before: Step["before"]): boolean =>
  before._tag === "Initiating" && before.at._tag === "AwaitingFeatures"

const offersTls = (element: Element.Element): boolean =>
  Element.is(element, Namespace.stream, "features") && Element.child(element, Namespace.tls, "starttls") !== undefined

const isWayToTls = (element: Element.Element, config: Config.Config): boolean => {
  if (element.namespace === Namespace.tls) return true
  // SASL-31: an <auth/> in clear is answered, with a failure.
  if (element.namespace === Namespace.sasl) return config.role === "recipient" && element.name === "failure"
  if (Element.is(element, Namespace.stream, "error")) return true
  return Element.is(element, Namespace.stream, "features") &&
    Element.elements(element).every((each) =>
      Element.is(each, Namespace.tls, "starttls") || config.extraFeatures.includes(each)
    )
}
