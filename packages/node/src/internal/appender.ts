/**
 * Lines on their way to a slow place: taken at once, written in batches, and never with a hole. From the first line that
 * cannot be written on, all are left out.
 */
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"

/** Where the lines go. @internal */
export interface Sink<E> {
  /** All of it, or an error; after an error nothing of it stays. */
  readonly append: (text: string) => Effect.Effect<void, E>
  readonly sync: Effect.Effect<void, E>
}

/** @internal */
export interface Appender<E> {
  readonly write: (line: string) => void
  /** All lines so far are in the sink, or this fails. */
  readonly flush: Effect.Effect<void, E>
}

/**
 * `overflow` is the error when more than `waitingMax` characters wait. A fiber of the scope writes; when the scope closes,
 * it stops, and the caller flushes.
 *
 * @internal
 */
export const make = Effect.fnUntraced(function*<E>(
  sink: Sink<E>,
  waitingMax: number,
  overflow: () => E
): Effect.fn.Return<Appender<E>, never, Scope.Scope> {
  const one = yield* Semaphore.make(1)
  const wake = yield* Latch.make()
  let lines: Array<string> = []
  let waiting = 0
  let refused: { readonly error: E } | undefined
  let failed: { readonly error: E } | undefined

  const drain = Effect.suspend(() => {
    if (failed !== undefined || lines.length === 0) return Effect.void
    const text = `${lines.join("\n")}\n`
    lines = []
    waiting = 0
    return sink.append(text)
  }).pipe(
    Effect.catch((error) =>
      Effect.sync(() => {
        failed = { error }
        lines = []
      })
    ),
    Effect.uninterruptible,
    one.withPermit
  )

  yield* Effect.forkScoped(
    Effect.forever(wake.await.pipe(Effect.andThen(wake.close), Effect.andThen(drain)), { disableYield: true })
  )

  return {
    write: (line) => {
      if (failed !== undefined || refused !== undefined) return
      waiting += line.length + 1
      if (waiting > waitingMax) {
        refused = { error: overflow() }
        return
      }
      lines.push(line)
      wake.openUnsafe()
    },
    flush: Effect.suspend(() => {
      const fault = failed ?? refused
      return fault === undefined ? sink.sync : Effect.fail(fault.error)
    }).pipe((check) => Effect.andThen(drain, check))
  }
})
