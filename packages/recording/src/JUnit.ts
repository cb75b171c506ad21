/**
 * What came of a set of replays as a JUnit report, which machines that run tests know how to show. A replay that matched
 * is a test that passed, one that diverged or whose bytes are read otherwise has failed, a recording that cannot be read
 * is an error.
 *
 * @since 0.1.0
 */
import * as Explain from "./Explain.ts"
import type { Replay } from "./Replay.ts"
import * as Reread from "./Reread.ts"

/**
 * One recording: its name, how long its replay took, and what came of it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Case {
  readonly name: string
  readonly seconds: number
  readonly outcome: Replay | Unreadable
  /** What came of the bytes, where there are any; one that is not as recorded has failed as well. */
  readonly reread?: Reread.Reread
  /** What is to be said besides, such as that the end was torn. */
  readonly remark?: string
}

/**
 * Why there was nothing to replay, in a sentence.
 *
 * @since 0.1.0
 * @category models
 */
export interface Unreadable {
  readonly _tag: "Unreadable"
  readonly sentence: string
}

/**
 * The report, well-formed XML whatever the names and sentences hold: what XML cannot hold is written as U+FFFD.
 *
 * @since 0.1.0
 * @category formatting
 */
export const report = (suite: string, cases: ReadonlyArray<Case>): string => {
  const count = (tag: string): number => cases.filter((each) => resultOf(each) === tag).length
  const sums = attributes({
    name: suite,
    tests: String(cases.length),
    failures: String(count("Diverged")),
    errors: String(count("Unreadable")),
    time: seconds(cases.reduce((sum, each) => sum + each.seconds, 0))
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<testsuites${sums}>\n<testsuite${sums}>\n${cases.map((each) => testCase(suite, each)).join("")}` +
    `</testsuite>\n</testsuites>\n`
}

/** What weighs most: a recording that cannot be read, then its steps, then its bytes. */
const resultOf = ({ outcome, reread }: Case): "Matched" | "Diverged" | "Unreadable" =>
  outcome._tag === "Matched" && reread !== undefined && Reread.differs(reread) ? "Diverged" : outcome._tag

const testCase = (suite: string, each: Case): string => {
  const { name, outcome, remark, reread, seconds: taken } = each
  const besides = [
    ...reread?._tag === "Agreed" ? Explain.reread(reread) : [],
    ...remark === undefined ? [] : [remark]
  ]
  return `<testcase${attributes({ name, classname: suite, time: seconds(taken) })}>${verdict(outcome, reread)}` +
    `${besides.length === 0 ? "" : `<system-out>${escape(besides.join("\n"))}</system-out>`}</testcase>\n`
}

const failure = (type: string, told: string): string => {
  const [message = ""] = told.split("\n")
  return `<failure${attributes({ type, message })}>${escape(told)}</failure>`
}

const verdict = (outcome: Replay | Unreadable, reread: Reread.Reread | undefined): string => {
  switch (outcome._tag) {
    case "Matched":
      return reread !== undefined && Reread.differs(reread)
        ? failure(reread._tag, Explain.reread(reread).join("\n"))
        : ""
    case "Diverged":
      return failure(outcome._tag, Explain.outcome(outcome))
    case "Unreadable":
      return `<error${attributes({ type: outcome._tag, message: outcome.sentence })}/>`
  }
}

const attributes = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all).map(([name, value]) => ` ${name}="${escape(value)}"`).join("")

const seconds = (taken: number): string => Math.max(0, taken).toFixed(3)

/** XML 1.0 §2.2 and §2.4. White space is written as a reference, since an attribute would not keep it. */
const escape = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"'\t\n\r]/g, (each) => `&#${each.charCodeAt(0)};`)
