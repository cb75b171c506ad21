/**
 * What can go wrong, as typed errors: one for a stream, one for a send, one for an iq request, one for a listener, one for
 * a configuration. Each says what happened, by which rule of the requirements ledger, and what one can do about it.
 *
 * @since 0.1.0
 */
import type { Reason } from "@xmpp-e2e/protocol"
import type { Endpoint } from "@xmpp-e2e/transport/Connection"
import type { Element } from "@xmpp-e2e/xml"
import * as Data from "effect/Data"
import { explanations } from "./internal/explanations.ts"
import type * as Stanza from "./Stanza.ts"

/**
 * The stream was not negotiated, or ended otherwise than in order. `reason` is for programs, `detail` for people.
 *
 * @since 0.1.0
 * @category errors
 */
export class StreamFailed extends Data.TaggedError("StreamFailed")<{
  readonly reason: Reason.Reason
  /** What exactly was found, when something is known beyond the cause. */
  readonly detail: string
}> {
  override get message(): string {
    return explain(this.reason)
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const streamFailed = (reason: Reason.Reason): StreamFailed =>
  new StreamFailed({ reason, detail: reason.detail ?? explanations[reason.cause].happened })

/**
 * What happened, why, and what to do, in one to three sentences without line breaks.
 *
 * @since 0.1.0
 * @category getters
 */
export const explain = (reason: Reason.Reason): string => {
  const { advice, happened } = explanations[reason.cause]
  const condition = reason.condition === undefined ? "" : ` <${reason.condition}/>`
  const detail = reason.detail === undefined ? "" : `: ${reason.detail}`
  return `${happened}${condition}${detail} [${reason.rule}]. ${advice}`
}

/**
 * Why stanzas were not sent.
 *
 * - `NotRepresentable`: XML has no way to write the element; `obstacle` says where (XML-19)
 * - `NotAStanza`: no message, presence or iq of the stream's content namespace
 * - `QueueFull`: too much waits for the negotiation to end (STZ-23)
 * - `StreamEnded`: the stream is ending or has ended, for `reason`; whatever was on its way may or may not have arrived
 *
 * @since 0.1.0
 * @category models
 */
export type SendFailure =
  | { readonly _tag: "NotRepresentable"; readonly obstacle: string }
  | { readonly _tag: "NotAStanza" }
  | { readonly _tag: "QueueFull" }
  | { readonly _tag: "StreamEnded"; readonly reason: Reason.Reason }

/**
 * @since 0.1.0
 * @category errors
 */
export class SendFailed extends Data.TaggedError("SendFailed")<{ readonly reason: SendFailure }> {
  override get message(): string {
    return explainSend(this.reason)
  }
}

/**
 * Why an iq request has no result.
 *
 * - `Refused`: the peer answered with an error
 * - `Malformed`: the answer was no result an iq may have (IQ-06)
 * - `TimedOut`: no answer in time; a late one is ignored
 * - `Unsent`: the request was not sent
 * - `StreamEnded`: the stream ended first (IQ-13); the peer may have acted on the request
 *
 * @since 0.1.0
 * @category models
 */
export type IqFailure =
  | { readonly _tag: "Refused"; readonly error: Stanza.StanzaError }
  | { readonly _tag: "Malformed"; readonly reply: Element.Element }
  | { readonly _tag: "TimedOut"; readonly afterMillis: number }
  | { readonly _tag: "Unsent"; readonly failure: SendFailure }
  /** IQ-14: the id is that of a request still waiting. */
  | { readonly _tag: "IdInUse"; readonly id: string }
  | { readonly _tag: "StreamEnded"; readonly reason: Reason.Reason }

/**
 * @since 0.1.0
 * @category errors
 */
export class IqFailed extends Data.TaggedError("IqFailed")<{ readonly reason: IqFailure }> {
  override get message(): string {
    return explainIq(this.reason)
  }
}

/**
 * Nobody can reach us: the address could not be bound, or its network has gone.
 *
 * @since 0.1.0
 * @category errors
 */
export class ListenFailed extends Data.TaggedError("ListenFailed")<{
  readonly at: Endpoint
  readonly detail: string
}> {
  override get message(): string {
    return `cannot listen on ${this.at.host}:${this.at.port}: ${this.detail}. Choose another port, or 0 for any.`
  }
}

/**
 * The options contradict themselves or the protocol; each sentence names one contradiction.
 *
 * @since 0.1.0
 * @category errors
 */
export class ConfigInvalid extends Data.TaggedError("ConfigInvalid")<{
  readonly contradictions: ReadonlyArray<string>
}> {
  override get message(): string {
    return this.contradictions.join(" ")
  }
}

const explainSend = (failure: SendFailure): string => {
  switch (failure._tag) {
    case "NotRepresentable":
      return `the stanza cannot be written as XML: ${failure.obstacle} [XML-19]. Leave the character out, or encode it.`
    case "NotAStanza":
      return "only message, presence and iq in the content namespace of the stream can be sent [STZ-01]."
    case "QueueFull":
      return "too many stanzas wait for the negotiation to end [STZ-23]. Wait until the stream is negotiated."
    case "StreamEnded":
      return `the stream has ended: ${explain(failure.reason)}`
  }
}

const explainIq = (failure: IqFailure): string => {
  switch (failure._tag) {
    case "Refused":
      return `the peer refused the request: ${failure.error.condition} (${failure.error.type})${
        failure.error.text === undefined ? "" : `: ${failure.error.text}`
      }`
    case "Malformed":
      return "the answer to the request has more than one payload [IQ-06]."
    case "TimedOut":
      return `no answer within ${failure.afterMillis} ms.`
    case "Unsent":
      return explainSend(failure.failure)
    case "IdInUse":
      return `a request with the id ${failure.id} still waits for its answer [IQ-14]. Leave the id out to have one chosen.`
    case "StreamEnded":
      return `the stream ended before the answer came [IQ-13]: ${explain(failure.reason)}`
  }
}
