/**
 * Recordings in files: a sink of lines that never makes the one who writes wait, and never fails him. What the lines say
 * is the business of `@xmpp-e2e/recording`.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { writeSync } from "node:fs"
import * as Fs from "node:fs/promises"
import * as Path from "node:path"
import * as Appender from "./internal/appender.ts"
import * as Files from "./internal/files.ts"
import * as LastWords from "./internal/lastWords.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Recorder {
  /**
   * Takes a line, without its line end. Synchronous, and never throws. When more than 16 million characters wait for the
   * disk, or once the disk has refused one, further lines are left out: a recording may stop early, but it has no holes.
   */
  readonly write: (line: string) => void
  /** The same of a line in UTF-8, which is copied. */
  readonly writeOctets: (line: Uint8Array) => void
  /** Waits until all lines so far are on the disk; fails if one of them never will be. */
  readonly flush: Effect.Effect<void, RecorderError>
}

/**
 * - `exists`: there is a file of that name; it was not touched
 * - `unopenable`: the file cannot be made
 * - `unwritable`: the disk refused a line, and the recording ends before it
 * - `overflow`: the disk is too slow, and the recording ends early
 *
 * @since 0.1.0
 * @category errors
 */
export class RecorderError extends Data.TaggedError("RecorderError")<{
  readonly reason: "exists" | "unopenable" | "unwritable" | "overflow"
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * Makes a new file, mode 0600: a recording tells who talked with whom. Closing the scope flushes and closes it; what could
 * not be written is then a warning in the log.
 *
 * Lines are in the hands of the system within 10 milliseconds. A process that ends by an exception or `process.exit` writes
 * what is left as it goes; one that is killed loses what came in its last 10 milliseconds.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = Effect.fn("NodeRecorder.open")(function*(
  path: string
): Effect.fn.Return<Recorder, RecorderError, Scope.Scope> {
  const file = yield* Effect.acquireRelease(
    Effect.mapError(Files.attempt(() => Fs.open(path, "wx", 0o600)), (fault) => openError(path, fault)),
    Files.close
  )
  const place = placeIn(path, file)
  const appender = yield* Appender.make(
    place,
    waitingMax,
    () => new RecorderError({ reason: "overflow", detail: `the recording ${path} ends early: the disk is too slow` })
  )
  yield* Effect.acquireRelease(
    Effect.sync(() => LastWords.enlist(() => place.appendNow(appender.unconfirmed()))),
    (dismiss) => Effect.sync(dismiss)
  )
  yield* Effect.addFinalizer(() => appender.flush.pipe(Effect.catch((error) => Effect.logWarning(error.message))))
  return appender
})

/**
 * As `open`, in a directory: a file of its own, named after the time (UTC) and numbered where that does not tell streams
 * apart, so that names sort as streams began.
 *
 * @since 0.1.0
 * @category constructors
 */
export const openIn = Effect.fn("NodeRecorder.openIn")(function*(
  directory: string
): Effect.fn.Return<Recorder, RecorderError, Scope.Scope> {
  const time = DateTime.formatIso(yield* DateTime.now).replace(/[-:]/g, "")
  const attempt = (number: number): Effect.Effect<Recorder, RecorderError, Scope.Scope> =>
    open(Path.join(directory, `${time}-${String(number).padStart(3, "0")}.ndjson`)).pipe(
      Effect.catch((error) =>
        error.reason === "exists" && number < numbersMax ? attempt(number + 1) : Effect.fail(error)
      )
    )
  return yield* attempt(1)
})

interface Place extends Appender.Sink<RecorderError> {
  /** Without waiting; also over what is on its way there, which is the same. */
  readonly appendNow: (rest: Appender.Rest) => void
}

const placeIn = (path: string, file: Fs.FileHandle): Place => {
  const writing = (run: () => Promise<unknown>): Effect.Effect<void, RecorderError> =>
    Effect.asVoid(Effect.mapError(Files.attempt(run), ({ cause, code }) => {
      const detail = `the recording ${path} ends early: ${Files.wordsOf(code)}`
      return new RecorderError({ reason: "unwritable", detail, cause })
    }))
  return {
    append: (bytes, at) =>
      writing(() => writeAt(file, bytes, at)).pipe(
        // Half a line would spoil the lines before it.
        Effect.tapError(() => Effect.ignore(Files.attempt(() => file.truncate(at))))
      ),
    appendNow: ({ at, pieces }) => {
      let position = at
      for (const piece of pieces) {
        for (let written = 0; written < piece.length;) {
          written += writeSync(file.fd, piece, written, piece.length - written, position + written)
        }
        position += piece.length
      }
    },
    sync: writing(() => file.datasync())
  }
}

const writeAt = async (file: Fs.FileHandle, bytes: Uint8Array, at: number): Promise<void> => {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, at + written)
    written += bytesWritten
  }
}

const openError = (path: string, { cause, code }: Files.FileFault): RecorderError =>
  code === "EEXIST"
    ? new RecorderError({ reason: "exists", detail: `${path} exists, and is not overwritten`, cause })
    : new RecorderError({ reason: "unopenable", detail: `${path} cannot be made: ${Files.wordsOf(code)}`, cause })

const waitingMax = 16_777_216
/** Streams that begin in the same millisecond. */
const numbersMax = 999
