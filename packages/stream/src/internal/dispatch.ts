/**
 * Where a delivered stanza goes: requests to the router, replies to whoever asked, everything else to the application.
 */
import type { Element } from "@xmpp-e2e/xml"
import type * as Effect from "effect/Effect"
import type { Tagged } from "../Interpreter.ts"
import type { Router } from "../IqRouter.ts"
import * as Stanza from "../Stanza.ts"
import type { Deliveries } from "./deliveries.ts"
import type { Replies } from "./replies.ts"

export interface Ports {
  readonly router: Router
  readonly replies: Pick<Replies, "take">
  readonly deliveries: Pick<Deliveries, "add">
  /** A reply that is there already. */
  readonly answer: (reply: Element.Element) => void
  /** A reply that takes time. */
  readonly handle: (reply: Effect.Effect<Element.Element>) => void
  /** To be told once the turn is over. */
  readonly later: (tell: () => void) => void
  /** Nobody took it, and there is no room to keep it. */
  readonly lost: () => void
}

export const dispatch = (ports: Ports, { delivery, stanza }: Tagged<"Deliver">): void => {
  if (Stanza.isRequest(stanza)) {
    // After our own footer there is no answering, so there is no handling either.
    if (!delivery.canReply) return
    const routed = ports.router.route(stanza, delivery.from)
    return routed._tag === "Answered" ? ports.answer(routed.reply) : ports.handle(routed.reply)
  }
  const tell = Stanza.isReply(stanza) ? ports.replies.take(stanza) : undefined
  if (tell !== undefined) return ports.later(tell)
  if (!ports.deliveries.add({ stanza, ...delivery })) ports.lost()
}
