/** The last line of the test command tells the truth. */
import { expect, it } from "vitest"
import { countTests, line } from "../src/figures.ts"

const report = (...suites: ReadonlyArray<readonly [status: string, ...tests: ReadonlyArray<string>]>) =>
  JSON.stringify({
    testResults: suites.map(([status, ...tests]) => ({
      status,
      assertionResults: tests.map((test) => ({ status: test }))
    }))
  })

it("counts what passed, failed and was left out", () => {
  const figures = countTests(
    report(["passed", "passed", "passed"], ["failed", "passed", "failed", "skipped", "todo"]),
    false
  )
  expect(figures).toEqual({ passed: 3, failed: 1, skipped: 2 })
  expect(line(figures)).toBe("3 passed, 1 failed, 2 skipped")
})

it("says nothing about skipped tests when there are none", () => {
  expect(line(countTests(report(["passed", "passed"]), true))).toBe("1 passed, 0 failed")
})

it("counts a file that did not load, a run that ended badly, and a report that is not there", () => {
  expect(countTests(report(["passed", "passed"], ["failed"]), false)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(countTests(report(["failed", "passed"]), false)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(countTests(report(["passed", "passed"]), false)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  expect(countTests("", true)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})
