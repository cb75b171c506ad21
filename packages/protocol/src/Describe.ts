/**
 * One line for each step, for logs, failures and examples.
 *
 * Names, sizes, addresses and reasons are told; what people wrote to each other, and the free text of a peer's errors,
 * is not. Whatever came from outside is cut short and freed of control characters, so that a line stays one line and a
 * terminal stays as it was.
 *
 * @since 0.1.0
 */
import { Element } from "@xmpp-e2e/xml"
import type { Action } from "./Action.ts"
import type { StreamError } from "./Condition.ts"
import type { Event, Resumption, TlsFacts } from "./Event.ts"
import type { StreamHeader } from "./Header.ts"
import type { Notice } from "./Notice.ts"
import type { Cause, Reason } from "./Reason.ts"
import type { PeerIdentity } from "./State.ts"
import type { Verdict } from "./Verdict.ts"

/**
 * `Responding.AwaitingChoice  <- ElementReceived <starttls/>  => send <proceed/>, start TLS as server`; `before` is the
 * label of the state the event met.
 *
 * @since 0.1.0
 * @category formatting
 */
export const step = (before: string, happened: Event, asked: ReadonlyArray<Action>): string =>
  `${before}  <- ${event(happened)}  => ${actions(asked)}`

/**
 * The tag of an event, and what of it may be told.
 *
 * @since 0.1.0
 * @category formatting
 */
export const event = (event: Event): string => {
  switch (event._tag) {
    case "HeaderReceived":
      return `${event._tag} ${rootTag(event.tag)}${event.overloaded === true ? ", no room" : ""}`
    case "ElementReceived":
      return `${event._tag} ${element(event.element)}`
    case "InputRejected":
      return `${event._tag} ${event.fault.kind}${note(event.fault.detail)}`
    case "SendRequested":
      return `${event._tag} #${event.request} ${element(event.stanza)}`
    case "FailRequested":
      return `${event._tag} ${event.condition}`
    case "EnableRequested":
      return `${event._tag}${event.resumable ? " resumable" : ""}`
    case "TransportLost":
      return `${event._tag}${note(event.fault)}`
    case "TlsEstablished":
      return `${event._tag} ${tls(event.facts)}, ${counted(event.facts.chain.length, "certificate")}`
    case "TlsFailed":
      return `${event._tag}${note(event.fault)}`
    case "PeerJudged":
      return `${event._tag} ${verdict(event.verdict)}`
    case "ResumptionJudged":
      return `${event._tag} ${event.resumption === undefined ? "none" : resumption(event.resumption)}`
    case "TimerFired":
      return `${event._tag} ${event.timer} #${event.generation}`
    case "FooterReceived":
    case "WhitespaceReceived":
    case "CloseRequested":
    case "AbortRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
    case "TransportOpened":
    case "TransportEnded":
      return event._tag
  }
}

/**
 * The actions of a step, in order.
 *
 * @since 0.1.0
 * @category formatting
 */
export const actions = (actions: ReadonlyArray<Action>): string =>
  actions.length === 0 ? "nothing" : actions.map(action).join(", ")

/**
 * An action, as one would tell it.
 *
 * @since 0.1.0
 * @category formatting
 */
export const action = (action: Action): string => {
  switch (action._tag) {
    case "SendHeader":
      return `send header${header(action.header)}`
    case "SendElement":
      return `send ${element(action.element)}${action.request === undefined ? "" : ` for #${action.request}`}`
    case "SendFooter":
      return "send footer"
    case "SendWhitespace":
      return "send white space"
    case "StartTls":
      return `start TLS as ${action.as}`
    case "RestartInput":
      return "restart input"
    case "StopInput":
      return "stop input"
    case "JudgePeer":
      return `judge peer by ${counted(action.chain.length, "certificate")}` +
        (action.expected === undefined ? "" : `, expecting ${name(action.expected)}`)
    case "JudgeResumption":
      return `judge resumption ${name(action.id)} of ${name(action.identity)}`
    case "SetTimer":
      return `set ${action.timer} #${action.generation} to ${action.after} ms`
    case "ClearTimer":
      return `clear ${action.timer} #${action.generation}`
    case "Deliver":
      return `deliver ${element(action.stanza)}${action.delivery.canReply ? "" : ", no reply possible"}`
    case "Refuse":
      return `refuse${action.request === undefined ? "" : ` #${action.request}`} (${action.refusal})`
    case "Report":
      return `report ${notice(action.notice)}`
    case "EndTransport":
      return "end transport"
    case "DropTransport":
      return "drop transport"
  }
}

/**
 * The tag of a notice, and what of it may be told.
 *
 * @since 0.1.0
 * @category formatting
 */
