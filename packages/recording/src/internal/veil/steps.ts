/**
 * Events and actions under the veil. What the reducer makes of a veiled event is the veiled form of what it made of the
 * event itself; `Replay` rests on that.
 */
import type { Action, Condition, Event, Header, Notice, Reason, State, Verdict } from "@xmpp-e2e/protocol"
import { element, hideElement, rootTag } from "./elements.ts"
import { evidence } from "./evidence.ts"
import { certificate, count, mask, perhaps, rule, type Veil } from "./veil.ts"

/** @internal */
export const event = (event: Event.Event, veil: Veil): Event.Event => {
  switch (event._tag) {
    case "HeaderReceived":
      return { ...event, tag: rootTag(event.tag, veil), freshId: veil.id(event.freshId) }
    case "ElementReceived":
      return { ...event, element: element(event.element, veil), ...perhaps("freshId", event.freshId, veil.id) }
    case "InputRejected":
      return {
        ...event,
        fault: { ...event.fault, detail: mask(event.fault.detail) },
        freshId: veil.id(event.freshId)
      }
    case "SendRequested":
      return { ...event, stanza: element(event.stanza, veil) }
    case "FailRequested":
      return { ...event, ...perhaps("text", event.text, mask), ...perhaps("host", event.host, veil.host) }
    case "TransportLost":
      return { ...event, ...perhaps("fault", event.fault, mask) }
    case "TlsFailed":
      return { ...event, fault: mask(event.fault) }
    case "TlsEstablished":
      return { ...event, facts: { ...event.facts, chain: event.facts.chain.map(certificate) } }
    case "PeerJudged":
      return {
        _tag: "PeerJudged",
        verdict: verdict(event.verdict, veil),
        ...(event.evidence === undefined || !veil.showsEvidence ? {} : { evidence: evidence(event.evidence, veil) })
      }
    case "ResumptionJudged":
      return event.resumption === undefined ? event : { ...event, resumption: resumption(event.resumption, veil) }
    case "FooterReceived":
    case "WhitespaceReceived":
    case "CloseRequested":
    case "AbortRequested":
    case "EnableRequested":
    case "AcknowledgeRequested":
    case "AcknowledgementRequested":
    case "ResumeRequested":
    case "TransportOpened":
    case "TransportEnded":
    case "TimerFired":
      return event
  }
}

/** @internal */
export const action = (action: Action.Action, veil: Veil): Action.Action => {
  switch (action._tag) {
    case "SendHeader":
      return { ...action, header: header(action.header, veil) }
    case "SendElement":
      return { ...action, element: element(action.element, veil) }
    case "JudgePeer":
      return {
        ...action,
        chain: action.chain.map(certificate),
        ...perhaps("expected", action.expected, veil.address),
        ...(action.hints === undefined ? {} : { hints: action.hints.map(veil.fingerprint) })
      }
    case "JudgeResumption":
      return { ...action, id: veil.id(action.id), identity: veil.address(action.identity) }
    case "Deliver": {
      const { from, to } = action.delivery
      return {
        ...action,
        stanza: element(action.stanza, veil),
        delivery: { ...action.delivery, to: veil.address(to), ...perhaps("from", from, veil.address) }
      }
    }
    case "Report":
      return { ...action, notice: notice(action.notice, veil) }
    case "SetTimer":
      return { ...action, after: delay(action, veil) }
    case "SendFooter":
    case "SendWhitespace":
    case "StartTls":
    case "RestartInput":
    case "StopInput":
    case "ClearTimer":
    case "Refuse":
    case "EndTransport":
    case "DropTransport":
      return action
  }
}

/** Only one timer has a delay that tells something: until the certificate ends. @internal */
export const delay = ({ after, timer }: Extract<Action.Action, { _tag: "SetTimer" }>, veil: Veil): number =>
  timer === "certificate" ? veil.lifetime(after) : after

/** @internal */
export const resumption = (of: Event.Resumption, veil: Veil): Event.Resumption => ({
  ...of,
  id: veil.id(of.id),
  identity: veil.address(of.identity),
  unacknowledged: of.unacknowledged.map((each) => element(each, veil))
})

const header = (of: Header.StreamHeader, veil: Veil): Header.StreamHeader => ({
  ...of,
  ...perhaps("to", of.to, veil.address),
  ...perhaps("from", of.from, veil.address),
  ...perhaps("id", of.id, veil.id),
  ...perhaps("lang", of.lang, veil.language)
})

const notice = (notice: Notice.Notice, veil: Veil): Notice.Notice => {
  switch (notice._tag) {
    case "TlsOn":
    case "CertificateRejected":
      return { ...notice, verdict: verdict(notice.verdict, veil) }
    case "AuthenticationFailed":
      return { ...notice, ...perhaps("text", notice.text, mask) }
    case "Negotiated":
      return { ...notice, peer: identity(notice.peer, veil) }
    case "PeerError":
    case "SentError":
      return { ...notice, error: streamError(notice.error, veil) }
    case "Redirected":
      return { ...notice, host: veil.host(notice.host) }
    case "ManagementOn":
      return { ...notice, ...perhaps("id", notice.id, veil.id) }
    case "Diagnostic":
      // The peer's own word; elsewhere a rule, a tag, the name of an element.
      return notice.about === "resumptionRefused" ? { ...notice, ...perhaps("detail", notice.detail, count) } : notice
    case "Ended":
      return {
        ...notice,
        reason: reason(notice.reason),
        ...(notice.resumption === undefined ? {} : { resumption: resumption(notice.resumption, veil) })
      }
    case "InsecureChannel":
    case "PeerClosed":
    case "ManagementOff":
    case "StanzasAcknowledged":
      return notice
  }
}

const identity = (peer: State.PeerIdentity, veil: Veil): State.PeerIdentity => ({
  ...peer,
  ...perhaps("address", peer.address, veil.address),
  ...perhaps("alias", peer.alias, veil.address)
})

const verdict = (verdict: Verdict.Verdict, veil: Veil): Verdict.Verdict => ({
  ...verdict,
  rule: rule(verdict.rule),
  because: mask(verdict.because),
  authorised: verdict.authorised.map(veil.authorised),
  notices: verdict.notices.map(mask),
  ...perhaps("identity", verdict.identity, veil.address),
  ...perhaps("fingerprint", verdict.fingerprint, veil.fingerprint),
  ...(verdict.expiresIn === undefined ? {} : { expiresIn: veil.lifetime(verdict.expiresIn) })
})

const reason = (reason: Reason.Reason): Reason.Reason => ({
  ...reason,
  rule: rule(reason.rule),
  ...perhaps("detail", reason.detail, ownWords.has(reason.cause) ? (text) => text : mask)
})

const streamError = (error: Condition.StreamError, veil: Veil): Condition.StreamError => ({
  ...error,
  ...perhaps("text", error.text, mask),
  ...perhaps("host", error.host, veil.host),
  ...(error.application === undefined ? {} : { application: hideElement(error.application) })
})

/** Causes that only the reducer explains, in words of its own and names of elements. */
const ownWords: ReadonlySet<Reason.Cause> = new Set([
  "tlsRefused",
  "unsupportedFeature",
  "authenticationFailed",
  "refusedByPeer"
])
