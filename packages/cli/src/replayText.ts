/** What came of replays, as one says it: a sentence or a line of JSON for each, and the sum of all. */
import { Describe, State } from "@xmpp-e2e/protocol"
import { Explain, type JUnit, Reread } from "@xmpp-e2e/recording"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import { nameOf } from "./recordingReads.ts"
import type { Told } from "./replayFile.ts"

/**
 * Each recording is one of the first three; one whose bytes are read otherwise has diverged. `torn` counts those of them
 * whose last line was incomplete.
 */
export interface Counts {
  readonly matched: number
  readonly diverged: number
  readonly unreadable: number
  readonly torn: number
}

export const none: Counts = { matched: 0, diverged: 0, unreadable: 0, torn: 0 }

export const count = (counts: Counts, outcome: Result.Result<Told, unknown>): Counts => {
  if (Result.isFailure(outcome)) return { ...counts, unreadable: counts.unreadable + 1 }
  const torn = counts.torn + (outcome.success.torn === undefined ? 0 : 1)
  return isMatched(outcome.success)
    ? { ...counts, torn, matched: counts.matched + 1 }
    : { ...counts, torn, diverged: counts.diverged + 1 }
}

export const summary = ({ diverged, matched, torn, unreadable }: Counts): string =>
  `${recordings(matched + diverged + unreadable)}: ${matched} matched, ${diverged} diverged, ${unreadable} unreadable` +
  (torn === 0 ? "" : `; the end of ${torn} was torn`)

export const recordings = (count: number): string => count === 1 ? "1 recording" : `${count} recordings`

const isMatched = ({ replay, reread }: Told): boolean => replay._tag === "Matched" && !Reread.differs(reread)

export const json = (file: string, told: Told): string => {
  const { replay, reread, torn } = told
  return JSON.stringify({
    file,
    outcome: isMatched(told) ? "matched" : "diverged",
    ...(replay._tag === "Matched"
      ? { steps: replay.steps, state: State.label(replay.state), omitted: replay.omitted }
      : { seq: replay.seq, event: replay.event, expected: replay.expected, actual: replay.actual }),
    ...(reread._tag === "Absent" ? {} : { bytes: reread }),
    ...(torn === undefined ? {} : { torn })
  })
}

/** For the report; a failure that is no `Unreadable` ends the command, and with it the report. */
export const testCase = (
  name: string,
  seconds: number,
  outcome: Result.Result<Told, { readonly message: string }>
): JUnit.Case => {
  if (Result.isFailure(outcome)) {
    return { name, seconds, outcome: { _tag: "Unreadable", sentence: outcome.failure.message } }
  }
  const { replay, reread, torn } = outcome.success
  return { name, seconds, outcome: replay, reread, ...(torn === undefined ? {} : { remark: torn }) }
}

/** JSON for people: an address or a name inside may hold what a terminal would obey. */
export const stateLines = (state: unknown): ReadonlyArray<string> =>
  JSON.stringify(state, undefined, 2).split("\n").map((line) => Describe.clean(line, stateCharsMax))

/** With `until`, the state as well: that is what was asked for. */
export const sentence = (file: string, until: Option.Option<number>, { replay, reread }: Told): string => {
  const outcome = [`${nameOf(file)}: ${Explain.outcome(replay)}`, ...Explain.reread(reread).map((line) => `  ${line}`)]
  return Option.isSome(until) && replay._tag === "Matched"
    ? [...outcome, ...stateLines(replay.state)].join("\n")
    : outcome.join("\n")
}

/** A line holds at most one text. */
const stateCharsMax = 1000