export const notice = (notice: Notice): string => {
  switch (notice._tag) {
    case "TlsOn":
      return `${notice._tag} ${tls(notice.facts)}, ${verdict(notice.verdict)}`
    case "CertificateRejected":
      return `${notice._tag} ${verdict(notice.verdict)}`
    case "AuthenticationFailed":
      return `${notice._tag} ${name(notice.condition)}`
    case "Negotiated":
      return `${notice._tag} ${identity(notice.peer)}, ${notice.secured ? "secured" : "not secured"}` +
        (notice.resumed ? ", resumed" : "")
    case "PeerError":
    case "SentError":
      return `${notice._tag} ${streamError(notice.error)}`
    case "Redirected":
      return `${notice._tag} to ${name(notice.host)}`
    case "ManagementOn":
      return `${notice._tag}${notice.id === undefined ? "" : ` ${name(notice.id)}`}`
    case "StanzasAcknowledged":
      return `${notice._tag} ${numbers(notice.requests)}`
    case "Diagnostic":
      return `${notice._tag} ${notice.about}${note(notice.detail)}`
    case "Ended":
      return `${notice._tag} ${notice.clean ? "clean" : "unclean"}${notice.endedLate ? ", late" : ""}: ` +
        reason(notice.reason) +
        (notice.unsent.length === 0 ? "" : `, unsent ${numbers(notice.unsent)}`) +
        (notice.resumption === undefined ? "" : `, resumable as ${resumption(notice.resumption)}`)
    case "InsecureChannel":
    case "PeerClosed":
    case "ManagementOff":
      return notice._tag
  }
}

/**
 * `NotAdmitted certificate (TLS-21)`: by whose doing, what, and by which rule.
 *
 * @since 0.1.0
 * @category formatting
 */
export const reason = (reason: Reason): string =>
  `${reason._tag} ${reason.cause}${reason.condition === undefined ? "" : ` ${reason.condition}`} (${
    name(reason.rule)
  })` +
  note(inSomebodysWords.has(reason.cause) ? undefined : reason.detail)

/**
 * `<message to="juliet@pronto"/> (body; 42 chars)`: the name, the addresses, the names of the first children, and the
 * size of all text inside.
 *
 * @since 0.1.0
 * @category formatting
 */
export const element = (element: Element.Element): string => {
  const children = Element.elements(element)
  const names = children.slice(0, childrenMax).map((child) => name(child.name))
  if (children.length > childrenMax) names.push("…")
  const chars = textChars(element)
  const inside = [...(names.length === 0 ? [] : [names.join(", ")]), ...(chars === 0 ? [] : [`${chars} chars`])]
  return `<${name(element.name)}${addresses(element, ["to", "from"])}/>` +
    (inside.length === 0 ? "" : ` (${inside.join("; ")})`)
}

/**
 * A text from outside made fit for a line: cut at 160 characters, and control characters, format characters, lone
 * surrogates and line separators written as `\u{…}`, since they could change what a reader sees around them.
 *
 * @since 0.1.0
 * @category formatting
 */
export const clean = (text: string, charsMax: number = noteCharsMax): string =>
  (text.length > charsMax ? `${text.slice(0, charsMax)}…` : text)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`)

const rootTag = (tag: Element.RootTag): string =>
  `<${name(tag.name)}${addresses(tag, ["to", "from", "id", "version"])}>`

const addresses = (of: Pick<Element.Element, "attributes">, names: ReadonlyArray<string>): string =>
  names.map((each) => attribute(each, Element.attribute(of, each))).join("")

const header = (header: StreamHeader): string =>
  attribute("to", header.to) + attribute("from", header.from) + attribute("id", header.id) +
  attribute("version", header.version)

const attribute = (of: string, value: string | undefined): string =>
  value === undefined ? "" : ` ${of}="${name(value.replace(/["\\]/g, "\\$&"))}"`

/** Without recursion: nobody bounds the depth of a stanza of our own side. */
const textChars = (element: Element.Element): number => {
  let chars = 0
  const open: Array<Element.Node> = [element]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === "string") chars += node.length
    else for (const child of node.children) open.push(child)
  }
  return chars
}

const streamError = (error: StreamError): string =>
  error.condition + attribute("host", error.host) +
  (error.application === undefined ? "" : ` with ${element(error.application)}`)

const verdict = (verdict: Verdict): string =>
  `${verdict.decision} ${verdict.code} (${name(verdict.rule)})` +
  (verdict.identity === undefined ? "" : ` ${name(verdict.identity)}`) +
  (verdict.decision === "reject" ? note(verdict.because) : "")

const identity = (peer: PeerIdentity): string =>
  `${peer.address === undefined ? "nobody we know" : name(peer.address)} (${peer.how}, ` +
  `${peer.verified ? "verified" : "not verified"})`

const tls = (facts: Omit<TlsFacts, "chain">): string =>
  `${name(facts.protocol)} ${name(facts.cipher)}${facts.resumed ? " resumed" : ""}`

const resumption = (resumption: Resumption): string =>
  `${name(resumption.id)} of ${name(resumption.identity)}, ${counted(resumption.unacknowledged.length, "stanza")} kept`

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? "" : "s"}`

const numbers = (requests: ReadonlyArray<number>): string =>
  requests.slice(0, requestsMax).map((each) => `#${each}`).join(" ") +
  (requests.length > requestsMax ? ` … ${requests.length} in all` : "")

const note = (detail: string | undefined): string => detail === undefined ? "" : `: ${clean(detail)}`

const name = (text: string): string => clean(text, nameCharsMax)

/** Causes whose detail is the free text of the peer's error, or of our own side's. */
const inSomebodysWords: ReadonlySet<Cause> = new Set(["reported", "failedBySelf"])

const childrenMax = 4
const requestsMax = 8
const nameCharsMax = 80
const noteCharsMax = 160
