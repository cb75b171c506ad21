/** Counts tests in a report of Vitest's JSON reporter. */
export interface Figures {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const none: Figures = { passed: 0, failed: 0, skipped: 0 }

/**
 * Figures of a report. A file that failed to load counts as one failed test; so does a run that ended badly (`ok` false)
 * though no test failed, and a report that cannot be read.
 */
export const countTests = (report: string, ok: boolean): Figures => {
  const suites = suitesOf(report)
  if (suites === undefined) return { ...none, failed: 1 }
  const statuses = suites.flatMap(({ assertionResults, status }) => {
    const tests = assertionResults.map((test) => test.status)
    return status === "failed" && !tests.includes("failed") ? [...tests, "failed"] : tests
  })
  const count = (...wanted: ReadonlyArray<string>): number => statuses.filter((one) => wanted.includes(one)).length
  const [passed, failed] = [count("passed"), count("failed")]
  return { passed, failed: failed === 0 && !ok ? 1 : failed, skipped: statuses.length - passed - failed }
}

export const line = ({ failed, passed, skipped }: Figures): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`

interface Suite {
  readonly status: string
  readonly assertionResults: ReadonlyArray<{ readonly status: string }>
}

const suitesOf = (report: string): ReadonlyArray<Suite> | undefined => {
  try {
    return JSON.parse(report).testResults
  } catch {
    return undefined
  }
}
