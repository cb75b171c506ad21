/**
 * Why a text is no recording that can be read.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * Lines count from 1, steps from 0.
 *
 * - `NotARecording`: the first line is no head of ours
 * - `UnsupportedVersion`: written by something newer than this; `newest` is what we read
 * - `Malformed`: a line that does not say what such a line says
 * - `TornLastLine`: the last line is incomplete, as when the writer was killed. Tolerated and reported, never a failure
 * - `SequenceGap`: steps are missing and nothing says so, repeated or out of order
 *
 * @since 0.1.0
 * @category errors
 */
export type Fault =
  | { readonly _tag: "NotARecording"; readonly detail: string }
  | { readonly _tag: "UnsupportedVersion"; readonly version: number; readonly newest: number }
  | { readonly _tag: "Malformed"; readonly line: number; readonly detail: string }
  | { readonly _tag: "TornLastLine"; readonly line: number }
  | { readonly _tag: "SequenceGap"; readonly line: number; readonly expected: number; readonly found: number }

/**
 * @since 0.1.0
 * @category errors
 */
export class RecordingError extends Data.TaggedError("RecordingError")<{ readonly reason: Fault }> {
  override get message(): string {
    return sentence(this.reason)
  }
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const make = (reason: Fault): RecordingError => new RecordingError({ reason })

const sentence = (reason: Fault): string => {
  switch (reason._tag) {
    case "NotARecording":
      return `not a recording: ${reason.detail}`
    case "UnsupportedVersion":
      return `version ${reason.version} is unknown; the newest that can be read is ${reason.newest}`
    case "Malformed":
      return `line ${reason.line}: ${reason.detail}`
    case "TornLastLine":
      return `line ${reason.line}, the last, is incomplete`
    case "SequenceGap":
      return `line ${reason.line}: step ${reason.expected} was to come, found step ${reason.found}`
  }
}
