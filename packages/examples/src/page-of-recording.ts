/**
 * A recording as a page for a browser, or both sides of one session on one page.
 *
 * `node packages/examples/src/page-of-recording.ts FILE [FILE] > page.html`
 *
 * @since 0.1.0
 */
import { Recording } from "@xmpp-e2e/recording"
import { Page } from "@xmpp-e2e/viewer"
import * as Result from "effect/Result"
import * as Fs from "node:fs"
import { basename } from "node:path"
import { fileURLToPath } from "node:url"

/**
 * The page of the files, or in one sentence why there is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const page = (file: string, other?: string): Result.Result<string, string> =>
  Result.gen(function*() {
    const first = yield* read(file)
    const second = other === undefined ? undefined : yield* read(other)
    return yield* Result.mapError(Page.make(first, second), ({ message }) => message)
  })

const read = (file: string): Result.Result<Page.Source, string> =>
  Recording.decode(Fs.readFileSync(file, "utf8")).pipe(
    Result.map((recording) => ({ name: basename(file), recording })),
    Result.mapError(({ message }) => `${file}: ${message}`)
  )

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const made = page(process.argv[2] ?? "", process.argv[3])
  if (Result.isFailure(made)) process.exitCode = 1
  process.stdout.write(Result.isSuccess(made) ? made.success : `${made.failure}\n`)
}
