/** `replay --html`: a recording, or both sides of one session, as a page for a browser. What is on it is `viewer`'s. */
import { Recording } from "@xmpp-e2e/recording"
import { Page } from "@xmpp-e2e/viewer"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Result from "effect/Result"
import { type CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"

export const writePage = Effect.fnUntraced(
  function*(
    files: ReadonlyArray<string>,
    out: string
  ): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem | Path.Path> {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const [first, second] = files
    if (first === undefined || files.length > 2) {
      return yield* usage(`--html takes one recording, or both sides of one session; these are ${files.length} files`)
    }
    if (files.some((file) => path.resolve(file) === path.resolve(out))) {
      return yield* usage(`--html would overwrite the recording ${out}; name another file`)
    }
    const page = Page.make(
      yield* read(first),
      second === undefined ? undefined : yield* read(second)
    )
    if (Result.isFailure(page)) return yield* usage(page.failure.message)
    yield* fs.writeFileString(out, page.success, { mode: 0o600 }).pipe(
      Effect.mapError((cause) => usage(`${out}: ${cause.message}`))
    )
    yield* Output.remark(`${out}: open it in a browser`)
  }
)

const read = Effect.fnUntraced(
  function*(file: string): Effect.fn.Return<Page.Source, CommandFailed, FileSystem.FileSystem | Path.Path> {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const unreadable = (cause: { readonly message: string }): CommandFailed => usage(`${file}: ${cause.message}`)
    const { size } = yield* fs.stat(file).pipe(Effect.mapError(unreadable))
    if (size > bytesMax) return yield* unreadable({ message: `larger than ${bytesMax} bytes, too large for a page` })
    const text = yield* fs.readFileString(file).pipe(Effect.mapError(unreadable))
    const recording = Recording.decode(text)
    if (Result.isFailure(recording)) return yield* unreadable(recording.failure)
    return { name: path.basename(file), recording: recording.success }
  }
)

/** A page is made in memory, and so is what a browser makes of it. */
const bytesMax = 256 * 1024 * 1024
