/**
 * What the actions of the reducer mean: one switch, each action to the organ that performs it. Nothing here waits. What
 * takes time is started and answers with an event; what is sent is queued in order.
 *
 * @since 0.1.0
 */
import type { Action } from "@xmpp-e2e/protocol"
import type { StartTls } from "@xmpp-e2e/transport/Connection"
import type { Inbound } from "./internal/inbound.ts"
import type { Lane } from "./internal/lane.ts"
import type { Outbound } from "./Outbound.ts"
import type { Timers } from "./Timers.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Organs {
  readonly outbound: Outbound
  readonly lane: Pick<Lane, "end" | "say" | "startTls">
  readonly inbound: Pick<Inbound, "restart" | "stop" | "take">
  readonly timers: Pick<Timers, "clear" | "set">
  /** How we turn to TLS, without the unread bytes. */
  readonly tls: (as: "client" | "server") => Omit<StartTls, "unread">
  /** Whether somebody of our own side waits for this send. */
  readonly isAwaited: (request: number) => boolean
  readonly judgePeer: (action: Tagged<"JudgePeer">) => void
  readonly judgeResumption: (action: Tagged<"JudgeResumption">) => void
  readonly deliver: (action: Tagged<"Deliver">) => void
  readonly refuse: (action: Tagged<"Refuse">) => void
  readonly report: (action: Tagged<"Report">) => void
  readonly drop: () => void
}

/**
 * The action with this tag.
 *
 * @since 0.1.0
 * @category models
 */
export type Tagged<Tag extends Action.Action["_tag"]> = Extract<Action.Action, { readonly _tag: Tag }>

/**
 * @since 0.1.0
 * @category combinators
 */
export const perform = (organs: Organs, action: Action.Action): void => {
  const { inbound, lane, outbound, timers } = organs
  switch (action._tag) {
    case "SendHeader":
      return lane.say(outbound.header(action.header), undefined, true)
    case "SendElement": {
      const { element, request } = action
      return lane.say(outbound.element(element), request, request === undefined || !organs.isAwaited(request))
    }
    case "SendFooter":
      return lane.say(outbound.footer(), undefined, true)
    case "SendWhitespace":
      return lane.say(" ", undefined, true)
    case "StartTls":
      return lane.startTls({ ...organs.tls(action.as), unread: inbound.take() })
    case "RestartInput":
      return inbound.restart()
    case "StopInput":
      return inbound.stop()
    case "JudgePeer":
      return organs.judgePeer(action)
    case "JudgeResumption":
      return organs.judgeResumption(action)
    case "SetTimer":
      return timers.set(action.timer, action.generation, action.after)
    case "ClearTimer":
      return timers.clear(action.timer, action.generation)
    case "Deliver":
      return organs.deliver(action)
    case "Refuse":
      return organs.refuse(action)
    case "Report":
      return organs.report(action)
    case "EndTransport":
      return lane.end()
    case "DropTransport":
      return organs.drop()
  }
}
