/**
 * Two recordings beside each other. Two of the same side: which step is the first that differs. Two of the two sides of
 * one session: what one sent, the other must have received, unchanged and in order.
 *
 * All functions look at one step, or at one thing sent and one received, so that recordings of any length can be
 * compared as they are read. Who pairs them is the caller; `pair` says what a pair means.
 *
 * @since 0.1.0
 */
import type { Action, Event } from "@xmpp-e2e/protocol"
import { toRootTag } from "@xmpp-e2e/protocol/Header"
import type { Element } from "@xmpp-e2e/xml"
import { difference } from "./internal/difference.ts"
import type * as Recording from "./Recording.ts"

/**
 * The path to the first difference of two steps, such as `actions.1.element.name`; `undefined` when they say the same.
 * `at` is for people and not looked at.
 *
 * @since 0.1.0
 * @category getters
 */
export const steps = (one: Recording.Step, other: Recording.Step): ReadonlyArray<string> | undefined =>
  difference(told(one), told(other))

/**
 * The path to the first difference of two configurations, `undefined` when there is none.
 *
 * @since 0.1.0
 * @category getters
 */
export const heads = (one: Recording.Head, other: Recording.Head): ReadonlyArray<string> | undefined =>
  difference({ config: one.config }, { config: other.config })

/**
 * Something that crossed the wire, as one side wrote it down. White space between elements (TIME-01) says nothing and is
 * no part.
 *
 * @since 0.1.0
 * @category models
 */
export type Part =
  | { readonly _tag: "Header"; readonly tag: Element.RootTag }
  | { readonly _tag: "Element"; readonly element: Element.Element }
  | { readonly _tag: "Footer" }

/**
 * A part, and the step that sent or received it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Crossing {
  readonly seq: number
  readonly part: Part
}

/**
 * What a step sent, in order.
 *
 * @since 0.1.0
 * @category getters
 */
export const sent = (step: Recording.Step): ReadonlyArray<Crossing> =>
  step.actions.flatMap((action) => {
    const part = sentPart(action)
    return part === undefined ? [] : [{ seq: step.seq, part }]
  })

/**
 * What a step received: one part or none.
 *
 * @since 0.1.0
 * @category getters
 */
export const received = (step: Recording.Step): ReadonlyArray<Crossing> => {
  const part = receivedPart(step.event)
  return part === undefined ? [] : [{ seq: step.seq, part }]
}

/**
 * Whether a side listens no more after this step, by its own doing: it stopped its input, dropped the transport, or could
 * not read what came. What the peer sends then is not heard, and nobody lost it.
 *
 * @since 0.1.0
 * @category guards
 */
export const deafens = (step: Recording.Step): boolean =>
  step.event._tag === "InputRejected" ||
  step.actions.some(({ _tag }) => _tag === "StopInput" || _tag === "DropTransport" && !isGone(step.event))

/** Then there is nothing left to listen to, and dropping it is no choice. */
const isGone = ({ _tag }: Event.Event): boolean => _tag === "TransportLost" || _tag === "TransportEnded"

/**
 * Whether steps were left out before this one. What crossed the wire then nobody knows, so a comparison ends here.
 *
 * @since 0.1.0
 * @category guards
 */
export const isAfterGap = ({ omitted }: Recording.Step): boolean => omitted !== undefined && omitted > 0

/**
 * What is wrong between what one side sent and what the other received: sent and never received, received as something
 * else, received and never sent.
 *
 * @since 0.1.0
 * @category models
 */
export type Mismatch =
  | { readonly _tag: "Missing"; readonly sent: Crossing }
  | {
    readonly _tag: "Changed"
    readonly sent: Crossing
    readonly received: Crossing
    /** The path to the first difference, in the part. */
    readonly where: ReadonlyArray<string>
  }
  | { readonly _tag: "Extra"; readonly received: Crossing }

/**
 * The nth part that was sent and the nth that was received; `undefined` where a side has no more. Answers `undefined`
 * when they are the same.
 *
 * @since 0.1.0
 * @category combinators
 */
export const pair = (sent: Crossing | undefined, received: Crossing | undefined): Mismatch | undefined => {
  if (sent === undefined) return received === undefined ? undefined : { _tag: "Extra", received }
  if (received === undefined) return { _tag: "Missing", sent }
  const where = difference(comparable(sent.part), comparable(received.part))
  return where === undefined ? undefined : { _tag: "Changed", sent, received, where }
}

const told = ({ actions, event, seq, state }: Recording.Step) => ({ seq, event, actions, state })

const sentPart = (action: Action.Action): Part | undefined => {
  switch (action._tag) {
    case "SendHeader":
      return { _tag: "Header", tag: toRootTag(action.header) }
    case "SendElement":
      return { _tag: "Element", element: action.element }
    case "SendFooter":
      return { _tag: "Footer" }
    case "SendWhitespace":
    case "StartTls":
    case "RestartInput":
    case "StopInput":
    case "JudgePeer":
    case "JudgeResumption":
    case "SetTimer":
    case "ClearTimer":
    case "Deliver":
    case "Refuse":
    case "Report":
    case "EndTransport":
    case "DropTransport":
      return undefined
  }
}

const receivedPart = (event: Event.Event): Part | undefined => {
  switch (event._tag) {
    case "HeaderReceived":
      return { _tag: "Header", tag: event.tag }
    case "ElementReceived":
      return { _tag: "Element", element: event.element }
    case "FooterReceived":
      return { _tag: "Footer" }
    default:
      return undefined
  }
}

/** The reader joins adjacent text, and knows no empty one. */
const comparable = (part: Part): Part => part._tag === "Element" ? { ...part, element: joined(part.element) } : part

/** A recording that was read nests within bounds, and so does this. */
const joined = (element: Element.Element): Element.Element => {
  const children: Array<Element.Node> = []
  for (const child of element.children) {
    const last = children.at(-1)
    if (typeof child !== "string") children.push(joined(child))
    else if (typeof last === "string") children[children.length - 1] = last + child
    else if (child !== "") children.push(child)
  }
  return { ...element, children }
}
