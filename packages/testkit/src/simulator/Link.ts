/**
 * A byte link like TCP: reliable and ordered, and yet able to hurt. Bytes come late, in other pieces than they were written
 * in, not for a while, not to the end, or from somebody in the middle. `Options` is the fault model, a field for each harm.
 *
 * @since 0.1.0
 */
import * as Lanes from "../internal/simulator/lane.ts"
import type { Random, Range } from "../Random.ts"
import type { Clock } from "./Clock.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Side = "initiator" | "recipient"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Milliseconds that a piece is on its way; the spread is the jitter. Nothing overtakes. */
  readonly latency: Range
  /** Bytes in a piece. */
  readonly chunk: Range
  /** In so many of a hundred cases a piece brings the one behind it along. */
  readonly coalesce: number
  /** In so many of a hundred cases whoever drops the connection takes back what is on its way. */
  readonly abrupt: number
  /** From this byte on a direction stands still for so many milliseconds. */
  readonly stall?: Place & { readonly millis: number }
  /** From this byte on nothing of a direction arrives any more, not even its end. */
  readonly mute?: Place
  /** The connection breaks once this many bytes were written. */
  readonly reset?: Place
  /** A direction ends after this many bytes, and neither side asked for it. */
  readonly halfClose?: Place
  /** Somebody sits in the middle. */
  readonly middle?: ReadonlyArray<Meddling>
}

/**
 * A byte of what one side writes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Place {
  readonly from: Side
  readonly at: number
}

/**
 * What is done to the bytes of one side: some are taken out at a place and others put in, or a feature is stripped wherever
 * it is written in one piece.
 *
 * @since 0.1.0
 * @category models
 */
export type Meddling =
  | (Place & { readonly remove: number; readonly insert: string })
  | { readonly from: Side; readonly strip: "starttls" | "mechanisms" }

/**
 * One end of the link.
 *
 * @since 0.1.0
 * @category models
 */
export interface Port {
  readonly write: (bytes: Uint8Array) => void
  /** No more will be written; the other direction goes on. */
  readonly end: () => void
  /** Both directions at once. */
  readonly drop: () => void
}

/**
 * Who is told what comes out at an end.
 *
 * @since 0.1.0
 * @category models
 */
export interface Listener {
  readonly heard: (bytes: Uint8Array) => void
  readonly ended: () => void
  readonly lost: () => void
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Link {
  readonly port: (side: Side, listener: Listener) => Port
  /** Nothing is on its way in either direction. */
  readonly isQuiet: () => boolean
}

/**
 * What a link does when nothing is asked of it: nearly nothing.
 *
 * @since 0.1.0
 * @category constants
 */
export const calm: Options = { latency: [1, 5], chunk: [1, 4_000], coalesce: 0, abrupt: 0 }

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (clock: Clock, random: Random, options: Options): Link => {
  const listeners: Partial<Record<Side, Listener>> = {}
  const gone = new Set<Side>()
  const laneOf = (from: Side): Lanes.Lane =>
    Lanes.make({
      clock,
      random,
      options,
      from,
      heard: (bytes) => listeners[otherOf(from)]?.heard(bytes),
      ended: () => listeners[otherOf(from)]?.ended(),
      broken: () => {
        lose("initiator")
        lose("recipient")
      }
    })
  const lanes: Readonly<Record<Side, Lanes.Lane>> = { initiator: laneOf("initiator"), recipient: laneOf("recipient") }

  /** What is on its way to a side is taken back, and the side is told. */
  const lose = (side: Side): void =>
    lanes[otherOf(side)].takeBack(() => {
      const listener = listeners[side]
      delete listeners[side]
      listener?.lost()
    })

  return {
    port: (side, listener) => {
      listeners[side] = listener
      return {
        write: (bytes) => gone.has(otherOf(side)) ? lose(side) : lanes[side].send(bytes),
        end: lanes[side].end,
        drop: () => {
          if (gone.has(side)) return
          gone.add(side)
          delete listeners[side]
          if (random.chance(options.abrupt)) lose(otherOf(side))
          else lanes[side].end()
        }
      }
    },
    isQuiet: () => lanes.initiator.isQuiet() && lanes.recipient.isQuiet()
  }
}

/**
 * @since 0.1.0
 * @category getters
 */
export const otherOf = (side: Side): Side => side === "initiator" ? "recipient" : "initiator"
