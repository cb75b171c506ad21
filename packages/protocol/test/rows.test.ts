/** All tables have their tests, each row in the file of its table. What runs there is checked there, by `table`. */
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { idsOf, rows, tableOf } from "./rows.ts"

const folder = new URL(".", import.meta.url)
const texts = readdirSync(folder)
  .filter((name) => /^Step\.\w+\.test\.ts$/.test(name))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }))

const namesIn = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].flatMap(([, name]) => name === undefined ? [] : [name])

const tablesIn = (text: string) => namesIn(text, /\btable\("([^"]+)"/g)
const rowsIn = (text: string) => namesIn(text, /\brow(?:For)?\(\s*"([^"]+)"/g)

const tables = [...new Set(Object.keys(rows).map(tableOf))]

describe("the rows of the state machine", () => {
  it("are as many as the tables have", () => {
    expect(Object.keys(rows).length).toBe(279)
    expect(tables.map((each) => [each, idsOf(each).length])).toEqual([
      ["7", 15],
      ["7.1", 12],
      ["7.2", 7],
      ["7.3", 9],
      ["7.4", 8],
      ["9", 10],
      ["10", 14],
      ["8.0", 16],
      ["8.1", 6],
      ["8.2", 10],
      ["8.3", 7],
      ["8.4", 10],
      ["8.5", 7],
      ["8.6", 7],
      ["8.7", 12],
      ["8.8", 3],
      ["8.9", 6],
      ["8.10", 10],
      ["8.11", 12],
      ["8.12", 10],
      ["8.13", 5],
      ["8.14", 7],
      ["8.15", 7],
      ["8.16", 6],
      ["8.17", 32],
      ["8.18", 16],
      ["8.19", 7],
      ["8.20", 6],
      ["8.21", 2]
    ])
  })

  it.each(tables)("have tests where the table is: %s", (table) => {
    const owners = texts.filter(({ text }) => tablesIn(text).includes(table))
    const named = owners.flatMap(({ text }) => rowsIn(text)).filter((id) => tableOf(id) === table)
    expect([...new Set(named)].sort()).toEqual([...idsOf(table)].sort())
  })

  it("are named nowhere else", () => {
    for (const { name, text } of texts) {
      const strangers = rowsIn(text).filter((id) => !tablesIn(text).includes(tableOf(id)))
      expect([name, strangers]).toEqual([name, []])
    }
  })
})
