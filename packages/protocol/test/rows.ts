/**
 * Every row of the state machine's tables under its number, `table.row`, with a title in our words; and `row`, which makes a
 * test of it. A file says with `table` which tables it answers for, and fails when one of their rows has no test there;
 * `rows.test.ts` sees to it that each table has its file. The procedures have names instead of numbers: `7.ERR`.
 */
import { describe, expect, it } from "vitest"
import { answering } from "./rows/answering.ts"
import { ending } from "./rows/ending.ts"
import { initiating } from "./rows/initiating.ts"
import { procedures } from "./rows/procedures.ts"

export const rows = { ...procedures, ...initiating, ...answering, ...ending } as const

export type RowId = keyof typeof rows

/** The table that a row belongs to: `8.2` of `8.2.1`. */
export const tableOf = (id: string): string => id.slice(0, id.lastIndexOf("."))

/** A test of a row; `ids` are those of the ledger that it holds up besides, and whatever sets it apart from its siblings. */
export const row = (id: RowId, ids: string, body: () => void): void => {
  named.add(id)
  it(`${id} ${rows[id]}${ids === "" ? "" : ` (${ids})`}`, () => expectAsDemanded(body))
}

/** One test for each of several cases of a row: states, elements, roles. */
export const rowFor = <Case>(
  id: RowId,
  ids: string,
  cases: Iterable<readonly [name: string, it: Case]>,
  body: (it: Case, name: string) => void
): void => {
  for (const [name, one] of cases) row(id, ids === "" ? name : `${ids}, ${name}`, () => body(one, name))
}

/** The rows of a table, in order. */
export const idsOf = (name: string): ReadonlyArray<string> => Object.keys(rows).filter((id) => tableOf(id) === name)

/** The tests of a table, and the test that none of its rows is missing; `ids` when two files share the table. */
export const table = (name: string, body: () => void, ids: ReadonlyArray<string> = idsOf(name)): void => {
  describe(`table ${name}`, () => {
    // Another file with rows of the same table may have been loaded into the same modules before.
    named.clear()
    body()
    const tested = [...named].filter((id) => tableOf(id) === name).sort()
    it(`${name}: each row has a test`, () => {
      expect(ids.length).toBeGreaterThan(0)
      expect(tested).toEqual([...ids].sort())
    })
  })
}

/** The assertions are in the body; a body without one fails. */
const expectAsDemanded = (body: () => void): void => {
  expect.hasAssertions()
  body()
}

const named = new Set<string>()
