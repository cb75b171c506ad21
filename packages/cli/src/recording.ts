/** Recordings: the file named, or one file for each stream in the directory named. */
import { NodeRecorder } from "@xmpp-e2e/node"
import { Recorder } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { type CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"

/** What `recordFlags.recording` parses to. */
export interface Flags {
  readonly record: Option.Option<string>
  readonly recordLevel: "shape" | "redacted" | "full"
  readonly recordOn: "always" | "failure"
  readonly recordMaxSteps: Option.Option<number>
  readonly recordKey: Option.Option<string>
  readonly recordWire: boolean
  readonly recordTls: boolean
}

export const load = Effect.fnUntraced(
  function*(flags: Flags): Effect.fn.Return<Layer.Layer<never>, CommandFailed, FileSystem.FileSystem> {
    if (Option.isNone(flags.record)) {
      return asks(flags)
        ? yield* usage("the other --record flags say how to --record; name a file or a directory")
        : Layer.empty
    }
    if (flags.recordWire && flags.recordLevel !== "full") {
      return yield* usage("--record-wire shows every byte, so it needs --record-level full")
    }
    if (flags.recordTls) yield* warnOfTls(flags)
    if (Option.isSome(flags.recordKey) && flags.recordLevel !== "redacted") {
      return yield* usage(
        `--record-key is for other names, which --record-level ${flags.recordLevel} does not take from it`
      )
    }
    const secret = Option.isSome(flags.recordKey) ? yield* secretIn(flags.recordKey.value) : undefined
    const place = flags.record.value
    const open = (yield* isDirectory(place))
      ? () => told(NodeRecorder.openIn(place))
      : (stream: number) => sinkOf(numbered(place, stream))
    return Recorder.layerSinks(open, {
      level: flags.recordLevel,
      when: flags.recordOn,
      wire: flags.recordWire,
      tls: flags.recordTls,
      ...(Option.isSome(flags.recordMaxSteps) ? { linesMax: flags.recordMaxSteps.value } : {}),
      ...(secret === undefined ? {} : { secret })
    })
  }
)

/** Who asks for secrets is told what they are; where they would be of no use, he is told that. */
const warnOfTls = Effect.fnUntraced(function*(flags: Flags): Effect.fn.Return<void, CommandFailed> {
  if (flags.recordLevel !== "full") {
    return yield* usage("--record-tls gives away the secrets of TLS, so it needs --record-level full")
  }
  if (flags.recordOn !== "always" || Option.isSome(flags.recordMaxSteps)) {
    return yield* usage(
      "--record-tls needs the whole stream: behind a gap nobody can read TLS any more; " +
        "leave out --record-on failure and --record-max-steps"
    )
  }
  yield* Output.remark(
    "warning: --record-tls writes the secrets of TLS into the recording: whoever has the file can read everything of the " +
      "stream; keep it as you would keep the conversation, and delete it when it has served"
  )
})

/** A new file; when it cannot be made that is said, and nothing written. */
export const sinkOf = (file: string) => told(NodeRecorder.open(file))

/** Who wanted a recording is told when there is none, and when it stops before the stream did. */
const told = (open: ReturnType<typeof NodeRecorder.open>) =>
  open.pipe(
    Effect.tap(({ flush }) =>
      Effect.addFinalizer(() => flush.pipe(Effect.catch(({ message }) => Output.remark(message))))
    ),
    Effect.catch(({ message }) => Effect.as(Output.remark(`this stream is not recorded: ${message}`), nowhere))
  )

const nowhere: Recorder.Sink = { write: () => {}, writeOctets: () => {} }

const asks = (flags: Flags): boolean =>
  flags.recordLevel !== "redacted" || flags.recordOn !== "always" || flags.recordWire || flags.recordTls ||
  Option.isSome(flags.recordMaxSteps) || Option.isSome(flags.recordKey)

/** A name that ends in a slash is a directory, which is made when there is none. */
const isDirectory = Effect.fnUntraced(
  function*(place: string): Effect.fn.Return<boolean, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    if (place.endsWith("/")) {
      yield* Effect.mapError(
        fs.makeDirectory(place, { recursive: true, mode: 0o700 }),
        ({ message }) => usage(`${place} cannot be made: ${message}`)
      )
      return true
    }
    return yield* fs.stat(place).pipe(
      Effect.map(({ type }) => type === "Directory"),
      // What is not there yet will be a file.
      Effect.orElseSucceed(() => false)
    )
  }
)

const secretIn = Effect.fnUntraced(
  function*(file: string): Effect.fn.Return<Uint8Array, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const secret = yield* Effect.mapError(fs.readFile(file), ({ message }) => usage(`${file}: ${message}`))
    return secret.length >= secretOctetsMin
      ? secret
      : yield* usage(
        `${file} holds ${secret.length} octets; a secret that nobody guesses has at least ${secretOctetsMin}`
      )
  }
)

/** The first stream is recorded in the file named, further ones beside it, numbered. */
const numbered = (file: string, stream: number): string => {
  if (stream === 1) return file
  const dot = file.lastIndexOf(".")
  return dot > file.lastIndexOf("/") + 1
    ? `${file.slice(0, dot)}.${stream}${file.slice(dot)}`
    : `${file}.${stream}`
}

const secretOctetsMin = 16
