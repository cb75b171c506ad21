/**
 * What the actions of the reducer mean: one switch, each action to the organ that performs it. Nothing here waits. What
 * takes time is started and answers with an event; what is sent is queued in order.
 *
 * @since 0.1.0
 */
import type { Action } from "@xmpp-e2e/protocol"
import type { Voice } from "@xmpp-e2e/recording/Voice"
import type { StartTls } from "@xmpp-e2e/transport/Connection"
import type { Inbound } from "./internal/inbound.ts"
import type { Lane } from "./internal/lane.ts"
import type { Timers } from "./Timers.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Organs {
  readonly voice: Voice
  readonly lane: Pick<Lane, "end" | "rest" | "say" | "startTls">
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
  const { inbound, lane, timers, voice } = organs
  switch (action._tag) {
    case "SendElement": {
      const { request } = action
      return lane.say(voice(action), request, request === undefined || !organs.isAwaited(request))
    }
    case "SendHeader":
      lane.say(voice(action), undefined, true)
      // What has no version may be libpurple, which falls over a header and the end of the stream that it reads at once.
      return action.header.version === undefined ? lane.rest() : undefined
    case "SendFooter":
    case "SendWhitespace":
      return lane.say(voice(action), undefined, true)
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
