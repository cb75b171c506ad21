/**
 * The verifications on one stream, one at a time: the machine, its clock, and whom it tells what. Nothing here waits for
 * the peer while it holds the machine, so no two sides can wait for each other.
 *
 * @internal
 */
import type * as Pin from "@xmpp-e2e/certificates/Pin"
import type { PinStoreError } from "@xmpp-e2e/certificates/PinStore"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Verification from "@xmpp-e2e/stream/Verification"
import * as Wire from "@xmpp-e2e/stream/VerificationWire"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { News } from "../Verifying.ts"
import { VerifyingFailed } from "../VerifyingFailure.ts"
import * as Outbox from "./outbox.ts"
import type { Seen } from "./seen.ts"

/** @internal */
export interface Run {
  readonly peer: string
  readonly state: () => Verification.State
  /** Completes when the peer has the request. Where the peer has asked before us, this agrees. */
  readonly begin: Effect.Effect<void, VerifyingFailed>
  /** Whether the state had a use for it. */
  readonly agree: Effect.Effect<boolean>
  readonly take: (event: Plain) => Effect.Effect<boolean>
  /** Completes when the peer has what it was told. */
  readonly told: Effect.Effect<void>
  /**
   * The stream has ended, and so does the run, unless two people compare what both of them see already: they need no stream
   * for that. Completes when nothing is left.
   */
  readonly part: Effect.Effect<void>
}

/** @internal */
export interface Setup {
  readonly seen: Seen
  readonly timeout: Duration.Input
  readonly freshNonce: () => string
  readonly pin: Effect.Effect<Pin.Pin, PinStoreError>
  readonly tell: (news: News) => Effect.Effect<unknown>
}

type Plain = Exclude<Verification.Event, { readonly nonce: string }>

/** What still runs when the scope closes is stopped. @internal */
export const make = Effect.fnUntraced(function*(
  stream: E2eStream,
  setup: Setup
): Effect.fn.Return<Run, never, Scope.Scope> {
  const one = yield* Semaphore.make(1)
  const opening = yield* openings(setup.tell)
  const outbox = yield* Outbox.make(stream, {
    delivered: ({ _tag }) => _tag === "start" ? opening.succeed : Effect.void,
    // Whoever does not hear that it is over finds out by its own clock.
    undelivered: ({ _tag, run }, failure) =>
      _tag === "stop"
        ? Effect.void
        : alone(turn({ _tag: "Received", element: Wire.write({ _tag: "stop", run }) }, failure))
  })
  const clock = yield* clocks(Effect.andThen(Effect.sleep(setup.timeout), Effect.suspend(() => take(timedOut))))
  const perform = performing(setup, outbox, opening)
  let state = Verification.idle
  let isOver = false

  /** With the machine in hand. */
  const turn = Effect.fnUntraced(function*(event: Verification.Event, failure?: VerifyingFailed) {
    if (isOver) return false
    const before = state
    const next = Verification.step(setup.seen.facts, before, event)
    state = next.state
    if (isRunning(state) !== isRunning(before)) yield* isRunning(state) ? clock.start : clock.stop
    for (const action of next.actions) yield* perform(action, failure)
    return state !== before
  })

  // Between a word of the person and the pin nobody may be lost.
  const alone = <A, E>(work: Effect.Effect<A, E>) => Effect.uninterruptible(one.withPermit(work))
  const take: Run["take"] = (event) => alone(turn(event))
  const answer = (_tag: "Begin" | "Agree") => Effect.suspend(() => turn({ _tag, nonce: setup.freshNonce() }))

  const end = Effect.map(Effect.suspend(() => turn({ _tag: "Stop" }, abandoned)), () => {
    isOver = true
  })
  yield* Effect.addFinalizer(() => alone(end))
  const begin = Effect.gen(function*() {
    if (isOver) return yield* new VerifyingFailed({ why: "unanswered", detail: gone })
    if (state._tag === "Asked") return yield* Effect.as(answer("Agree"), Effect.void)
    if (isRunning(state)) return yield* new VerifyingFailed({ why: "underWay" })
    const outcome = yield* opening.open
    yield* answer("Begin")
    return outcome
  })
  return {
    peer: setup.seen.peer,
    state: () => state,
    begin: Effect.flatMap(alone(begin), Effect.onInterrupt(() => take({ _tag: "Stop" }))),
    agree: alone(answer("Agree")),
    take,
    told: outbox.emptied,
    part: Effect.andThen(
      alone(Effect.suspend(() => state._tag === "Comparing" ? Effect.void : end)),
      clock.rest
    )
  }
})

/** Who has begun waits for the first answer of the peer, and hears by it what else everybody would be told. */
interface Openings {
  readonly open: Effect.Effect<Effect.Effect<void, VerifyingFailed>>
  readonly succeed: Effect.Effect<unknown>
  readonly fail: (failure: VerifyingFailed) => Effect.Effect<unknown>
}

const openings = (tell: Setup["tell"]): Effect.Effect<Openings> =>
  Effect.sync(() => {
    let waiting: Deferred.Deferred<void, VerifyingFailed> | undefined
    const take = () => {
      const taken = waiting
      waiting = undefined
      return taken
    }
    return {
      open: Effect.map(Deferred.make<void, VerifyingFailed>(), (made) => {
        waiting = made
        return Deferred.await(made)
      }),
      succeed: Effect.suspend(() => {
        const taken = take()
        return taken === undefined ? Effect.void : Deferred.succeed(taken, undefined)
      }),
      fail: (failure) =>
        Effect.suspend(() => {
          const taken = take()
          return taken === undefined ? tell({ _tag: "Failed", failure }) : Deferred.fail(taken, failure)
        })
    }
  })

/** One alarm at a time. */
const clocks = Effect.fnUntraced(function*(alarm: Effect.Effect<unknown>) {
  const scope = yield* Effect.scope
  const resting = yield* Latch.make(true)
  let running: Fiber.Fiber<unknown> | undefined
  return {
    rest: resting.await,
    start: Effect.gen(function*() {
      yield* resting.close
      running = yield* Effect.forkIn(alarm, scope)
    }),
    // It may be this very fiber that the time has run out in: nobody waits for its end.
    stop: Effect.suspend(() => {
      running?.interruptUnsafe()
      running = undefined
      return resting.open
    })
  }
})

const performing =
  ({ pin, tell }: Setup, outbox: Outbox.Outbox, { fail }: Openings) =>
  (action: Verification.Action, failure?: VerifyingFailed): Effect.Effect<unknown> => {
    switch (action._tag) {
      case "Send":
        return outbox.put(action.element)
      case "Ask":
        return tell({ _tag: "Asked" })
      case "Show":
        return tell({ _tag: "Show", text: action.text })
      case "MarkVerified":
        return Effect.matchEffect(pin, {
          onFailure: ({ message }) => fail(new VerifyingFailed({ why: "unkept", detail: message })),
          onSuccess: (kept) => tell({ _tag: "Verified", pin: kept })
        })
      case "Report":
        return fail(failure ?? new VerifyingFailed({ why: action.why }))
    }
  }

const isRunning = (state: Verification.State): boolean => "run" in state

const timedOut = { _tag: "TimedOut" } as const
const gone = "there is no stream for it any more"
const abandoned = new VerifyingFailed({ why: "stopped", detail: gone })
