/**
 * The optional port through which each stream is written down: configuration, every event with its actions, and the raw
 * chunks. It is asked before actions are performed, so that a recording explains even a crash; it must not wait, so a
 * recorder that writes to a slow place buffers on its own account.
 *
 * @since 0.1.0
 */
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import * as Recording from "@xmpp-e2e/recording/Recording"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/**
 * The recording of one stream. `at` is milliseconds since it began. Synchronous, and must not throw: a recorder that
 * throws ends the stream.
 *
 * @since 0.1.0
 * @category models
 */
export interface Session {
  /** One step of the reducer, in order, before its actions are performed; `state` is the label of the state after it. */
  readonly step: (
    at: number,
    event: Event.Event,
    actions: ReadonlyArray<Action.Action>,
    state: string
  ) => void
  /** A chunk as read, or as handed over to be written. Inside TLS: its content. */
  readonly wire: (direction: "in" | "out", at: number, bytes: Uint8Array) => void
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Begins a recording; closing the scope ends it. */
  readonly begin: (config: Config.Config, about?: About) => Effect.Effect<Session, never, Scope.Scope>
}

/**
 * What else the head of a recording says.
 *
 * @since 0.1.0
 * @category models
 */
export interface About {
  /** For people: where the other end is. */
  readonly note?: string
  /** `PeerJudge.description`: whom we believe, and how that is combined. */
  readonly trust?: Schema.Json
}

/**
 * The recorder in use; none unless one is provided.
 *
 * @since 0.1.0
 * @category services
 */
export const Recorder: Context.Reference<Service | undefined> = Context.Reference<Service | undefined>(
  "@xmpp-e2e/stream/Recorder",
  { defaultValue: () => undefined }
)

/**
 * What `toLines` writes besides the steps.
 *
 * @since 0.1.0
 * @category models
 */
export interface LineOptions {
  /** Raw chunks too, so that the reader can be replayed; they hold every stanza in full. Default: no. */
  readonly wire?: boolean
}

/**
 * A recorder from a sink of lines, one sink for each stream. `open` gets a number for each stream, counting from 1; lines
 * come without their line end, the head first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toLines = (
  open: (stream: number) => Effect.Effect<(line: string) => void, never, Scope.Scope>,
  options: LineOptions = {}
): Service => {
  let streams = 0
  return {
    begin: Effect.fnUntraced(function*(config, about): Effect.fn.Return<Session, never, Scope.Scope> {
      streams += 1
      const write = yield* open(streams)
      const startedAt = DateTime.formatIso(yield* DateTime.now)
      write(Recording.head({ config, startedAt, ...about }))
      let seq = 0
      return {
        step: (at, event, actions, state) => {
          write(Recording.step({ seq, at, event, actions, state }))
          seq += 1
        },
        wire: (direction, at, bytes) => {
          if (options.wire === true) write(Recording.wire(Recording.makeWire(direction, at, bytes)))
        }
      }
    })
  }
}

/**
 * A recorder that keeps the lines in `into`, one list for each stream, in the order in which the streams began.
 *
 * @since 0.1.0
 * @category testing
 */
export const layerMemory = (into: Array<Array<string>>, options: LineOptions = {}): Layer.Layer<never> =>
  Layer.succeed(
    Recorder,
    toLines(() =>
      Effect.sync(() => {
        const lines: Array<string> = []
        into.push(lines)
        return (line: string) => {
          lines.push(line)
        }
      }), options)
  )
