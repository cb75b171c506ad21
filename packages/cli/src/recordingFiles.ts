/**
 * Which recordings are meant: files as they are named (`-` is standard input), all `*.ndjson` below a directory, and what a pattern matches where
 * no file has that name.
 */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { glob } from "node:fs/promises"
import { isAbsolute, join, resolve } from "node:path"
import { type CommandFailed, usage } from "./exit.ts"
import { standardInput } from "./standardInput.ts"

/** In the order named, those of a directory or pattern by name; each once, whatever it is called. Naming nothing is a mistake, and told. */
export const recordingFiles = Effect.fnUntraced(
  function*(
    paths: ReadonlyArray<string>
  ): Effect.fn.Return<ReadonlyArray<string>, CommandFailed, FileSystem.FileSystem> {
    const found = new Map<string, string>()
    for (const path of paths) {
      for (const file of yield* named(path)) {
        if (!found.has(resolve(file))) found.set(resolve(file), file)
      }
    }
    return [...found.values()]
  }
)

const named = Effect.fnUntraced(
  function*(path: string): Effect.fn.Return<ReadonlyArray<string>, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    if (path === standardInput) return [path]
    const info = yield* Effect.option(fs.stat(path))
    if (info._tag === "Some") return info.value.type === "Directory" ? yield* below(path) : [path]
    if (!/[*?[{]/.test(path)) return yield* usage(`${path}: no such file or directory`)
    const files = yield* matches(path)
    return files.length > 0 ? files : yield* usage(`${path}: no file matches this pattern`)
  }
)

const below = Effect.fnUntraced(
  function*(directory: string): Effect.fn.Return<ReadonlyArray<string>, CommandFailed, FileSystem.FileSystem> {
    const files = yield* matches("**/*.ndjson", directory)
    return files.length > 0 ? files : yield* usage(`${directory}: no recordings in it; their names end in .ndjson`)
  }
)

/** Files only, sorted. */
const matches = Effect.fnUntraced(
  function*(
    pattern: string,
    directory = "."
  ): Effect.fn.Return<ReadonlyArray<string>, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const all = yield* Effect.tryPromise({
      try: async () => {
        const found: Array<string> = []
        for await (const path of glob(pattern, { cwd: directory })) {
          found.push(isAbsolute(path) ? path : join(directory, path))
        }
        return found
      },
      catch: (error) => usage(`${pattern}: cannot be looked up: ${String(error)}`)
    })
    return yield* Effect.filter(
      all.sort(),
      (path) => fs.stat(path).pipe(Effect.map(({ type }) => type !== "Directory"), Effect.orElseSucceed(() => false))
    )
  }
)
