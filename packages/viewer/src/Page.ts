/**
 * The page: a recording in, the text of an HTML document out. What the page shows is prepared in `internal/side.ts`, how
 * two recordings of one session belong together in `internal/align.ts`; the program that runs in the browser is
 * `internal/client`, and comes as text from `internal/asset.ts`.
 *
 * The document loads nothing and may load nothing: its policy allows its own script and its own style by their hashes, and
 * nothing else. What a recording says is data in it, never markup and never code.
 *
 * @since 0.1.0
 */
import * as Recording from "@xmpp-e2e/recording/Recording"
import * as Result from "effect/Result"
import { align } from "./internal/align.ts"
import { document } from "./internal/document.ts"
import { side } from "./internal/side.ts"
import * as ViewerError from "./ViewerError.ts"

/**
 * A recording and what it is called, the name of its file, say.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly name: string
  readonly recording: Recording.Recording
}

/**
 * The most steps of one recording that go into a page.
 *
 * @since 0.1.0
 * @category constants
 */
export const stepsMax = 200_000

/**
 * One HTML document in UTF-8. A second source is the other side of the same session: both are shown side by side, aligned
 * by what one sent and the other received.
 *
 * Fails with `TooLong` when a source has more than `stepsMax` steps.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (first: Source, second?: Source): Result.Result<string, ViewerError.ViewerError> => {
  const sources = second === undefined ? [first] : [first, second]
  for (const { name, recording } of sources) {
    const steps = Recording.steps(recording).length
    if (steps > stepsMax) return Result.fail(ViewerError.make({ _tag: "TooLong", name, steps, stepsMax }))
  }
  const sides = sources.map(({ name, recording }) => side(name, recording))
  return Result.succeed(document({ sides, ...align(sides) }))
}
