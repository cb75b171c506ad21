/**
 * Why a file did not get from one person to the other, as an error with a sentence for each reason. What they do about it is
 * in `FileSharing.ts`.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import { explain } from "./internal/fileWords.ts"

/**
 * Before anything was sent:
 *
 * - `declined`: whoever was asked does not want it; `detail` is what was said, a stranger's text
 * - `unsupported`: the peer's software knows nothing of files in this way
 * - `busy`: too many offers wait at the peer
 * - `unanswered`: nobody said yes or no in time
 * - `withdrawn`: whoever offered it does not offer it any more
 * - `tooMany`: as many files are on their way as may be; that is a limit of ours
 *
 * After that:
 *
 * - `stoppedByPeer`: the peer gave it up
 * - `stalled`: nothing came in time
 * - `interrupted`: the bytestream broke, or the stream ended
 * - `incomplete`: fewer octets came than were offered
 * - `tooMuch`: more octets came than were offered
 * - `damaged`: what came is not what was offered, by its SHA-256
 *
 * On our side:
 *
 * - `unreadable`: our file could not be read; `detail` and `cause` say why not
 * - `changed`: our file is not as long any more as it was said to be
 * - `unkept`: what came could not be kept; `detail` and `cause` say why not
 *
 * @since 0.1.0
 * @category models
 */
export type Why =
  | "declined"
  | "unsupported"
  | "busy"
  | "unanswered"
  | "withdrawn"
  | "tooMany"
  | "stoppedByPeer"
  | "stalled"
  | "interrupted"
  | "incomplete"
  | "tooMuch"
  | "damaged"
  | "unreadable"
  | "changed"
  | "unkept"

/**
 * The message says what happened, why, and what to do.
 *
 * @since 0.1.0
 * @category errors
 */
export class FileFailed extends Data.TaggedError("FileFailed")<{
  readonly why: Why
  readonly detail?: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return explain(this.why, this.detail)
  }
}
