/**
 * A document read as it arrives: pieces of text in, heads and lines out, in bounded memory however long the document is
 * and however long a line pretends to be.
 *
 * `Recording.decodeLine` judges each line; this file finds where lines end, and stops at the first that cannot be read.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import { lineCharsMax } from "./internal/read.ts"
import * as Recording from "./Recording.ts"
import * as RecordingError from "./RecordingError.ts"

/**
 * What a piece brought: all that was read, in order, and why nothing more will be.
 *
 * @since 0.1.0
 * @category models
 */
export interface Piece {
  /** The first one of a document is its `Head`; a `Torn` is the last. */
  readonly reads: ReadonlyArray<Recording.Read>
  readonly error?: RecordingError.RecordingError
}

/**
 * The reader of one document; it keeps the unfinished line. After an error it answers nothing more.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reading {
  /** The next piece of the text, cut anywhere. */
  readonly push: (text: string) => Piece
  /** There is no more text. A last line without line end may be torn; a document without a head is none. */
  readonly end: () => Piece
}

/**
 * Before the first piece.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (): Reading => {
  let cursor = Recording.begin
  let stopped = false
  // The unfinished line, in pieces: joined once, when its end has come.
  let pieces: Array<string> = []
  let kept = 0

  const keep = (text: string): void => {
    if (text !== "") pieces.push(text)
    kept += text.length
  }

  const line = (ended: boolean, reads: Array<Recording.Read>): RecordingError.RecordingError | undefined => {
    const text = pieces.join("")
    pieces = []
    kept = 0
    const decoded = Recording.decodeLine(cursor, text, ended)
    if (Result.isFailure(decoded)) return decoded.failure
    cursor = decoded.success.cursor
    if (decoded.success.read._tag !== "Empty") reads.push(decoded.success.read)
    return undefined
  }

  const stop = (reads: ReadonlyArray<Recording.Read>, error: RecordingError.RecordingError | undefined): Piece => {
    stopped = true
    return error === undefined ? { reads } : { reads, error }
  }

  const push = (text: string): Piece => {
    const reads: Array<Recording.Read> = []
    if (stopped) return { reads }
    let from = 0
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
      keep(text.slice(from, end))
      from = end + 1
      const error = line(true, reads)
      if (error !== undefined) return stop(reads, error)
    }
    keep(text.slice(from))
    // It is too long already: its end, which may never come, would not help.
    return kept > lineCharsMax ? stop(reads, line(false, reads)) : { reads }
  }

  const end = (): Piece => {
    const reads: Array<Recording.Read> = []
    if (stopped) return { reads }
    const error = kept === 0 ? undefined : line(false, reads)
    if (error !== undefined) return stop(reads, error)
    return stop(reads, cursor.upcast === undefined ? empty : undefined)
  }

  return { push, end }
}

const empty = RecordingError.make({ _tag: "NotARecording", detail: "it is empty" })
