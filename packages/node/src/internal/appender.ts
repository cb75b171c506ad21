/**
 * Lines on their way to a slow place: taken at once, written in batches, and never with a hole. From the first line that
 * cannot be written on, all are left out.
 */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Batch from "./batch.ts"

/** Where the lines go. @internal */
export interface Sink<E> {
  /** Whole lines, behind the octets so far, which are `at`: all of it, or an error; after an error nothing of it stays. */
  readonly append: (bytes: Uint8Array, at: number) => Effect.Effect<void, E>
  readonly sync: Effect.Effect<void, E>
}

/** @internal */
export interface Appender<E> {
  readonly write: (line: string) => void
  /** A line in UTF-8, which is copied. */
  readonly writeOctets: (line: Uint8Array) => void
  /** All lines so far are in the sink, or this fails. */
  readonly flush: Effect.Effect<void, E>
  /** Everything that the sink has not confirmed, for a process that ends now. The appender is of no use after that. */
  readonly unconfirmed: () => Rest
}

/** Behind `at` octets. @internal */
export interface Rest {
  readonly at: number
  readonly pieces: ReadonlyArray<Uint8Array>
}

/**
 * `overflow` is the error when more than `waitingMax` characters wait. A fiber of the scope writes; when the scope closes,
 * it stops, and the caller flushes. The first line after a pause is written at once; when many come, they are gathered for
 * up to `gatheringMillis`, since each writing costs as much as a hundred lines.
 *
 * @internal
 */
export const make = Effect.fnUntraced(function*<E>(
  sink: Sink<E>,
  waitingMax: number,
  overflow: () => E
): Effect.fn.Return<Appender<E>, never, Scope.Scope> {
  const wake = yield* Latch.make()
  const plenty = yield* Latch.make()
  const batch = Batch.make()
  const drain = yield* draining(sink, batch)
  let refused: { readonly error: E } | undefined

  const take = (size: number, add: () => void): void => {
    if (drain.failed() !== undefined || refused !== undefined) return
    if (batch.size() + size + 1 > waitingMax) {
      refused = { error: overflow() }
      return
    }
    add()
    wake.openUnsafe()
    if (batch.size() > plentyOctets) plenty.openUnsafe()
  }

  yield* Effect.forkScoped(whenever(wake, drain.run, plenty))

  return {
    write: (line) => take(line.length, () => batch.add(line)),
    writeOctets: (line) => take(line.length, () => batch.addOctets(line)),
    flush: Effect.andThen(
      drain.run,
      Effect.suspend(() => {
        const fault = drain.failed() ?? refused
        return fault === undefined ? sink.sync : Effect.fail(fault.error)
      })
    ),
    unconfirmed: drain.rest
  }
})

/** Everything that waits goes to the sink; one run at a time, and none after a failure. */
const draining = Effect.fnUntraced(function*<E>(sink: Sink<E>, batch: Batch.Batch) {
  const one = yield* Semaphore.make(1)
  let leaving: Array<Uint8Array> = []
  let octets = 0
  let failed: { readonly error: E } | undefined

  const append = Effect.fnUntraced(function*(piece: Uint8Array): Effect.fn.Return<void, E> {
    yield* sink.append(piece, octets)
    octets += piece.length
    leaving.shift()
    batch.giveBack(piece)
  })

  const run = Effect.suspend(() => {
    if (failed !== undefined || batch.size() === 0) return Effect.void
    leaving = batch.take()
    return Effect.forEach([...leaving], append, { discard: true })
  }).pipe(
    Effect.catch((error) =>
      Effect.sync(() => {
        failed = { error }
      })
    ),
    Effect.uninterruptible,
    one.withPermit
  )

  return {
    run,
    failed: () => failed,
    rest: (): Rest => ({ at: octets, pieces: failed === undefined ? [...leaving, ...batch.take()] : [] })
  }
})

/** Drains on waking, and then not before there is plenty, or time has passed. */
const whenever = (wake: Latch.Latch, drain: Effect.Effect<void>, plenty: Latch.Latch): Effect.Effect<never> =>
  Effect.forever(
    wake.await.pipe(
      Effect.andThen(wake.close),
      Effect.andThen(drain),
      Effect.andThen(plenty.close),
      Effect.andThen(Effect.timeoutOption(plenty.await, gatheringMillis))
    ),
    { disableYield: true }
  )

const gatheringMillis = 10
/** Less than what one place of a batch holds: while one is written, the other is filled. */
const plentyOctets = 196_608
