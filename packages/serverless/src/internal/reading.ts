/** A stream of bytes, taken in pieces of a wanted size; never more than one array beyond that is in memory. @internal */
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

/** Gives so many octets, fewer only at the end. @internal */
export type Take<E> = (octets: number) => Effect.Effect<Uint8Array, E>

/** @internal */
export const make = Effect.fnUntraced(function*<E>(
  bytes: Stream.Stream<Uint8Array, E>
): Effect.fn.Return<Take<E>, never, Scope.Scope> {
  const pull = yield* Stream.toPull(bytes)
  let left: ReadonlyArray<Uint8Array> = []
  let isOver = false
  const more = pull.pipe(
    Effect.map((arrays) => {
      left = [...left, ...arrays]
    }),
    Pull.catchDone(() =>
      Effect.sync(() => {
        isOver = true
      })
    )
  )
  const cut = (octets: number): Uint8Array => {
    const taken = new Uint8Array(Math.min(octets, lengthOf(left)))
    let at = 0
    while (at < taken.length) {
      const [first = taken, ...rest] = left
      const part = first.subarray(0, taken.length - at)
      taken.set(part, at)
      at += part.length
      left = part.length === first.length ? rest : [first.subarray(part.length), ...rest]
    }
    return taken
  }
  return Effect.fnUntraced(function*(octets) {
    while (!isOver && lengthOf(left) < octets) yield* more
    return cut(octets)
  })
})

const lengthOf = (arrays: ReadonlyArray<Uint8Array>): number => arrays.reduce((sum, { length }) => sum + length, 0)
