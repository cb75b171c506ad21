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

export const make = (stanzasMax: number, eased: Effect.Effect<unknown>): Deliveries => new Kept(stanzasMax, eased)

class Kept implements Deliveries {
  readonly #stanzasMax: number
  readonly #eased: Effect.Effect<unknown>
  readonly #arrived = Gate.make(false)
  #kept: Array<Received> = []
  #taken = 0
  #abandoned = false
  #ended: Effect.Effect<never, StreamFailed | Cause.Done> | undefined

  constructor(stanzasMax: number, eased: Effect.Effect<unknown>) {
    this.#stanzasMax = stanzasMax
    this.#eased = eased
  }

  get pull(): Deliveries["pull"] {
    return this.#awaiting(() => this.#takeAll())
  }

  get next(): Deliveries["next"] {
    return this.#awaiting(() => this.#takeOne()).pipe(Effect.catchTag("Done", () => Effect.succeedNone))
  }

  isFull(): boolean {
    return !this.#abandoned && this.#kept.length - this.#taken >= this.#stanzasMax
  }

  add(received: Received): boolean {
    if (this.#abandoned || this.#kept.length - this.#taken >= this.#stanzasMax) return false
    this.#kept.push(received)
    return true
  }

  flush(): void {
    if (this.#kept.length > this.#taken || this.#ended !== undefined) Gate.open(this.#arrived)
  }

  finish(failed?: StreamFailed): void {
    if (this.#ended === undefined) this.#ended = failed === undefined ? Cause.done() : Effect.fail(failed)
  }

  abandon(): void {
    this.#abandoned = true
    this.#kept = []
    this.#taken = 0
  }

  #awaiting<A, E>(take: () => Effect.Effect<A, E>): Effect.Effect<A, E | StreamFailed | Cause.Done> {
    return Effect.suspend(() => {
      if (this.#kept.length > this.#taken) return take()
      if (this.#ended !== undefined) return this.#ended
      Gate.close(this.#arrived)
      return Effect.flatMap(Gate.wait(this.#arrived), () => this.#awaiting(take))
    })
  }

  #takeOne(): Effect.Effect<Option.Option<Received>> {
    const one = Option.fromNullishOr(this.#kept[this.#taken])
    this.#taken += 1
    // Taken ones are let go of when they are half of the array: constant work for each, on average.
    if (this.#taken * 2 >= this.#kept.length) {
      this.#kept = this.#kept.slice(this.#taken)
      this.#taken = 0
    }
    return Effect.as(this.#eased, one)
  }

  #takeAll(): Effect.Effect<Arr.NonEmptyReadonlyArray<Received>> {
    const all = this.#taken === 0 ? this.#kept : this.#kept.slice(this.#taken)
    this.#kept = []
    this.#taken = 0
    return Arr.isArrayNonEmpty(all) ? Effect.as(this.#eased, all) : Effect.die("taken by another consumer")
  }
}
