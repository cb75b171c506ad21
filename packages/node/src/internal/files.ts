/** Files whose loss or exposure would hurt: written whole or not at all, and read with a look at who else may. */
import * as Effect from "effect/Effect"
import { randomUUID } from "node:crypto"
import { constants, type Stats } from "node:fs"
import * as Fs from "node:fs/promises"
import * as Path from "node:path"

/** What the system said; `code` is Node's. @internal */
export interface FileFault {
  readonly _tag: "FileFault"
  readonly code: string
  readonly cause: unknown
}

/** @internal */
export const fault = (code: string, cause?: unknown): FileFault => ({ _tag: "FileFault", code, cause })

/** @internal */
export const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, FileFault> =>
  Effect.tryPromise({ try: run, catch: (cause) => fault(codeOf(cause), cause) })

/** @internal */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "unknown cause"

/** @internal */
export interface Content {
  readonly text: string
  readonly stats: Stats
}

/** The content and what the system says about the file, of one and the same file. @internal */
export const read = (path: string, bytesMax: number): Effect.Effect<Content, FileFault> =>
  Effect.acquireUseRelease(
    attempt(() => Fs.open(path, "r")),
    Effect.fnUntraced(function*(file) {
      const stats = yield* attempt(() => file.stat())
      if (!stats.isFile()) return yield* Effect.fail(fault("it is not a file"))
      if (stats.size > bytesMax) return yield* Effect.fail(fault("it is too large"))
      return { text: yield* attempt(() => file.readFile("utf8")), stats }
    }),
    close
  )

/** `EEXIST` when there is something of that name; otherwise the file is there in full, and stays. @internal */
export const create = (path: string, text: string, mode: number): Effect.Effect<void, FileFault> =>
  withTemporary(path, text, mode, (temporary) =>
    // A rename would replace what is there; a link does not.
    attempt(() => Fs.link(temporary, path)).pipe(
      Effect.catch((why) =>
        noLinks.has(why.code) ? attempt(() => Fs.copyFile(temporary, path, constants.COPYFILE_EXCL)) : Effect.fail(why)
      ),
      Effect.andThen(remove(temporary))
    ))

/** Readers see the old content or the new one, never a part. @internal */
export const replace = (path: string, text: string, mode: number): Effect.Effect<void, FileFault> =>
  withTemporary(path, text, mode, (temporary) => attempt(() => Fs.rename(temporary, path)))

/** `mode` is for directories that are not there yet. @internal */
export const makeDirectory = (path: string, mode: number): Effect.Effect<Stats, FileFault> =>
  Effect.andThen(attempt(() => Fs.mkdir(path, { recursive: true, mode })), attempt(() => Fs.stat(path)))

/** @internal */
export const remove = (path: string): Effect.Effect<void> => Effect.ignore(attempt(() => Fs.unlink(path)))

/** @internal */
export const close = (file: Fs.FileHandle): Effect.Effect<void> => Effect.ignore(attempt(() => file.close()))

/** Windows keeps other lists, and shows a mode that means nothing. @internal */
export const isOpenTo = (stats: Stats, bits: number): boolean =>
  process.platform !== "win32" && (stats.mode & bits) !== 0

const withTemporary = (
  path: string,
  text: string,
  mode: number,
  place: (temporary: string) => Effect.Effect<void, FileFault>
): Effect.Effect<void, FileFault> => {
  const directory = Path.dirname(path)
  const temporary = Path.join(directory, `.${Path.basename(path)}.${randomUUID()}`)
  return writeThrough(temporary, text, mode).pipe(
    Effect.andThen(place(temporary)),
    Effect.andThen(syncDirectory(directory)),
    Effect.tapError(() => remove(temporary)),
    Effect.uninterruptible
  )
}

const writeThrough = (path: string, text: string, mode: number): Effect.Effect<void, FileFault> =>
  Effect.acquireUseRelease(
    attempt(() => Fs.open(path, "wx", mode)),
    (file) => Effect.andThen(attempt(() => file.writeFile(text)), attempt(() => file.sync())),
    close
  )

/** Without it a name may be lost in a power cut. Some systems cannot; then there is nothing more to do. */
const syncDirectory = (path: string): Effect.Effect<void> =>
  Effect.ignore(
    Effect.acquireUseRelease(attempt(() => Fs.open(path, "r")), (directory) => attempt(() => directory.sync()), close)
  )

/** What file systems say that have no hard links. */
const noLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"])

/** Read, write or search by the group or by others. @internal */
export const anyAccess = 0o077
/** Written by the group or by others. @internal */
export const writeAccess = 0o022

/** What a code means to people. @internal */
export const wordsOf = (code: string): string => words.get(code) ?? code

const words: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "it is not there"],
  ["EACCES", "permission is missing"],
  ["EPERM", "permission is missing"],
  ["EISDIR", "it is a directory"],
  ["ENOTDIR", "a part of the path is no directory"],
  ["EEXIST", "a file of that name is in the way"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk is full"],
  ["EROFS", "the disk is read-only"],
  ["ELOCKED", "another process holds the lock"]
])
