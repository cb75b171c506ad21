/** The flag of `replay` that asks for a page; `htmlPage.ts` makes it. */
import * as Flag from "effect/cli/Flag"

export const html = Flag.String("html").pipe(
  Flag.withMetavar("OUT"),
  Flag.withDescription("Write a page that shows a recording, or both sides of one session, beside the outcome"),
  Flag.optional
)
