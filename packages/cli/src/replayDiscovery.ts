/** `replay` of sessions of discovery, which `discover --record` has written: they have a format of their own. */
import { DiscoveryRecording } from "@xmpp-e2e/link-local"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { fileWords } from "./fileWords.ts"
import { nameOf, Unreadable } from "./recordingReads.ts"

/** Told of one file. */
export interface Told {
  readonly outcome: DiscoveryRecording.Outcome
  /** The last line was incomplete. */
  readonly torn?: string
}

/** Whether a file begins as one of these; a pipe is read only once, and of what cannot be read, others say so. */
export const isOne = Effect.fnUntraced(function*(
  file: string
): Effect.fn.Return<boolean, never, FileSystem.FileSystem> {
  const { stat, stream } = yield* FileSystem.FileSystem
  const text = Effect.gen(function*() {
    if (file === "-" || (yield* stat(file)).type !== "File") return ""
    return yield* Stream.mkString(Stream.decodeText(stream(file, { bytesToRead: beginning.length })))
  })
  return (yield* Effect.orElseSucceed(text, () => "")) === beginning
})

export const replay = Effect.fnUntraced(function*(
  file: string
): Effect.fn.Return<Told, Unreadable, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const unreadable = (sentence: string) => new Unreadable({ file, sentence })
  const { size } = yield* Effect.mapError(fs.stat(file), (error) => unreadable(fileWords(error)))
  if (size > octetsMax) {
    return yield* unreadable(`a session of discovery of ${size} octets is too long; ${octetsMax} are read`)
  }
  const text = yield* Effect.mapError(fs.readFileString(file), (error) => unreadable(fileWords(error)))
  const decoded = DiscoveryRecording.decode(text)
  if (Result.isFailure(decoded)) return yield* unreadable(decoded.failure.message)
  const { torn } = decoded.success
  return {
    outcome: DiscoveryRecording.compare(decoded.success),
    ...torn === undefined ? {} : { torn: torn.message }
  }
})

export const json = (file: string, { outcome, torn }: Told): string => {
  const { _tag, ...rest } = outcome
  return JSON.stringify({
    file,
    about: "discovery",
    outcome: _tag === "Matched" ? "matched" : "diverged",
    ...rest,
    ...Option.match(Option.fromUndefinedOr(torn), { onNone: () => ({}), onSome: (torn) => ({ torn }) })
  })
}

export const sentence = (file: string, { outcome }: Told): string =>
  outcome._tag === "Matched"
    ? `${nameOf(file)}: match: ${outcome.lines} lines of discovery, ${outcome.entities} there at the end`
    : `${nameOf(file)}: differs at line ${outcome.line}: recorded ${said(outcome.expected)}, now ${
      said(outcome.actual)
    }`

const said = ({ changes, entities }: DiscoveryRecording.Told): string =>
  `${changes.length === 0 ? "no change" : changes.join(" and ")} (${entities} there)`

const beginning = "{\"format\":\"link-local-discovery\""
const octetsMax = 64 * 1024 * 1024
