/** What we send, seen as the peer will see it: substreams, words and silence. */
import { Namespace } from "@xmpp-e2e/protocol"
import type { Action } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import type { Law } from "../../Law.ts"
import type { Step } from "../../Run.ts"
import { law } from "./law.ts"

type Sent = Extract<
  Action.Action,
  { readonly _tag: "SendHeader" | "SendElement" | "SendFooter" | "SendWhitespace" }
>

export const grammar: Law = law(
  "grammar",
  "we send, for each document, a header, then elements, then perhaps a footer, and nothing while TLS is being agreed on",
  () => {
    let out: "none" | "open" | "closed" = "none"
    let tls: "off" | "handshake" | "judging" = "off"
    let asked = false
    // The header was the last thing we sent. A restart belongs to the header before it (state-machine §5).
    let fresh = false
    const send = (action: Sent, step: Step, at: number): string | undefined => {
      if (tls !== "off") return `${action._tag} while TLS is ${tls}`
      if (asked && !isLastWord(action)) return `${action._tag} while <starttls/> is unanswered`
      if (action._tag === "SendHeader") {
        const next = step.actions.slice(at + 1).find((each) => isSent(each) || each._tag === "RestartInput")
        if (out !== "none" && next?._tag !== "RestartInput") return "a second header in one document"
        fresh = true
        out = "open"
        return undefined
      }
      fresh = false
      if (out !== "open") return `${action._tag} with no stream open`
      if (action._tag === "SendFooter") out = "closed"
      if (action._tag === "SendWhitespace" && step.before._tag !== "Established") return "white space in a negotiation"
      asked ||= action._tag === "SendElement" && Element.is(action.element, Namespace.tls, "starttls")
      return undefined
    }
    return (step) => {
      const { actions, event } = step
      if (event._tag === "PeerJudged" && tls === "judging" && event.verdict.decision === "accept") tls = "off"
      if (event._tag === "TlsEstablished" && tls === "handshake") tls = "judging"
      if (event._tag === "ElementReceived" && isAnswer(event.element)) asked = false
      for (const [at, action] of actions.entries()) {
        const because = isSent(action) ? send(action, step, at) : undefined
        if (because !== undefined) return because
        if (action._tag === "StartTls") [out, tls] = ["none", "handshake"]
        if (action._tag === "RestartInput" && !fresh) out = "none"
      }
      return undefined
    }
  }
)

export const silence: Law = law(
  "silence-after-close",
  "after our footer, and after the transport was ended or dropped, nothing is sent",
  () => {
    let closed: string | undefined
    return ({ actions }) => {
      for (const action of actions) {
        if (closed !== undefined && (isSent(action) || action._tag === "StartTls")) {
          return `${action._tag} after ${closed}`
        }
        if (closings.has(action._tag)) closed = action._tag
      }
      return undefined
    }
  }
)

export const oneEnding: Law = law(
  "one-ending",
  "there is at most one footer, and at most one stream error, which the footer follows at once (P-05)",
  () => {
    let [errors, footers] = [0, 0]
    return ({ actions }) => {
      const sent = actions.filter(isSent)
      for (const [index, action] of sent.entries()) {
        if (action._tag === "SendFooter") footers += 1
        if (!isError(action)) continue
        errors += 1
        if (sent[index + 1]?._tag !== "SendFooter") return "a stream error without a footer right behind it"
      }
      return errors > 1 ? "a second stream error" : footers > 1 ? "a second footer" : undefined
    }
  }
)

export const freshIds: Law = law(
  "fresh-ids",
  "every header of a recipient has the id that was drawn for it, and an initiator's has none (P-12)",
  () => ({ actions, before, event }) => {
    for (const action of actions) {
      if (action._tag !== "SendHeader") continue
      const { id } = action.header
      if (before.config.role === "initiator" ? id !== undefined : id === undefined) return `the id is ${id}`
      if ("freshId" in event && id !== undefined && id !== event.freshId) return `${id} was not drawn for this header`
    }
    return undefined
  }
)

/** P-18 as the log has it: a failure is answered, and only so many are. */
export const tries: Law = law(
  "tries",
  "a recipient answers no more failures of SASL than its limit, and an initiator begins no more often (P-18)",
  () => {
    let begun = 0
    let failed = 0
    return ({ actions, before, event }) => {
      const most = before.config.limits.saslTriesMax
      if (event._tag === "TlsEstablished") [begun, failed] = [0, 0]
      const counts = event._tag === "ElementReceived" && event.element.namespace === Namespace.sasl &&
        (event.element.name === "auth" || ("at" in before && before.at._tag === "AwaitingResponse"))
      for (const action of actions) {
        if (action._tag !== "SendElement" || action.element.namespace !== Namespace.sasl) continue
        if (action.element.name === "auth") begun += 1
        if (action.element.name === "failure" && counts) failed += 1
      }
      if (begun > most) return `SASL begun for the ${begun}th time`
      return failed > most ? `failure number ${failed} was answered with one more chance` : undefined
    }
  }
)

export const isSent = (action: Action.Action): action is Sent =>
  action._tag === "SendHeader" || action._tag === "SendElement" || action._tag === "SendFooter" ||
  action._tag === "SendWhitespace"

const isError = (action: Sent): boolean =>
  action._tag === "SendElement" && Element.is(action.element, Namespace.stream, "error")

const isLastWord = (action: Sent): boolean => action._tag === "SendFooter" || isError(action)

const isAnswer = (element: Element.Element): boolean =>
  element.namespace === Namespace.tls && (element.name === "proceed" || element.name === "failure")

const closings: ReadonlySet<Action.Action["_tag"]> = new Set(["SendFooter", "EndTransport", "DropTransport"])
