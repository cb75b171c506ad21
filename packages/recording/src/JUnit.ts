/**
 * What came of a set of replays as a JUnit report, which machines that run tests know how to show. A replay that matched
 * is a test that passed, one that diverged has failed, a recording that cannot be read is an error.
 *
 * @since 0.1.0
 */
import * as Explain from "./Explain.ts"
import type { Replay } from "./Replay.ts"

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
  const count = (tag: string): number => cases.filter(({ outcome }) => outcome._tag === tag).length
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

const testCase = (suite: string, { name, outcome, remark, seconds: taken }: Case): string =>
  `<testcase${attributes({ name, classname: suite, time: seconds(taken) })}>${verdict(outcome)}` +
  `${remark === undefined ? "" : `<system-out>${escape(remark)}</system-out>`}</testcase>\n`

const verdict = (outcome: Replay | Unreadable): string => {
  switch (outcome._tag) {
    case "Matched":
      return ""
    case "Diverged": {
      const told = Explain.outcome(outcome)
      const [message = ""] = told.split("\n")
      return `<failure${attributes({ type: outcome._tag, message })}>${escape(told)}</failure>`
    }
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
