/**
 * The optional port through which each stream is written down: configuration, every event with its actions, and the raw
 * chunks. It is asked before actions are performed, so that a recording explains even a crash; it must not wait, so a
 * recorder that writes to a slow place buffers on its own account.
 *
 * @since 0.1.0
 */
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import * as Recording from "@xmpp-e2e/recording/Recording"
import type * as Redact from "@xmpp-e2e/recording/Redact"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Entropy from "./Entropy.ts"
import * as Keeping from "./internal/keeping.ts"
import * as Veiling from "./internal/veiling.ts"

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
  /** There when TLS is to be written down as well: the network then tells what it carries, and the secrets. */
  readonly tls?: {
    readonly record: (direction: "in" | "out", at: number, bytes: Uint8Array) => void
    readonly keyLog: (at: number, line: string) => void
  }
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
 * What a recorder writes, and when.
 *
 * @since 0.1.0
 * @category models
 */
export interface LineOptions {
  /** Default: `redacted`. */
  readonly level?: Redact.Level
  /**
   * For the other names of level `redacted`, at least 16 octets nobody guesses: those who share it get the same names.
   * Default: the first id of the stream, which both of its sides hold. The recording is then begun with the header that
   * brings it, and nothing of a process that dies before is found.
   */
  readonly secret?: Uint8Array | string
  /**
   * `failure`: nothing is written unless the stream ends otherwise than by an orderly close that somebody asked for. Until
   * then the negotiation and the last lines are kept in memory, and die with the process. Default: `always`.
   */
  readonly when?: "always" | "failure"
  /**
   * How many lines after the negotiation are written at once, and how many of the last are kept in memory and written at the
   * end; what is in between is left out. Default: all are written at once; for `failure` the last 1000.
   */
  readonly linesMax?: number
  /** Raw chunks too, at level `full` only, since they hold every stanza in full. Default: no. */
  readonly wire?: boolean
  /**
   * TLS as the network carries it, with its secrets, and the chunks of clear text before it. Whoever has such a recording
   * can read everything of the stream. At level `full` only, and only where everything is written at once: what TLS carried
   * after a gap nobody could read. Default: no.
   */
  readonly tls?: boolean
}

/**
 * Takes the lines of one stream, without their line ends. As the recorder, it must neither wait nor throw.
 *
 * @since 0.1.0
 * @category models
 */
export interface Sink {
  readonly write: (line: string) => void
  /** A line in UTF-8. The octets are the sink's until it returns. */
  readonly writeOctets: (line: Uint8Array) => void
}

/**
 * A recorder from sinks, one for each stream. `open` gets a number for each stream, counting from 1; the head comes first.
 * For `failure` it is opened when the stream has failed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toSinks = (
  open: (stream: number) => Effect.Effect<Sink, never, Scope.Scope>,
  options: LineOptions = {}
): Service => {
  const { level = "redacted", linesMax, secret, when = "always", wire = false } = options
  const tls = options.tls === true && level === "full" && when === "always" && linesMax === undefined
  let streams = 0
  return {
    begin: Effect.fnUntraced(function*(config, about): Effect.fn.Return<Session, never, Scope.Scope> {
      streams += 1
      const stream = streams
      const entropy = yield* Entropy.Entropy
      const startedAt = DateTime.formatIso(yield* DateTime.now)
      const head: Recording.Head = { config, startedAt, ...about, ...(tls ? { tls } : {}) }
      const writing = (sink: Sink): Veiling.Veiling =>
        level === "full"
          ? Veiling.full(head, sink)
          : Veiling.redacted(level, head, { given: secret, draw: () => entropy.bytes(secretOctets) }, sink)
      return when === "always"
        ? yield* always(Effect.map(open(stream), writing), linesMax, { tls, wire })
        : yield* onFailure(Effect.map(open(stream), writing), linesMax ?? lastLines, wire)
    })
  }
}

/**
 * As `toSinks`, for sinks that want text only.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toLines = (
  open: (stream: number) => Effect.Effect<(line: string) => void, never, Scope.Scope>,
  options: LineOptions = {}
): Service =>
  toSinks(
    (stream) => Effect.map(open(stream), (write) => ({ write, writeOctets: (line) => write(decoder.decode(line)) })),
    options
  )

/**
 * `toSinks` as a layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerSinks = (
  open: (stream: number) => Effect.Effect<Sink, never, Scope.Scope>,
  options: LineOptions = {}
): Layer.Layer<never> => Layer.sync(Recorder, () => toSinks(open, options))

/**
 * `toLines` as a layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (
  open: (stream: number) => Effect.Effect<(line: string) => void, never, Scope.Scope>,
  options: LineOptions = {}
): Layer.Layer<never> => Layer.sync(Recorder, () => toLines(open, options))

/**
 * A recorder that keeps the lines in `into`, one list for each stream, in the order in which the streams began.
 *
 * @since 0.1.0
 * @category testing
 */
export const layerMemory = (into: Array<Array<string>>, options: LineOptions = {}): Layer.Layer<never> =>
  layer(() =>
    Effect.sync(() => {
      const lines: Array<string> = []
      into.push(lines)
      return (line: string) => {
        lines.push(line)
      }
    }), options)

const always = Effect.fnUntraced(function*(
  begin: Effect.Effect<Veiling.Veiling, never, Scope.Scope>,
  linesMax: number | undefined,
  raw: Raw
): Effect.fn.Return<Session, never, Scope.Scope> {
  const veiling = yield* begin
  const keeping = linesMax === undefined
    ? Keeping.everything(veiling.line)
    : Keeping.bounded(linesMax, linesMax, veiling.line)
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      keeping.finish()
      veiling.finish()
    })
  )
  return sessionOf(keeping.take, raw)
})

const onFailure = Effect.fnUntraced(function*(
  begin: Effect.Effect<Veiling.Veiling, never, Scope.Scope>,
  linesMax: number,
  wire: boolean
): Effect.fn.Return<Session, never, Scope.Scope> {
  const kept: Array<Recording.Line> = []
  const keeping = Keeping.bounded(0, linesMax, (line) => kept.push(line))
  let orderly = false
  yield* Effect.addFinalizer(() =>
    orderly ? Effect.void : Effect.scoped(Effect.map(begin, (veiling) => {
      keeping.finish()
      kept.forEach(veiling.line)
      veiling.finish()
    }))
  )
  return sessionOf((line) => {
    if (Recording.isStep(line)) orderly ||= line.actions.some(endsOrderly)
    keeping.take(line)
  }, { tls: false, wire })
})

/** Which bytes are written down. */
interface Raw {
  readonly tls: boolean
  readonly wire: boolean
}

const sessionOf = (take: (line: Recording.Line) => void, { tls, wire }: Raw): Session => {
  let seq = 0
  let inClear = true
  const record = (direction: "in" | "out", at: number, bytes: Uint8Array): void => {
    inClear = false
    take(Recording.makeTls(direction, at, bytes))
  }
  return {
    step: (at, event, actions, state) => {
      take({ seq, at, event, actions, state })
      seq += 1
    },
    wire: wire || tls
      ? (direction, at, bytes) => {
        if (wire || inClear) take(Recording.makeWire(direction, at, bytes))
      }
      : () => {},
    ...(tls ? { tls: { record, keyLog: (at, keylog) => take({ keylog, at }) } } : {})
  }
}

const endsOrderly = (action: Action.Action): boolean =>
  action._tag === "Report" && action.notice._tag === "Ended" && action.notice.clean &&
  action.notice.reason._tag === "Finished"

const decoder = new TextDecoder()
const lastLines = 1000
const secretOctets = 32
