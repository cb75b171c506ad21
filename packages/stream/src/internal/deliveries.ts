/**
 * Stanzas on their way to the application: filled by the fiber that owns the stream, emptied by one consumer, whole
 * arrays at a time. Bounded: when it is full the stream is not read.
 */
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { StreamFailed } from "../Failure.ts"
import type { Received } from "../Stanza.ts"
import * as Gate from "./gate.ts"

export interface Deliveries {
  readonly isFull: () => boolean
  /** False when there is no room; the stanza is then not kept. */
  readonly add: (received: Received) => boolean
  /** Wakes the consumer, if there is something for it. */
  readonly flush: () => void
  /** Nothing more will come; `failed` when the stream did not end in order. What is there can still be taken. */
  readonly finish: (failed?: StreamFailed) => void
  /** Nobody will take anything any more. */
  readonly abandon: () => void
  /** All that is there; waits for at least one. */
  readonly pull: Effect.Effect<Arr.NonEmptyReadonlyArray<Received>, StreamFailed | Cause.Done>
  /** The next one; none after an orderly end. */
  readonly next: Effect.Effect<Option.Option<Received>, StreamFailed>
}

export const make = (stanzasMax: number, eased: Effect.Effect<unknown>): Deliveries => {
  let kept: Array<Received> = []
  let taken = 0
  let abandoned = false
  let ended: Effect.Effect<never, StreamFailed | Cause.Done> | undefined
  const arrived = Gate.make(false)

  const awaiting = <A, E>(take: () => Effect.Effect<A, E>): Effect.Effect<A, E | StreamFailed | Cause.Done> =>
    Effect.suspend(() => {
      if (kept.length > taken) return take()
      if (ended !== undefined) return ended
      Gate.close(arrived)
      return Effect.flatMap(Gate.wait(arrived), () => awaiting(take))
    })

  const takeOne = Effect.suspend(() => {
    const one = Option.fromNullishOr(kept[taken])
    taken += 1
    // Taken ones are let go of when they are half of the array: constant work for each, on average.
    if (taken * 2 >= kept.length) {
      kept = kept.slice(taken)
      taken = 0
    }
    return Effect.as(eased, one)
  })

  const takeAll = Effect.suspend(() => {
    const all = taken === 0 ? kept : kept.slice(taken)
    kept = []
    taken = 0
    return Arr.isArrayNonEmpty(all) ? Effect.as(eased, all) : Effect.die("taken by another consumer")
  })

  return {
    isFull: () => !abandoned && kept.length - taken >= stanzasMax,
    add: (received) => {
      if (abandoned || kept.length - taken >= stanzasMax) return false
      kept.push(received)
      return true
    },
    flush: () => {
      if (kept.length > taken || ended !== undefined) Gate.open(arrived)
    },
    finish: (failed) => {
      if (ended === undefined) ended = failed === undefined ? Cause.done() : Effect.fail(failed)
    },
    abandon: () => {
      abandoned = true
      kept = []
      taken = 0
    },
    pull: awaiting(() => takeAll),
    next: awaiting(() => takeOne).pipe(Effect.catchTag("Done", () => Effect.succeedNone))
  }
}
