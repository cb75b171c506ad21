/**
 * Who answers which iq request (RFC 6120 §8.2.3): handlers as data, looked up by the namespace and name of the payload.
 * Every request gets exactly one reply, whatever the handler does (IQ-03, IQ-09, IQ-10, IQ-12). The router writes
 * nothing: it hands back the reply, or the work that will give it.
 *
 * @since 0.1.0
 */
import { Namespace } from "@xmpp-e2e/protocol"
import { Element, Serialize } from "@xmpp-e2e/xml"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stanza from "./Stanza.ts"

/**
 * Answers requests whose payload has this namespace and name; only those of one `type` when it is given. `handle` gets
 * the whole iq and the bare or full address it came from (the stream's, when the iq has none), and gives the payload of
 * the result, or `undefined` for an empty one.
 *
 * `replyMillis` is for requests whose answer takes its time by nature, such as one that a person gives; instead of that of
 * the options.
 *
 * @since 0.1.0
 * @category models
 */
export interface Handler {
  readonly namespace: string
  readonly name: string
  readonly type?: "get" | "set"
  readonly replyMillis?: number
  readonly handle: (
    iq: Element.Element,
    from: string | undefined
  ) => Effect.Effect<Element.Element | undefined, IqRefusal>
}

/**
 * What a handler fails with: the stanza error that the peer is told. IQ-11: content that breaks the syntax of a known
 * namespace is `bad-request`, `modify`.
 *
 * @since 0.1.0
 * @category errors
 */
export class IqRefusal extends Data.TaggedError("IqRefusal")<Stanza.StanzaError> {
  override get message(): string {
    return `${this.condition} (${this.type})${this.text === undefined ? "" : `: ${this.text}`}`
  }
}

/**
 * - `Answered`: this is the reply
 * - `Handling`: `reply` must be run, once, beside the reading of the stream; it never fails
 *
 * @since 0.1.0
 * @category models
 */
export type Routed =
  | { readonly _tag: "Answered"; readonly reply: Element.Element }
  | { readonly _tag: "Handling"; readonly reply: Effect.Effect<Element.Element> }

/**
 * @since 0.1.0
 * @category models
 */
export interface Router {
  /** `iq` is a well-formed request: type get or set, an id, one payload. */
  readonly route: (iq: Element.Element, from: string | undefined) => Routed
  /** Whether a request waits for its handler. */
  readonly isAtWork: () => boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Handlers at work at once, default 16; a request beyond them is answered `resource-constraint`, `wait`. */
  readonly handlersMax?: number
  /** IQ-12: a handler that took longer is answered for: `resource-constraint`, `wait`. Default 60 000. */
  readonly replyMillis?: number
}

/**
 * A router for one stream. XEP-0199 pings are answered unless a handler of their namespace says otherwise (PING-02).
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (handlers: ReadonlyArray<Handler>, options: Options = {}): Router => {
  const handlersMax = options.handlersMax ?? 16
  const replyMillis = options.replyMillis ?? 60_000
  const known = byNamespace(handlers)
  let atWork = 0

  const handling = (handler: Handler, iq: Element.Element, from: string | undefined): Routed => {
    if (atWork >= handlersMax) return { _tag: "Answered", reply: Stanza.error(iq, busy) }
    atWork += 1
    return {
      _tag: "Handling",
      reply: Effect.suspend(() => handler.handle(iq, from)).pipe(
        Effect.map((payload) => resultOf(iq, payload)),
        Effect.timeoutOrElse({
          duration: handler.replyMillis ?? replyMillis,
          orElse: () => Effect.succeed(Stanza.error(iq, late))
        }),
        Effect.catchCause((cause) => failureOf(iq, cause)),
        Effect.ensuring(Effect.sync(() => {
          atWork -= 1
        }))
      )
    }
  }

  return {
    isAtWork: () => atWork > 0,
    route: (iq, from) => {
      const payload = iq.children.find(Element.isElement)
      if (payload === undefined) return { _tag: "Answered", reply: Stanza.error(iq, malformed) }
      const candidates = known.get(payload.namespace)
      if (candidates === undefined) {
        return { _tag: "Answered", reply: isPing(iq, payload) ? Stanza.result(iq) : Stanza.error(iq, unavailable) }
      }
      const type = Stanza.typeOf(iq)
      const handler = candidates.find((each) =>
        each.name === payload.name && (each.type === undefined || each.type === type)
      )
      return handler === undefined
        ? { _tag: "Answered", reply: Stanza.error(iq, notImplemented) }
        : handling(handler, iq, from)
    }
  }
}

const byNamespace = (handlers: ReadonlyArray<Handler>): ReadonlyMap<string, ReadonlyArray<Handler>> => {
  if (handlers.length === 0) return nobody
  const known = new Map<string, Array<Handler>>()
  for (const handler of handlers) {
    const those = known.get(handler.namespace)
    if (those === undefined) known.set(handler.namespace, [handler])
    else those.push(handler)
  }
  return known
}

const isPing = (iq: Element.Element, payload: Element.Element): boolean =>
  Stanza.typeOf(iq) === "get" && Element.is(payload, Namespace.ping, "ping")

/** A payload that XML cannot hold is a defect of the handler; the peer must not pay for it with its stream. */
const resultOf = (iq: Element.Element, payload: Element.Element | undefined): Element.Element =>
  payload !== undefined && Serialize.obstacle(payload) !== undefined
    ? Stanza.error(iq, broken)
    : Stanza.result(iq, payload)

const failureOf = (iq: Element.Element, cause: Cause.Cause<IqRefusal>): Effect.Effect<Element.Element> => {
  const refusal = Cause.findErrorOption(cause)
  if (Option.isSome(refusal) && !Cause.hasDies(cause)) return Effect.succeed(refused(iq, refusal.value))
  return Effect.as(Effect.logError("an iq handler failed unexpectedly", cause), Stanza.error(iq, broken))
}

const refused = (iq: Element.Element, refusal: IqRefusal): Element.Element => {
  const { application, condition, text, type } = refusal
  const reply = Stanza.error(iq, {
    condition,
    type,
    ...(text === undefined ? {} : { text }),
    ...(application === undefined ? {} : { application })
  })
  return Serialize.obstacle(reply) === undefined ? reply : Stanza.error(iq, { condition, type })
}

const nobody: ReadonlyMap<string, ReadonlyArray<Handler>> = new Map()
const malformed: Stanza.StanzaError = { condition: "bad-request", type: "modify" }
const unavailable: Stanza.StanzaError = { condition: "service-unavailable", type: "cancel" }
const notImplemented: Stanza.StanzaError = { condition: "feature-not-implemented", type: "cancel" }
const broken: Stanza.StanzaError = { condition: "internal-server-error", type: "cancel" }
const busy: Stanza.StanzaError = { condition: "resource-constraint", type: "wait", text: "Too many requests at once." }
const late: Stanza.StanzaError = { condition: "resource-constraint", type: "wait", text: "No answer in time." }
