/**
 * What has to be done to the corpus so that it fits the reducer as it is: stories that have no recording get one, answers
 * are brought up to date, the index is written anew. Events are never touched: they are what happened.
 */
import * as Result from "effect/Result"
import * as Explain from "../src/Explain.ts"
import { difference } from "../src/internal/difference.ts"
import * as Recording from "../src/Recording.ts"
import * as Replay from "../src/Replay.ts"
import * as Reread from "../src/Reread.ts"
import { isCurrent } from "./corpus.ts"
import { page } from "./index.page.ts"
import { stepDiff } from "./stepDiff.ts"
import type { Scenario } from "./stories/telling.ts"

export interface Upkeep {
  /** Recordings that have to be written, with what changes in them, by name. */
  readonly changes: ReadonlyArray<Change>
  /** The index as it has to be. */
  readonly index: string
}

export interface Change {
  readonly name: string
  readonly text: string
  readonly diff: ReadonlyArray<string>
}

/**
 * `files` are the texts that are there, by name. Fails with a sentence when one of them is no whole recording, or when its
 * bytes no longer belong to its steps: then its story has to be told anew, or the reader is wrong.
 */
export const upkeep = (
  files: ReadonlyMap<string, string>,
  stories: ReadonlyArray<Scenario>
): Result.Result<Upkeep, string> => {
  const corpus = new Map<string, Recording.Recording>()
  const changes: Array<Change> = []
  for (const [name, text] of files) {
    const decoded = Recording.decode(text)
    if (Result.isFailure(decoded)) return Result.fail(`${name} cannot be read: ${decoded.failure.message}`)
    if (decoded.success.torn !== undefined) return Result.fail(`${name} is torn: ${decoded.success.torn.message}`)
    const renewed = Replay.renew(decoded.success)
    const bytes = Reread.run(renewed)
    if (Reread.differs(bytes)) {
      return Result.fail(`${name} has bytes, which are never written anew: ${Explain.reread(bytes).join("; ")}`)
    }
    corpus.set(name, renewed)
    const after = Recording.encode(renewed)
    // A recording of an old version stays one, so that reading it is tried in every run, until an answer in it changes.
    if (isCurrent(text) ? after !== text : difference(decoded.success, renewed) !== undefined) {
      changes.push({ name, text: after, diff: stepDiff(`${name}.ndjson`, decoded.success, renewed) })
    }
  }
  for (const { name, recording } of stories) {
    if (files.has(name)) continue
    const written = asRead(recording)
    corpus.set(name, written)
    changes.push({ name, text: Recording.encode(written), diff: stepDiff(`${name}.ndjson`, undefined, written) })
  }
  return Result.succeed({ changes, index: page(corpus) })
}

/** With the keys in the order in which they are read and answered, so that writing it again changes nothing. */
const asRead = (recording: Recording.Recording): Recording.Recording =>
  Replay.renew(Result.getOrElse(Recording.decode(Recording.encode(recording)), () => recording))
