/** Actions in short words, for tables. Timers are left out: they follow from the state; so is what repeats an action. */
import type { Action, Notice } from "@xmpp-e2e/protocol"

export const short = (actions: ReadonlyArray<Action.Action>): string =>
  actions.flatMap((action) => {
    const said = wordOf(action)
    return said === undefined ? [] : [said]
  }).join(", ")

const wordOf = (action: Action.Action): string | undefined => {
  switch (action._tag) {
    case "SendHeader":
      return "send header"
    case "SendElement":
      return `send ${elementOf(action)}`
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
      return "judge peer"
    case "JudgeResumption":
      return "judge resumption"
    case "SetTimer":
    case "ClearTimer":
      return undefined
    case "Deliver":
      return action.delivery.canReply ? "deliver" : "deliver, no reply possible"
    case "Refuse":
      return `refuse (${action.refusal})`
    case "Report":
      return action.notice._tag === "SentError" ? undefined : `report ${noticeOf(action.notice)}`
    case "EndTransport":
      return "end transport"
    case "DropTransport":
      return "drop transport"
  }
}

const elementOf = ({ element }: Extract<Action.Action, { readonly _tag: "SendElement" }>): string => {
  const [child] = element.children
  const inside = typeof child === "object" && !wordy.has(element.name) ? ` ${child.name}` : ""
  return `\`${element.name}${inside}\``
}

/** What is inside of these is not worth a word. */
const wordy: ReadonlySet<string> = new Set(["message", "iq", "presence"])

const noticeOf = (notice: Notice.Notice): string => {
  switch (notice._tag) {
    case "Ended":
      return `Ended ${notice.clean ? "clean" : "unclean"}`
    case "Diagnostic":
      return notice.about
    case "PeerError":
      return `${notice._tag} ${notice.error.condition}`
    default:
      return notice._tag
  }
}
