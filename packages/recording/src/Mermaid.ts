/**
 * A recording as a Mermaid sequence diagram: what crossed the wire as arrows, what happened to our own side as notes.
 * Timers that are set and cleared are left out, those that fired are told.
 *
 * What is told of a stanza is `Describe`'s to say, so nothing that people wrote is in the diagram. Every label is escaped
 * so that no text can end it, begin a directive or mean anything but itself.
 *
 * @since 0.1.0
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import * as Describe from "@xmpp-e2e/protocol/Describe"
import { toRootTag } from "@xmpp-e2e/protocol/Header"
import * as Explain from "./Explain.ts"
import * as Recording from "./Recording.ts"

/**
 * The beginning of a diagram, a line each: its kind, and the two sides. The one whose recording it is stands left.
 *
 * @since 0.1.0
 * @category formatting
 */
export const head = ({ config }: Recording.Head): ReadonlyArray<string> => [
  "sequenceDiagram",
  `  participant us as ${label(`${config.self} (${config.role})`)}`,
  `  participant peer as ${label(config.peer ?? "the peer")}`
]

/**
 * The lines of a step: what happened, and what was asked for.
 *
 * @since 0.1.0
 * @category formatting
 */
export const step = (step: Recording.Step): ReadonlyArray<string> => [
  ...Explain.gap(step).map((line) => `  Note over us,peer: ${label(line)}`),
  happened(step.event),
  ...step.actions.flatMap((action) => {
    const line = asked(action)
    return line === undefined ? [] : [line]
  })
]

/**
 * A whole diagram; each line ends with U+000A. Renderers bound the text they take (Mermaid: 50 000 characters unless told
 * otherwise), so long sessions are better cut first.
 *
 * @since 0.1.0
 * @category formatting
 */
export const diagram = (recording: Recording.Recording): string =>
  [...head(recording.head), ...Recording.steps(recording).flatMap(step)].map((line) => `${line}\n`).join("")

/**
 * A text as a label: control characters told as `\u{…}`, everything but letters, digits and a few harmless marks as
 * numbered entities, and so the words that Mermaid looks for inside labels.
 *
 * @since 0.1.0
 * @category formatting
 */
export const label = (text: string): string =>
  Describe.clean(text, labelCharsMax)
    .replace(/[^\p{L}\p{N} .,@/()=_-]/gu, (each) => entity(each.codePointAt(0) ?? 0))
    .replace(/\bend\b|style|classdef/gi, (word) => word.slice(0, 1) + entity(word.charCodeAt(1)) + word.slice(2))

const happened = (event: Event.Event): string => {
  switch (event._tag) {
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected":
      return `  peer->>us: ${label(wordsOf(event))}`
    default:
      return `  Note over us: ${label(Describe.event(event))}`
  }
}

/** The arrow says already that it was received. */
const wordsOf = (event: Event.PeerEvent): string => {
  switch (event._tag) {
    case "HeaderReceived":
      return Describe.event(event).slice(`${event._tag} `.length)
    case "ElementReceived":
      return Describe.element(event.element)
    case "FooterReceived":
      return "footer"
    case "WhitespaceReceived":
      return "white space"
    case "InputRejected":
      return Describe.event(event)
  }
}

const asked = (action: Action.Action): string | undefined => {
  switch (action._tag) {
    case "SendHeader": {
      const event = { _tag: "HeaderReceived", tag: toRootTag(action.header), freshId: "" } as const
      return `  us->>peer: ${label(wordsOf(event))}`
    }
    case "SendElement":
      return `  us->>peer: ${label(Describe.element(action.element))}`
    case "SendFooter":
      return "  us->>peer: footer"
    case "SendWhitespace":
      return "  us->>peer: white space"
    case "StartTls":
      return `  Note over us,peer: ${label(Describe.action(action))}`
    case "JudgePeer":
    case "JudgeResumption":
    case "Deliver":
    case "Refuse":
    case "Report":
    case "EndTransport":
    case "DropTransport":
      return `  Note over us: ${label(Describe.action(action))}`
    case "RestartInput":
    case "StopInput":
    case "SetTimer":
    case "ClearTimer":
      return undefined
  }
}

const entity = (codePoint: number): string => `#${codePoint};`

const labelCharsMax = 400
