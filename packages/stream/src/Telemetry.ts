/**
 * What operators see of a stream: a span for it and one for each step of its negotiation, counters of admissions and
 * refusals, a gauge of open streams, a few log lines. Addresses, states, causes and rules; never what a stanza contains.
 *
 * @since 0.1.0
 */
import type { Config, Notice, Reason } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as Tracer from "effect/Tracer"
import { explain, streamFailed } from "./Failure.ts"

/**
 * Peers admitted, by `role`, by `how` we know them, and by whether the channel is `secured`.
 *
 * @since 0.1.0
 * @category constants
 */
export const admissions: Metric.Counter<number> = Metric.counter("xmpp_e2e_admissions_total", {
  description: "Streams whose negotiation was completed",
  incremental: true
})

/**
 * Streams that ended before the peer was admitted, by `role`, `cause` and `rule`.
 *
 * @since 0.1.0
 * @category constants
 */
export const refusals: Metric.Counter<number> = Metric.counter("xmpp_e2e_refusals_total", {
  description: "Streams that ended before their negotiation was completed",
  incremental: true
})

/**
 * Streams that ended after the peer was admitted, by `role` and `cause`.
 *
 * @since 0.1.0
 * @category constants
 */
export const endings: Metric.Counter<number> = Metric.counter("xmpp_e2e_endings_total", {
  description: "Negotiated streams that ended",
  incremental: true
})

/**
 * Stanzas, by `direction`: `in` and `out`.
 *
 * @since 0.1.0
 * @category constants
 */
export const stanzas: Metric.Counter<number> = Metric.counter("xmpp_e2e_stanzas_total", {
  description: "Stanzas delivered and stanzas handed to the transport",
  incremental: true
})

/**
 * Negotiated streams that have not ended, by `role`.
 *
 * @since 0.1.0
 * @category constants
 */
export const streamsOpen: Metric.Gauge<number> = Metric.gauge("xmpp_e2e_streams_open", {
  description: "Negotiated streams that have not ended"
})

/**
 * The name of the span of a stream; those of its negotiation are named `xmpp-e2e.` and the label of the state.
 *
 * @since 0.1.0
 * @category constants
 */
export const streamSpan = "xmpp-e2e.stream"

/**
 * The observer of one stream.
 *
 * @since 0.1.0
 * @category models
 */
export interface Telemetry {
  readonly span: Tracer.Span
  /** Whether anybody can see `moved`: a tracer, or a log of everything. */
  readonly isFollowed: boolean
  /** The stream is in another state. */
  readonly moved: (label: string) => Effect.Effect<void>
  readonly noticed: (notice: Notice.Notice) => Effect.Effect<void>
  /** Stanzas since the last call. */
  readonly counted: (received: number, sent: number) => void
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  config: Config.Config,
  remote: string
): Effect.fn.Return<Telemetry> {
  const clock = yield* Clock.Clock
  const context = yield* Effect.context<never>()
  const { role } = config
  const span = yield* Effect.makeSpan(streamSpan, {
    kind: role === "initiator" ? "client" : "server",
    attributes: { "xmpp.role": role, "xmpp.self": config.self, "network.peer.address": remote }
  })
  const watch: Watch = { clock, context, role, span, step: undefined, admitted: false }
  return {
    span,
    isFollowed: (yield* Tracer.Tracer) !== Tracer.nativeTracer || (yield* LogLevel.isEnabled("Debug")),
    moved: (label) => moved(watch, label),
    noticed: (notice) => noticed(watch, notice),
    counted: (received, sent) => {
      if (received > 0) stanzasIn.updateUnsafe(received, context)
      if (sent > 0) stanzasOut.updateUnsafe(sent, context)
    }
  }
})

interface Watch {
  readonly clock: Clock.Clock
  readonly context: Context.Context<never>
  readonly role: Config.Config["role"]
  readonly span: Tracer.Span
  /** The span of the step that the negotiation is at. */
  step: Tracer.Span | undefined
  admitted: boolean
}

const moved = Effect.fnUntraced(function*(watch: Watch, label: string) {
  endStep(watch)
  if (label.includes(".") || label === "Closing") {
    watch.step = yield* Effect.makeSpan(`xmpp-e2e.${label}`, { parent: watch.span })
  }
  yield* Effect.logDebug(label)
})

const endStep = (watch: Watch): void => {
  watch.step?.end(watch.clock.currentTimeNanosUnsafe(), Exit.void)
  watch.step = undefined
}

const noticed = (watch: Watch, notice: Notice.Notice): Effect.Effect<void> => {
  switch (notice._tag) {
    case "Negotiated":
      return opened(watch, notice)
    case "Ended":
      return ended(watch, notice)
    case "InsecureChannel":
      return Effect.logWarning("the channel is insecure: nobody is authenticated, and anyone can read along [E2E-22]")
    case "CertificateRejected":
      return Effect.logInfo(`certificate rejected: ${notice.verdict.because} [${notice.verdict.rule}]`)
    case "Diagnostic":
      return Effect.logDebug(`diagnostic: ${notice.about}`)
    case "TlsOn":
    case "AuthenticationFailed":
    case "PeerError":
    case "SentError":
    case "Redirected":
    case "PeerClosed":
    case "ManagementOn":
    case "ManagementOff":
    case "StanzasAcknowledged":
      return Effect.void
  }
}

const opened = (
  watch: Watch,
  { peer, secured }: Notice.Notice & { readonly _tag: "Negotiated" }
): Effect.Effect<void> => {
  const { context, role, span } = watch
  watch.admitted = true
  span.attribute("xmpp.peer", peer.address ?? "")
  span.attribute("xmpp.verified", peer.verified)
  count(admissions, { role, how: peer.how, secured: String(secured) }, context)
  Metric.withAttributes(streamsOpen, { role }).modifyUnsafe(1, context)
  return Effect.logInfo("negotiated").pipe(
    Effect.annotateLogs({ peer: peer.address ?? "unknown", how: peer.how, verified: peer.verified, secured })
  )
}

const ended = (
  watch: Watch,
  { clean, reason }: Notice.Notice & { readonly _tag: "Ended" }
): Effect.Effect<void> => {
  const { admitted, clock, context, role, span } = watch
  endStep(watch)
  span.attribute("xmpp.end.cause", reason.cause)
  span.attribute("xmpp.end.rule", reason.rule)
  span.end(clock.currentTimeNanosUnsafe(), isInOrder(reason) ? Exit.void : Exit.fail(streamFailed(reason)))
  if (admitted) {
    count(endings, { role, cause: reason.cause }, context)
    Metric.withAttributes(streamsOpen, { role }).modifyUnsafe(-1, context)
  } else count(refusals, { role, cause: reason.cause, rule: reason.rule }, context)
  return Effect.logInfo(`ended: ${explain(reason)}`).pipe(
    Effect.annotateLogs({ cause: reason.cause, rule: reason.rule, clean })
  )
}

const isInOrder = (reason: Reason.Reason): boolean => reason._tag === "Finished"

const count = (
  counter: Metric.Counter<number>,
  attributes: Readonly<Record<string, string>>,
  context: Context.Context<never>
): void => Metric.withAttributes(counter, attributes).updateUnsafe(1, context)

/** One of the series of `stanzas`: updated with every turn, so its key is not worked out each time. */
const series = (direction: "in" | "out"): Metric.Counter<number> =>
  Metric.counter(stanzas.id, {
    ...(stanzas.description === undefined ? {} : { description: stanzas.description }),
    incremental: true,
    attributes: { direction }
  })

const stanzasIn = series("in")
const stanzasOut = series("out")
