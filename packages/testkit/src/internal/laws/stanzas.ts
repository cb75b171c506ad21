/** Stanzas in both directions: none lost in silence, none twice, none out of turn. */
import { Address, Namespace } from "@xmpp-e2e/protocol"
import type { State } from "@xmpp-e2e/protocol/State"
import { Element } from "@xmpp-e2e/xml"
import type { Law } from "../../Law.ts"
import type { Step } from "../../Run.ts"
import { same } from "../values.ts"
import { law, type NoticeOf, notices } from "./law.ts"

export const queue: Law = law(
  "queue",
  "what was accepted is written in its order, or still held, or told to be unsent (P-15)",
  () => {
    let waiting: ReadonlyArray<number> = []
    return ({ actions, after, event }) => {
      const refused = actions.some((each) => each._tag === "Refuse")
      if (event._tag === "SendRequested" && !refused) waiting = [...waiting, event.request]
      for (const action of actions) {
        if (action._tag !== "SendElement" || action.request === undefined) continue
        if (waiting[0] !== action.request) return `request ${action.request} was written out of turn`
        waiting = waiting.slice(1)
      }
      const unsent = notices(actions, "Ended")[0]?.unsent
      const held = unsent ?? (after._tag === "Closed" ? [] : heldBy(after))
      if (!same(held, waiting)) return `requests ${waiting.join()} wait, and ${held.join()} are known`
      if (after._tag === "Closed") waiting = []
      return undefined
    }
  }
)

export const deliveries: Law = law(
  "deliveries",
  "every stanza that is delivered was received, once and in that order, and nothing is delivered twice (P-16)",
  () => {
    const received: Array<Element.Element> = []
    let next = 0
    return ({ actions, event }) => {
      if (event._tag === "ElementReceived") received.push(event.element)
      for (const action of actions) {
        if (action._tag !== "Deliver") continue
        const found = received.findIndex((each, at) => at >= next && same(each, action.stanza))
        if (found < 0) {
          return "a stanza was delivered that did not come, or came before another, or was delivered before"
        }
        next = found + 1
      }
      return undefined
    }
  }
)

export const sender: Law = law(
  "sender",
  "a stanza is delivered as from the peer of this stream, and from nobody else (STZ-03, STZ-05, STZ-06)",
  () => {
    let peer: NoticeOf<"Negotiated">["peer"] | undefined
    return ({ actions, before: { config } }) => {
      for (const action of actions) {
        if (action._tag === "Report" && action.notice._tag === "Negotiated") peer = action.notice.peer
        if (action._tag !== "Deliver") continue
        const known = [peer?.address, peer?.alias].flatMap((each) => each === undefined ? [] : [each])
        const { from } = action.delivery
        if (known.length === 0) continue
        if (from === undefined || !known.some((each) => from === each || Address.sameBare(from, each, config.naming))) {
          return `delivered as from ${from ?? "nobody"}, and the peer is ${known.join(" or ")}`
        }
      }
      return undefined
    }
  }
)

export const bounds: Law = law(
  "bounds",
  "what waits for the end of a negotiation or for a verdict stays within its limits (P-30)",
  () => ({ after }) => {
    if (after._tag === "Closing" || after._tag === "Closed") return undefined
    const { deferredMax, heldBytesMax, heldStanzasMax } = after.config.limits
    const held = after._tag === "Established" ? after.session.resuming?.held ?? [] : after.held
    if (held.length > heldStanzasMax) return `${held.length} stanzas wait, ${heldStanzasMax} may`
    const bytes = held.reduce((sum, { weight }) => sum + weight, 0)
    if (bytes > heldBytesMax) return `${bytes} bytes wait, ${heldBytesMax} may`
    const deferred = deferredBy(after).length
    return deferred > deferredMax ? `${deferred} events wait, ${deferredMax} may` : undefined
  }
)

/** Counted on our own, from what came in and went out. */
export const counts: Law = law(
  "counts",
  "stream management never claims more than was received, and takes only what was sent as acknowledged (P-17)",
  () => {
    const written = new Set<number>()
    let base = 0
    let received = 0
    return (step) => {
      const { actions, event } = step
      if (event._tag === "ElementReceived" && isStanza(event.element, step)) received += 1
      base = baseAfter(step) ?? base
      for (const action of actions) {
        if (action._tag !== "SendElement") continue
        if (action.request !== undefined) written.add(action.request)
        const h = Element.is(action.element, Namespace.management, "a") ? handledBy(action.element) : undefined
        if (h !== undefined && ((h - base) >>> 0) > received) return `${h} claimed, ${received} received since ${base}`
      }
      for (const { requests } of notices(actions, "StanzasAcknowledged")) {
        for (const request of requests) if (!written.delete(request)) return `${request} acknowledged, and not sent`
      }
      return undefined
    }
  }
)

/** Where the count of a session begins that is taken up again. */
const baseAfter = ({ before, event }: Step): number | undefined => {
  if (before._tag === "Established" && before.session.resuming !== undefined) {
    return event._tag === "ResumptionJudged" ? event.resumption?.handled : undefined
  }
  const asked = before._tag === "Initiating" && before.at._tag === "AwaitingResumed"
  return asked && event._tag === "ElementReceived" && Element.is(event.element, Namespace.management, "resumed")
    ? before.at.resumption.handled
    : undefined
}

const deferredBy = (state: Exclude<State, { readonly _tag: "Closing" | "Closed" }>): ReadonlyArray<unknown> => {
  if (state._tag === "Established") return state.session.resuming?.deferred ?? []
  return "at" in state && state.at._tag === "AwaitingVerdict" ? state.at.deferred : []
}

const handledBy = (element: Element.Element): number => Number(Element.attribute(element, "h"))

const isStanza = (element: Element.Element, { before }: Step): boolean =>
  element.namespace === before.config.policy.contentNamespace

const heldBy = (state: State): ReadonlyArray<number> => {
  switch (state._tag) {
    case "Closed":
      return []
    case "Dormant":
    case "Initiating":
    case "Responding":
      return requestsOf(state.held)
    case "Established":
      return requestsOf(state.session.resuming?.held ?? [])
    case "Closing":
      return state.unsent
  }
}

const requestsOf = (held: ReadonlyArray<{ readonly request?: number }>): ReadonlyArray<number> =>
  held.flatMap(({ request }) => request === undefined ? [] : [request])
