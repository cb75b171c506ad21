/** Files whose loss or exposure would hurt: written whole or not at all, and read with a look at who else may. */
import * as Clock from "effect/Clock"
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

/** @internal */
export interface Raw {
  readonly bytes: Uint8Array
  readonly stats: Stats
}

/** The content and what the system says about the file, of one and the same file. @internal */
export const read = (path: string, bytesMax: number): Effect.Effect<Content, FileFault> =>
  Effect.map(readFrom(path, bytesMax, waitless), asText)

/** As `read`; a symbolic link in place of the file is refused with `ELOOP`. @internal */
export const readItself = (path: string, bytesMax: number): Effect.Effect<Content, FileFault> =>
  Effect.map(readFrom(path, bytesMax, waitless | linkless), asText)

/** As `read`, for what is no text. @internal */
export const readBytes = (path: string, bytesMax: number): Effect.Effect<Raw, FileFault> =>
  readFrom(path, bytesMax, waitless)

const readFrom = (path: string, bytesMax: number, flags: number): Effect.Effect<Raw, FileFault> =>
  Effect.acquireUseRelease(
    attempt(() => Fs.open(path, flags)),
    Effect.fnUntraced(function*(file) {
      const stats = yield* attempt(() => file.stat())
      if (!stats.isFile()) return yield* Effect.fail(fault("it is not a file"))
      if (stats.size > bytesMax) return yield* Effect.fail(fault("it is too large"))
      return { bytes: yield* attempt(() => file.readFile()), stats }
    }),
    close
  )

const asText = ({ bytes, stats }: Raw): Content => ({ text: new TextDecoder().decode(bytes), stats })

/** `EEXIST` when there is something of that name; otherwise the file is there in full, and stays. @internal */
export const create = (path: string, text: string, mode: number): Effect.Effect<void, FileFault> =>
  place(path, text, mode, true, (temporary) => settle(temporary, path))

/** As `create`, for what need not outlive a power cut. @internal */
export const claim = (path: string, text: string, mode: number): Effect.Effect<void, FileFault> =>
  place(path, text, mode, false, (temporary) => settle(temporary, path))

/** Gives a file its name; `EEXIST` when there is something of that name, also a link that leads nowhere. @internal */
export const settle = (temporary: string, path: string): Effect.Effect<void, FileFault> =>
  // A rename would replace what is there; a link does not.
  attempt(() => Fs.link(temporary, path)).pipe(
    Effect.catch((why) =>
      noLinks.has(why.code) ? attempt(() => Fs.copyFile(temporary, path, constants.COPYFILE_EXCL)) : Effect.fail(why)
    ),
    Effect.andThen(remove(temporary))
  )

/**
 * Readers see the old content or the new one, never a part. `confirm` is asked when everything is ready: if it fails, the
 * old content stays.
 *
 * @internal
 */
export const replace = (
  path: string,
  text: string,
  mode: number,
  confirm: Effect.Effect<void, FileFault>
): Effect.Effect<void, FileFault> =>
  place(path, text, mode, true, (temporary) => Effect.andThen(confirm, attempt(() => Fs.rename(temporary, path))))

/**
 * Removes what `create`, `claim` and `replace` left of the files of a directory when their process was killed: whatever has
 * a temporary name and is older than `ageMillis`.
 *
 * @internal
 */
export const sweep = Effect.fnUntraced(function*(directory: string, ageMillis: number): Effect.fn.Return<void> {
  const names = yield* Effect.orElseSucceed(attempt(() => Fs.readdir(directory)), () => [])
  const now = yield* Clock.currentTimeMillis
  for (const name of names.filter((each) => temporaryName.test(each))) {
    const path = Path.join(directory, name)
    const stats = yield* Effect.orElseSucceed(attempt(() => Fs.lstat(path)), () => undefined)
    if (stats !== undefined && now - stats.mtimeMs > ageMillis) yield* remove(path)
  }
})

/** `mode` is for directories that are not there yet. @internal */
export const makeDirectory = (path: string, mode: number): Effect.Effect<Stats, FileFault> =>
  Effect.andThen(attempt(() => Fs.mkdir(path, { recursive: true, mode })), attempt(() => Fs.stat(path)))

