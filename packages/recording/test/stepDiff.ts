/** What became of a recording's answers, as a unified diff with a hunk for each step that changed. */
import * as Recording from "../src/Recording.ts"

/** Lines without colours; none when all answers are the same. `before` is absent for a recording that is new. */
export const stepDiff = (
  name: string,
  before: Recording.Recording | undefined,
  after: Recording.Recording
): ReadonlyArray<string> => {
  const told = before === undefined ? [] : Recording.steps(before)
  const hunks = Recording.steps(after).flatMap((step, at) => hunk(told[at], step))
  return hunks.length === 0 ? [] : [`--- ${before === undefined ? "/dev/null" : name}`, `+++ ${name}`, ...hunks]
}

const hunk = (before: Recording.Step | undefined, after: Recording.Step): ReadonlyArray<string> => {
  const lines = compare(before === undefined ? [] : answerOf(before), answerOf(after))
  return lines.some((line) => !line.startsWith(" ")) ? [`@@ step ${after.seq}: ${after.event._tag} @@`, ...lines] : []
}

/** A line for each action, and one for the state: what a replay compares. */
const answerOf = ({ actions, state }: Recording.Step): ReadonlyArray<string> => [
  ...actions.map((action) => JSON.stringify(action)),
  `-> ${state}`
]

/** By the longest common subsequence; what goes stands before what comes. */
const compare = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): ReadonlyArray<string> => {
  const common = commonFrom(one, other)
  const lines: Array<string> = []
  let [at, there] = [0, 0]
  while (at < one.length || there < other.length) {
    if (at < one.length && there < other.length && one[at] === other[there]) {
      lines.push(` ${one[at]}`)
      at += 1
      there += 1
    } else if (there >= other.length || (at < one.length && common(at + 1, there) >= common(at, there + 1))) {
      lines.push(`-${one[at]}`)
      at += 1
    } else {
      lines.push(`+${other[there]}`)
      there += 1
    }
  }
  return lines
}

/** How many lines the ends of both have in common, from two places on. */
const commonFrom = (one: ReadonlyArray<string>, other: ReadonlyArray<string>) => {
  const table = Array.from({ length: one.length + 1 }, () => Array.from({ length: other.length + 1 }, () => 0))
  const get = (at: number, there: number): number => table[at]?.[there] ?? 0
  for (let at = one.length - 1; at >= 0; at--) {
    for (let there = other.length - 1; there >= 0; there--) {
      table[at]?.splice(
        there,
        1,
        one[at] === other[there]
          ? get(at + 1, there + 1) + 1
          : Math.max(get(at + 1, there), get(at, there + 1))
      )
    }
  }
  return get
}
