import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { wrapped } from "../src/chatTerminal.ts"

describe("lines in a terminal", () => {
  it("are broken between words, and keep their indentation", () => {
    assert.deepStrictEqual(wrapped("  one two three", 9), ["  one two", "  three"])
    assert.deepStrictEqual(wrapped("\u001b[2mone two\u001b[0m three", 7), ["\u001b[2mone two\u001b[0m", "three"])
    assert.deepStrictEqual(wrapped("", 9), [""])
  })

  it("lose nothing, and are no longer than they have to be", () => {
    fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, columns) => {
      const line = text.trimStart()
      const rows = wrapped(line, columns)
      assert.strictEqual(rows.join(" "), line)
      for (const row of rows) assert.isTrue(row.length <= columns || !row.includes(" ") || row.trim() === "")
    }))
  })
})