/** @internal */
export const remove = (path: string): Effect.Effect<void> => Effect.ignore(attempt(() => Fs.unlink(path)))

/** @internal */
export const close = (file: Fs.FileHandle): Effect.Effect<void> => Effect.ignore(attempt(() => file.close()))

/** What is at the end of links. @internal */
export const statsOf = (path: string): Effect.Effect<Stats, FileFault> => attempt(() => Fs.stat(path))

/** A link that leads nowhere is there, too. @internal */
export const isThere = (path: string): Effect.Effect<boolean> =>
  Effect.map(kindOf(path), (stats) => stats !== undefined)

/** @internal */
export const isLink = (path: string): Effect.Effect<boolean> =>
  Effect.map(kindOf(path), (stats) => stats?.isSymbolicLink() === true)

const kindOf = (path: string): Effect.Effect<Stats | undefined> =>
  Effect.orElseSucceed(attempt(() => Fs.lstat(path)), () => undefined)

/** Whether others can put another file in the place of one. Under a sticky bit, only their own. @internal */
export const isReplaceable = (directory: Stats): boolean =>
  isOpenTo(directory, writeAccess) && (directory.mode & sticky) === 0

/** Windows keeps other lists, and shows a mode that means nothing. @internal */
export const isOpenTo = (stats: Stats, bits: number): boolean =>
  process.platform !== "win32" && (stats.mode & bits) !== 0

/** Only root, and the user as whom we run, may change what we rely on. @internal */
export const isForeign = (stats: Stats): boolean => {
  const self = process.geteuid?.()
  return self !== undefined && stats.uid !== self && stats.uid !== 0
}

const place = (
  path: string,
  text: string,
  mode: number,
  isDurable: boolean,
  finish: (temporary: string) => Effect.Effect<void, FileFault>
): Effect.Effect<void, FileFault> => {
  const directory = Path.dirname(path)
  const temporary = Path.join(directory, `.${Path.basename(path)}.${randomUUID()}`)
  return write(temporary, text, mode, isDurable).pipe(
    Effect.andThen(finish(temporary)),
    Effect.andThen(isDurable ? syncDirectory(directory) : Effect.void),
    Effect.tapError(() => remove(temporary)),
    Effect.uninterruptible
  )
}

const write = (path: string, text: string, mode: number, isDurable: boolean): Effect.Effect<void, FileFault> =>
  Effect.acquireUseRelease(
    attempt(() => Fs.open(path, "wx", mode)),
    (file) =>
      Effect.andThen(
        attempt(() => file.writeFile(text)),
        isDurable ? attempt(() => file.sync()) : Effect.void
      ),
    close
  )

/** Without it a name may be lost in a power cut. Some systems cannot; then there is nothing more to do. @internal */
export const syncDirectory = (path: string): Effect.Effect<void> =>
  Effect.ignore(
    Effect.acquireUseRelease(attempt(() => Fs.open(path, "r")), (directory) => attempt(() => directory.sync()), close)
  )

/** As `place` makes them. */
const temporaryName = /^\..+\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Opening a pipe must not wait for somebody who writes into it. Windows knows neither of the two. @internal */
export const waitless = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
const linkless = constants.O_NOFOLLOW ?? 0

/** What file systems say that have no hard links. */
const noLinks: ReadonlySet<string> = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"])

/** Read, write or search by the group or by others. @internal */
export const anyAccess = 0o077
/** Written by the group or by others. @internal */
export const writeAccess = 0o022

const sticky = 0o1000

/** What a code means to people. @internal */
export const wordsOf = (code: string): string => words.get(code) ?? code

const words: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "it is not there"],
  ["EACCES", "permission is missing"],
  ["EPERM", "permission is missing"],
  ["ELOOP", "it is a symbolic link; name what it leads to"],
  ["EISDIR", "it is a directory"],
  ["ENOTDIR", "a part of the path is no directory"],
  ["EEXIST", "a file of that name is in the way"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk is full"],
  ["EFBIG", "no file may be as large as that"],
  ["EROFS", "the disk is read-only"],
  ["ELOCKED", "another process holds the lock"],
  ["ETAKEN", "this process stood still for so long that another one took its lock"]
])
