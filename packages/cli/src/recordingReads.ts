/**
 * A recording on disk as a stream of what `Reading` finds in it, in bounded memory, with a word about progress on standard
 * error when it takes longer than a second.
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import { Describe } from "@xmpp-e2e/protocol"
import { Reading, Recording, type RecordingError } from "@xmpp-e2e/recording"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { createReadStream } from "node:fs"
import { type CommandFailed, usage } from "./exit.ts"
import { fileWords } from "./fileWords.ts"
import * as Output from "./output.ts"
import { standardInput } from "./standardInput.ts"

/** A file that is no recording, or none that can be read to its end. `fault` is there when the file could be opened. */
export class Unreadable extends Data.TaggedError("Unreadable")<{
  readonly file: string
  readonly sentence: string
  readonly fault?: RecordingError.Fault
}> {
  override get message(): string {
    return `${nameOf(this.file)}: ${this.sentence}`
  }
}

/** Where one unreadable file is the end of the command. */
export const asFailure = (error: Unreadable): CommandFailed => usage(error.message)

/** Where the others go on: what is said of one that could not be read. */
export const notRead = (error: Unreadable | CommandFailed, json: boolean): Effect.Effect<void, CommandFailed> => {
  if (error._tag === "CommandFailed") return Effect.fail(error)
  const { fault, file, message, sentence } = error
  return json ? Output.line(JSON.stringify({ file, outcome: "unreadable", sentence, fault })) : Output.remark(message)
}

export const headless = (file: string): Unreadable =>
  new Unreadable({ file, sentence: "not a recording: it has no head" })

/** A name of a file is somebody's text, too. */
export const nameOf = (file: string): string => Describe.clean(file, nameCharsMax)

/** Everything before the first fault, and then the fault. */
export const reads = (file: string): Stream.Stream<Recording.Read, Unreadable, FileSystem.FileSystem> =>
  Stream.unwrap(Effect.gen(function*() {
    const progress = yield* watch(file)
    const reading = Reading.make()
    return (yield* bytesOf(file)).pipe(
      Stream.tap((bytes) => progress(bytes.length)),
      Stream.decodeText,
      Stream.map((text) => reading.push(text)),
      Stream.concat(Stream.suspend(() => Stream.succeed(reading.end()))),
      Stream.flatMap((piece) => told(file, piece))
    )
  }))

/** The head alone. */
export const head = Effect.fnUntraced(
  function*(file: string): Effect.fn.Return<Recording.Head, Unreadable, FileSystem.FileSystem> {
    const first = yield* Stream.runHead(reads(file))
    return Option.isSome(first) && first.value._tag === "Head"
      ? first.value.head
      : yield* headless(file)
  }
)

/** The steps alone. */
export const steps = (file: string): Stream.Stream<Recording.Step, Unreadable, FileSystem.FileSystem> =>
  each(reads(file), (read) => read._tag === "Line" && Recording.isStep(read.line) ? [read.line] : [])

/** None, one or several for each, a whole array at a time. */
export const each = <A, B, E, R>(
  stream: Stream.Stream<A, E, R>,
  answer: (one: A) => ReadonlyArray<B>
): Stream.Stream<B, E, R> => Stream.mapAccumArray(stream, () => undefined, (state, all) => [state, all.flatMap(answer)])

const told = (file: string, { error, reads }: Reading.Piece): Stream.Stream<Recording.Read, Unreadable> =>
  error === undefined
    ? Stream.fromArray(reads)
    : Stream.concat(
      Stream.fromArray(reads),
      Stream.fail(
        new Unreadable({ file, sentence: Describe.clean(error.message, sentenceCharsMax), fault: error.reason })
      )
    )

/** What is no file on a disk, such as a pipe, can only be read onwards. */
const bytesOf = Effect.fnUntraced(
  function*(
    file: string
  ): Effect.fn.Return<Stream.Stream<Uint8Array, Unreadable>, never, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const info = yield* Effect.option(fs.stat(file))
    const isOnDisk = Option.isNone(info) || info.value.type === "File" || info.value.type === "Directory"
    if (isOnDisk && file !== standardInput) {
      return Stream.mapError(fs.stream(file), (error) => new Unreadable({ file, sentence: fileWords(error) }))
    }
    return NodeStream.fromReadable<Uint8Array, Unreadable>({
      evaluate: () => file === standardInput ? process.stdin : createReadStream(file),
      onError: (cause) => new Unreadable({ file, sentence: Describe.clean(String(cause), sentenceCharsMax) }),
      // Not more in memory than is read at once.
      chunkSize: 1
    })
  }
)

/** Counts bytes; at most once a second it says how many of how many. */
const watch = Effect.fnUntraced(
  function*(
    file: string
  ): Effect.fn.Return<(bytes: number) => Effect.Effect<void>, never, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const info = yield* Effect.option(fs.stat(file))
    const size = Option.isSome(info) ? Number(info.value.size) : 0
    let told = yield* Clock.currentTimeMillis
    let read = 0
    return (bytes) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        read += bytes
        if (now - told < progressMillis) return Effect.void
        told = now
        const share = size > 0 ? `, ${Math.floor(100 * read / size)} %` : ""
        return Output.remark(`${nameOf(file)}: ${(read / 1e6).toFixed(1)} MB read${share}`)
      })
  }
)

const progressMillis = 1000
const nameCharsMax = 400
const sentenceCharsMax = 400
