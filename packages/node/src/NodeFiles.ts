/**
 * Files that people give to each other: a file of ours to be read, and a directory into which somebody else's file goes. The
 * shapes are those that `FileSharing` of `@xmpp-e2e/serverless` asks for.
 *
 * What others have named never leaves the directory, and never takes the place of something that is there. Nobody sees a
 * file under its name before it is whole.
 *
 * @since 0.1.0
 */
import * as SafeName from "@xmpp-e2e/jingle/SafeName"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { randomUUID } from "node:crypto"
import { constants } from "node:fs"
import * as Fs from "node:fs/promises"
import * as Path from "node:path"
import * as Files from "./internal/files.ts"

/**
 * - `unreadable`: the file is not there, is none, or cannot be read
 * - `full`: the file system has no room for it, or lets us have no more
 * - `unwritable`: the directory is not there, is none, or cannot be written to
 *
 * @since 0.1.0
 * @category errors
 */
export class NodeFilesError extends Data.TaggedError("NodeFilesError")<{
  readonly reason: "unreadable" | "full" | "unwritable"
  readonly path: string
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return `${this.path}: ${this.detail}`
  }
}

/**
 * `size` is in octets, as the file had when it was looked at. `bytes` opens it anew each time; no more than 64 KiB are in
 * memory at a time.
 *
 * @since 0.1.0
 * @category models
 */
export interface OwnFile {
  readonly name: string
  readonly size: number
  readonly bytes: Stream.Stream<Uint8Array, NodeFilesError>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Sink {
  readonly append: (bytes: Uint8Array) => Effect.Effect<void, NodeFilesError>
  /** The file is on the disk then. Gives where. */
  readonly keep: (name: string) => Effect.Effect<string, NodeFilesError>
}

/**
 * A file of ours. Links are followed, since it is our side that names it; what is no file, such as a pipe, is refused.
 *
 * @since 0.1.0
 * @category constructors
 */
export const own = (path: string): Effect.Effect<OwnFile, NodeFilesError> =>
  Effect.scoped(Effect.map(opened(path), ({ size }) => ({
    name: Path.basename(Path.resolve(path)),
    size,
    bytes: Stream.unwrap(Effect.map(opened(path), ({ handle }) => contentOf(handle, path)))
  })))

/**
 * A place in `directory` for one file, until the scope closes: what is not kept by then is removed. While it grows it has a
 * name that begins with a dot, and that nobody can know before; it is readable by its owner only, and stays so.
 *
 * A name that is taken gets a number: `letter (2).txt`. Links in the directory are not followed.
 *
 * `size` in octets: where the file system says that it has less room, it is `full` at once.
 *
 * @since 0.1.0
 * @category constructors
 */
export const into = Effect.fnUntraced(function*(
  directory: string,
  size = 0
): Effect.fn.Return<Sink, NodeFilesError, Scope.Scope> {
  const place = Path.resolve(directory)
  yield* roomFor(place, size)
  const temporary = Path.join(place, `.xmpp-e2e-receiving.${randomUUID()}`)
  const handle = yield* Effect.acquireRelease(
    Effect.mapError(Files.attempt(() => Fs.open(temporary, fresh, 0o600)), unwritable(place)),
    (handle) => Effect.andThen(Files.close(handle), Files.remove(temporary))
  )
  return {
    append: (bytes) => Effect.mapError(Files.attempt(() => handle.writeFile(bytes)), unwritable(place)),
    keep: (name) =>
      Files.attempt(() => handle.sync()).pipe(
        Effect.andThen(settled(temporary, place, name)),
        Effect.tap(Files.syncDirectory(place)),
        Effect.mapError(unwritable(place)),
        Effect.uninterruptible
      )
  }
})

const opened = (path: string) =>
  Effect.acquireRelease(Files.attempt(() => Fs.open(path, Files.waitless)), Files.close).pipe(
    Effect.flatMap((handle) =>
      Effect.flatMap(Files.attempt(() => handle.stat()), (stats) =>
        stats.isFile()
          ? Effect.succeed({ handle, size: stats.size })
          : Effect.fail(Files.fault(stats.isDirectory() ? "EISDIR" : "it is not a file")))
    ),
    Effect.mapError(unreadable(path))
  )

const contentOf = (handle: Fs.FileHandle, path: string): Stream.Stream<Uint8Array, NodeFilesError> =>
  Stream.paginate(
    0,
    (position) =>
      Files.attempt(() => handle.read(new Uint8Array(partOctets), 0, partOctets, position)).pipe(
        Effect.mapError(unreadable(path)),
        Effect.map(({ buffer, bytesRead }) =>
          [
            bytesRead === 0 ? [] : [buffer.subarray(0, bytesRead)],
            bytesRead === 0 ? Option.none() : Option.some(position + bytesRead)
          ] as const
        )
      )
  )

/** Systems that cannot say how much room there is find out when it is written. */
const roomFor = Effect.fnUntraced(function*(place: string, size: number) {
  const room = yield* Effect.option(Files.attempt(() => Fs.statfs(place)))
  if (Option.isNone(room)) return
  const { bavail, bsize } = room.value
  if (bavail * bsize >= size) return
  return yield* new NodeFilesError({
    reason: "full",
    path: place,
    detail: `there is room for ${bavail * bsize} octets, and the file has ${size}`
  })
})

/** The first free name. Somebody else may take it just before us: then it is the next one. */
const settled = Effect.fnUntraced(function*(
  temporary: string,
  place: string,
  name: string
): Effect.fn.Return<string, Files.FileFault> {
  const taken = new Set(yield* Files.attempt(() => Fs.readdir(place)))
  for (let tries = 0; tries < triesMax; tries++) {
    const free = SafeName.free(name, taken)
    const path = Path.join(place, free)
    const isOurs = yield* Files.settle(temporary, path).pipe(
      Effect.as(true),
      Effect.catch((why) => why.code === "EEXIST" ? Effect.succeed(false) : Effect.fail(why))
    )
    if (isOurs) return path
    taken.add(free)
  }
  return yield* Effect.fail(Files.fault("EEXIST"))
})

const unreadable = (path: string) => ({ cause, code }: Files.FileFault): NodeFilesError =>
  new NodeFilesError({ reason: "unreadable", path, detail: Files.wordsOf(code), cause })

const unwritable = (path: string) => ({ cause, code }: Files.FileFault): NodeFilesError =>
  new NodeFilesError({ reason: noRoom.has(code) ? "full" : "unwritable", path, detail: Files.wordsOf(code), cause })

const noRoom: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"])
/** Created by us, or not at all. */
const fresh = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)
const partOctets = 65_536
const triesMax = 1000
