/**
 * The parts of one stream, before they are joined: those that wait and those that remember. Nothing runs yet.
 */
import type { Config } from "@xmpp-e2e/protocol"
import type { Connection, TlsIdentity } from "@xmpp-e2e/transport/Connection"
import * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Schema from "effect/Schema"
import * as Scope from "effect/Scope"
import * as Entropy from "../Entropy.ts"
import * as IqRouter from "../IqRouter.ts"
import * as Telemetry from "../Telemetry.ts"
import * as Timers from "../Timers.ts"
import * as agendas from "./agenda.ts"
import * as deadlines from "./deadlines.ts"
import * as deliveries from "./deliveries.ts"
import * as inbounds from "./inbound.ts"
import * as inboxes from "./inbox.ts"
import * as lanes from "./lane.ts"
import * as logs from "./log.ts"
import * as notices from "./notices.ts"
import * as outcomes from "./outcome.ts"
import * as replies from "./replies.ts"
import * as requests from "./requests.ts"

export interface Setup {
  readonly connection: Connection
  readonly config: Config.Config
  readonly identity?: TlsIdentity
  /** CERT-09. */
  readonly peerAliases?: ReadonlyArray<string>
  readonly handlers: ReadonlyArray<IqRouter.Handler>
  readonly router: IqRouter.Options
  readonly stanzasMax: number
}

export interface Parts {
  readonly setup: Setup
  readonly agenda: agendas.Agenda
  /** Runs in the name of the stream, as its log lines and spans tell. */
  readonly fork: (work: Effect.Effect<void>) => Fiber.Fiber<void>
  readonly inbound: inbounds.Inbound
  readonly inbox: inboxes.Inbox
  readonly kept: deliveries.Deliveries
  readonly lane: lanes.Lane
  /** Holds whatever runs beside the loop, and ends with it. */
  readonly limbs: Scope.Closeable
  readonly log: logs.Log
  readonly notices: notices.Notices
  readonly outcome: outcomes.Outcome
  /** Requests of ours that wait for their replies, each with the milliseconds it is given. */
  readonly patience: () => deadlines.Deadlines<string>
  readonly replies: replies.Replies
  readonly requested: IqRouter.Router
  readonly sends: requests.Requests
  /** Runs what never fails, beside everything else, until the stream is over. */
  readonly start: (work: Effect.Effect<void>) => void
  readonly telemetry: Telemetry.Telemetry
  readonly timers: Timers.Timers
}

/** `trust` is what the judge of peers says of itself. */
export const make = Effect.fnUntraced(function*(
  setup: Setup,
  trust: Schema.Json
): Effect.fn.Return<Parts, never, Scope.Scope> {
  const { config, connection } = setup
  const entropy = yield* Entropy.Entropy
  const limbs = yield* Scope.fork(yield* Effect.scope)
  const log = yield* logs.make(config, { note: connection.remote, trust })
  const telemetry = yield* Telemetry.make(config, connection.remote)
  const fork = Effect.runForkWith(yield* contextOf(setup, telemetry))
  const start = (work: Effect.Effect<void>): void => void Fiber.runIn(fork(work), limbs)
  const inbox = inboxes.make()
  const agenda = agendas.make()
  const outcome = outcomes.make()
  const sends = requests.make()
  const eased = easing(agenda, inbox)
  const kept = deliveries.make(setup.stanzasMax, eased)
  const lane = lanes.make({
    start,
    connection,
    inbox,
    eased,
    outcome,
    written: (these) => {
      sends.written(these)
      telemetry.counted(0, these.length)
    },
    wired: (bytes) => log.wire("out", bytes)
  })
  const inbound = inbounds.make({
    connection,
    inbox,
    limits: config.limits,
    freshId: () => Entropy.freshId(entropy),
    wired: (bytes) => log.wire("in", bytes)
  })
  const awaited = replies.make()

  return {
    agenda,
    fork,
    inbound,
    inbox,
    kept,
    lane,
    limbs,
    log,
    notices: notices.make(),
    outcome,
    patience: patienceOf(yield* Clock.Clock, (work) => Fiber.runIn(fork(work), limbs), awaited),
    replies: awaited,
    requested: IqRouter.make(setup.handlers, setup.router),
    sends,
    setup,
    start,
    telemetry,
    timers: yield* Timers.make((armed) => inbox.post({ _tag: "Happened", event: { _tag: "TimerFired", ...armed } }))
  }
})

/** There is room again, which matters where reading has stopped for it. */
const easing = (agenda: agendas.Agenda, inbox: inboxes.Inbox): Effect.Effect<boolean> =>
  Effect.suspend(() => {
    if (!agenda.parked) return Effect.succeed(false)
    agenda.parked = false
    return inbox.post({ _tag: "Eased" })
  })

/** How long is waited for replies. Most streams ask for nothing. */
const patienceOf = (
  clock: Clock.Clock,
  fork: (work: Effect.Effect<void>) => Fiber.Fiber<void>,
  awaited: replies.Replies
): () => deadlines.Deadlines<string> => {
  let patience: deadlines.Deadlines<string> | undefined
  return () => {
    if (patience !== undefined) return patience
    patience = deadlines.make<string>(clock, fork, (id, millis) => Effect.sync(() => awaited.expire(id, millis)))
    patience.start()
    return patience
  }
}

/** What runs for the stream says for which one. */
const contextOf = (
  { config, connection }: Setup,
  { span }: Telemetry.Telemetry
): Effect.Effect<Context.Context<never>> =>
  Effect.context<never>().pipe(
    Effect.annotateLogs({ role: config.role, self: config.self, remote: connection.remote }),
    Effect.withParentSpan(span, { captureStackTrace: false })
  )
