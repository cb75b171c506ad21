/** The nine contextual rules of RFC 5892 Appendix A, each both ways. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isJoinControl, misplaced } from "../../src/internal/context.ts"
import { pointsOf } from "../../src/internal/unicode.ts"

const rule = (text: string) => misplaced(pointsOf(text))?.rule

describe("RFC 5892 Appendix A", () => {
  it.each([
    ["A.1", "क्\u200cष", "after a virama"],
    ["A.1", "نامه\u200cای", "between letters that join"],
    ["A.1", "ب\u064e\u064e\u200c\u064eب", "with marks between"],
    ["A.1", "\ua872\u200cب", "after a letter that joins to the left only"],
    ["A.1", "ب\u200cا", "before a letter that joins to the right only"],
    ["A.2", "क्\u200dष", "after a virama"],
    ["A.3", "col·lecció", "between two l"],
    ["A.4", "\u0375α", "before a Greek letter"],
    ["A.5", "א׳", "after a Hebrew letter"],
    ["A.6", "א״ב", "after a Hebrew letter"],
    ["A.7", "a・ア", "with katakana"],
    ["A.7", "・ひ", "with hiragana"],
    ["A.7", "漢・a", "with Han"],
    ["A.8", "ب\u0660\u0669", "digits of one kind"],
    ["A.9", "ب\u06f0\u06f9", "digits of one kind"]
  ])("%s allows %j: %s", (_, text) => {
    expect(rule(text)).toBeUndefined()
  })

  it.each([
    ["A.1", "a\u200cb"],
    ["A.1", "\u200cب"],
    ["A.1", "ب\u200c"],
    ["A.1", "ا\u200cب"],
    ["A.1", "ب\u200c\u200cب"],
    ["A.2", "a\u200db"],
    ["A.2", "\u200d"],
    ["A.2", "ب\u200dب"],
    ["A.3", "a·l"],
    ["A.3", "l·a"],
    ["A.3", "·l"],
    ["A.3", "l·"],
    ["A.3", "L·L"],
    ["A.4", "α\u0375"],
    ["A.4", "\u0375a"],
    ["A.5", "׳א"],
    ["A.5", "a׳"],
    ["A.6", "״"],
    ["A.6", "b״"],
    ["A.7", "・"],
    ["A.7", "a・b"],
    ["A.8", "\u0660\u06f0"],
    ["A.9", "\u06f0\u0660"],
    ["A.8", "\u0669\u06f9"],
    ["A.9", "\u06f9\u0669"]
  ])("%s refuses %j", (expected, text) => {
    expect(rule(text)).toBe(expected)
  })

  it("RFC 5892 A.1 A.2 two characters join or keep apart", () => {
    expect([0x200b, 0x200c, 0x200d, 0x200e].map(isJoinControl)).toEqual([false, true, true, false])
  })

  it("takes time in proportion to the text", () => {
    for (const text of ["\u0660".repeat(100_000), "ب\u064e\u200c".repeat(50_000), `漢${"・".repeat(100_000)}`]) {
      const points = pointsOf(text)
      let looked = 0
      const counted = new Proxy(points, {
        get: (target, name, receiver) => {
          if (typeof name === "string" && /^\d+$/.test(name)) looked += 1
          return Reflect.get(target, name, receiver)
        }
      })
      expect(misplaced(counted)?.rule).toBe(text.includes("\u200c") ? "A.1" : undefined)
      expect(looked).toBeLessThan(12 * points.length)
    }
  })

  it("answers every text", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff })), (points) => {
      expect(misplaced(points)?.rule ?? "A.0").toMatch(/^A\.\d$/)
    }))
  })
})
