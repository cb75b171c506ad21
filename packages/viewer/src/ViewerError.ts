/**
 * Why there is no page.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * - `TooLong`: the recording named `name` has more steps than a browser shows without effort
 *
 * @since 0.1.0
 * @category errors
 */
export type Fault = {
  readonly _tag: "TooLong"
  readonly name: string
  readonly steps: number
  readonly stepsMax: number
}

/**
 * @since 0.1.0
 * @category errors
 */
export class ViewerError extends Data.TaggedError("ViewerError")<{ readonly reason: Fault }> {
  override get message(): string {
    const { name, steps, stepsMax } = this.reason
    return `${name} has ${steps} steps, and a page shows ${stepsMax} at most; keep its first lines, or read it with --describe`
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (reason: Fault): ViewerError => new ViewerError({ reason })
