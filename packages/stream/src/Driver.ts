/**
 * The shell around the reducer: one fiber owns the state of a stream and takes what happens from its inbox; the others
 * read, write, sleep and judge, and tell it. It knows nothing of addresses to dial, nor of what an application makes of
 * stanzas; `E2eStream` does.
 *
 * @since 0.1.0
 */
import { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import { Reason } from "@xmpp-e2e/protocol"
import type { Event } from "@xmpp-e2e/protocol"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { type StreamFailed, streamFailed } from "./Failure.ts"
import type { Deadlines } from "./internal/deadlines.ts"
import type { Deliveries } from "./internal/deliveries.ts"
import * as folds from "./internal/fold.ts"
import * as Gate from "./internal/gate.ts"
import type { Message } from "./internal/message.ts"
import type { Notices } from "./internal/notices.ts"
import * as organs from "./internal/organs.ts"
import type { Ended, Opened } from "./internal/outcome.ts"
import * as parts from "./internal/parts.ts"
import type { Replies } from "./internal/replies.ts"
import * as sending from "./internal/sending.ts"
import * as Interpreter from "./Interpreter.ts"

/**
 * A stream that runs until it is `Closed`, or until its scope closes: then it is dropped at once.
 *
 * @since 0.1.0
 * @category models
 */
export interface Driver extends sending.Sending {
  /** Completes when the negotiation does. */
  readonly opened: Effect.Effect<Opened, StreamFailed>
  readonly ended: Effect.Effect<Ended>
  /** The last 64 to begin with. Ends with `Ended`. */
  readonly notices: Pick<Notices, "hear">
  readonly deliveries: Pick<Deliveries, "abandon" | "next" | "pull">
  readonly replies: Pick<Replies, "expect" | "forget" | "withdraw">
  /** Ends the waiting for a reply after its milliseconds. */
  readonly patience: () => Pick<Deadlines<string>, "clear" | "set">
  /** Whether a request of either side waits for its answer. */
  readonly isAwaited: () => boolean
  /** Nothing but `CloseRequested`, `FailRequested`, `AbortRequested` and the commands of stream management. */
  readonly tell: (event: Exclude<Event.LocalEvent, { readonly _tag: "SendRequested" }>) => Effect.Effect<void>
}

/**
 * What a stream is made of. The connection is the stream's from now on.
 *
 * @since 0.1.0
 * @category models
 */
export type Setup = parts.Setup

/**
 * Starts a stream on a connection.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(
  function*(setup: Setup): Effect.fn.Return<Driver, never, PeerJudge | Scope.Scope> {
    const judges = yield* PeerJudge
    const scope = yield* Effect.scope
    const own = yield* parts.make(setup, judges.description)
    const fold = foldOf(own, judges)

    if (own.inbound.run !== undefined) yield* Effect.forkIn(own.inbound.run, own.limbs)
    yield* Scope.addFinalizer(own.limbs, Effect.sync(own.timers.start()))
    Fiber.runIn(own.fork(Effect.onExit(loop(own, fold), (exit) => finish(own, exit))), scope)

    return {
      opened: own.outcome.opened,
      ended: own.outcome.ended,
      notices: own.notices,
      deliveries: own.kept,
      replies: own.replies,
      patience: own.patience,
      isAwaited: () => own.replies.isAwaited() || own.requested.isAtWork(),
      tell: (event) => Effect.asVoid(own.inbox.post({ _tag: "Happened", event })),
      ...sending.make(own)
    }
  }
)

const foldOf = (own: parts.Parts, judges: PeerJudge["Service"]): folds.Fold => {
  const { agenda, kept, lane } = own
  const performers = organs.make(own, judges, {
    reason: () => {
      const state = fold.state()
      return "reason" in state ? state.reason : own.outcome.reason()
    },
    header: () => {
      const state = fold.state()
      return state._tag === "Established" ? state.admission.header : {}
    }
  })
  const fold: folds.Fold = folds.make({
    config: own.setup.config,
    inbound: own.inbound,
    requests: own.sends,
    replies: agenda.replies,
    record: own.log.step,
    perform: (action) => Interpreter.perform(performers, action),
    moved: (label) => {
      if (own.telemetry.isFollowed) agenda.chores.push(own.telemetry.moved(label))
    },
    taken: (gate) => {
      agenda.tellings.push(() => Gate.open(gate))
    },
    hasRoom: (closing) => !kept.isFull() && (closing || !lane.isOverdue())
  })
  return fold
}

const loop = Effect.fnUntraced(function*(own: parts.Parts, fold: folds.Fold) {
  const deal = dealer(own, fold)
  let messages: ReadonlyArray<Message> = [{ _tag: "Happened", event: { _tag: "TransportOpened" } }]
  while (true) {
    // Those that a turn has left which was not ours.
    yield* doChores(own)
    fold.turn(messages)
    // What was read is not kept for as long as nothing else comes.
    messages = []
    own.lane.flush()
    while (own.agenda.chores.length > 0) {
      yield* doChores(own)
      // Meanwhile somebody may have made room. What was read comes before what is still to be read.
      fold.turn([])
      own.lane.flush()
    }
    settle(own, fold)
    if (fold.state()._tag === "Closed") return
    messages = yield* own.inbox.take(deal)
  }
})

/** A turn of whoever tells the stream something. What takes time, the end, and whatever breaks are for the loop. */
const dealer = (own: parts.Parts, fold: folds.Fold) => (message: Message): boolean => {
  try {
    fold.turn([message])
    own.lane.flush()
  } catch (defect) {
    own.agenda.chores.push(Effect.die(defect))
  }
  if (own.agenda.chores.length > 0 || fold.state()._tag === "Closed") return true
  settle(own, fold)
  return false
}

const doChores = ({ agenda }: parts.Parts): Effect.Effect<void> => {
  const { chores } = agenda
  agenda.chores = []
  return Effect.forEach(chores, (chore) => chore, { discard: true })
}

const settle = ({ agenda, inbound, kept, telemetry }: parts.Parts, fold: folds.Fold): void => {
  const { received, tellings } = agenda
  agenda.received = 0
  telemetry.counted(received, 0)
  const mayRead = fold.mayRead()
  agenda.parked = !mayRead
  if (mayRead) inbound.ask()
  kept.flush()
  if (tellings.length === 0) return
  agenda.tellings = []
  for (const tell of tellings) tell()
}

/** Whatever the loop ended by, everybody who waits is told, and nothing is left running. */
const finish = Effect.fnUntraced(function*(own: parts.Parts, exit: Exit.Exit<void>) {
  const { agenda, kept, outcome, setup } = own
  const said = outcome.said()
  const ended = said ?? endedBy(exit)
  if (said === undefined) {
    own.notices.tell(ended)
    if (Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)) {
      yield* Effect.logError("a defect ended the stream", exit.cause)
    }
    yield* own.telemetry.noticed(ended)
  }
  if (agenda.lost > 0) {
    yield* Effect.logInfo(`${agenda.lost} stanzas that came while the stream was closing found nobody to take them`)
  }
  yield* setup.connection.drop
  outcome.finish(ended)
  kept.finish(outcome.isPeerDone() ? undefined : streamFailed(ended.reason))
  kept.flush()
  own.sends.end(ended.reason)
  own.replies.end(ended.reason)
  own.lane.stop()
  for (const message of yield* own.inbox.close) {
    if (message._tag === "Asked" && message.waiter !== undefined) sending.fail(message.waiter, ended.reason)
  }
  yield* Scope.close(own.limbs, Exit.void)
})

/** Only when the loop was interrupted or broke: the reducer has not come to an end of its own. */
const endedBy = (exit: Exit.Exit<void>): Ended => ({
  _tag: "Ended",
  reason: Exit.isFailure(exit) && !Cause.hasInterruptsOnly(exit.cause)
    ? Reason.make("failedBySelf", { condition: "internal-server-error", detail: "a defect in our own software" })
    : Reason.make("aborted"),
  clean: false,
  unsent: [],
  endedLate: false
})
