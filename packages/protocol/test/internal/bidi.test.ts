/** The six conditions of the Bidi Rule (RFC 5893 §2), each with a text that keeps it and one that breaks it. */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bidiFault, hasRightToLeft } from "../../src/internal/bidi.ts"
import { pointsOf } from "../../src/internal/unicode.ts"

const fault = (text: string) => bidiFault(pointsOf(text))

/** One character of each class: L, R, AL, EN, AN, ES, CS, ET, ON, NSM. */
const [l, r, al, en, an, es, cs, et, on, nsm] = ["a", "א", "ب", "1", "\u0660", "-", ".", "%", "!", "\u05b0"]

describe("RFC 5893 §2", () => {
  it.each([
    // §4 tells why: a digit first, words of Dhivehi and Yiddish that end in marks.
    `${r}`,
    `${al}${r}`,
    `${r}${es}${r}`,
    `${r}${on}${cs}${et}${r}`,
    `${r}${en}`,
    `${r}${an}`,
    `${r}${nsm}${nsm}`,
    `${al}${an}${nsm}`,
    `${l}`,
    `${l}${en}`,
    `${l}${es}${l}${nsm}`,
    "ދިވެހި",
    "יי\u05b4שׂ"
  ])("keeps %j", (text) => {
    expect(fault(text)).toBeUndefined()
  })

  it.each([
    [1, `${en}${r}`],
    [1, `${nsm}${r}`],
    [1, `${on}${l}`],
    [1, `${an}${r}`],
    [1, ""],
    [2, `${r}${l}${r}`],
    [2, `${al} ${al}`],
    [3, `${r}${es}`],
    [3, `${r}${on}${nsm}`],
    [4, `${r}${en}${an}`],
    [4, `${al}${an}${r}${en}`],
    [5, `${l}${r}${l}`],
    [5, `${l}${an}`],
    [6, `${l}${es}`],
    [6, `${l}${on}${nsm}`]
  ])("condition %i refuses %j", (condition, text) => {
    expect(fault(text)).toContain(`(condition ${condition})`)
  })

  it("RFC 5893 §1.4 a text is from right to left with one letter or Arabic digit", () => {
    expect([r, al, an].map((each) => hasRightToLeft(pointsOf(`${l}${each}`)))).toEqual([true, true, true])
    expect(hasRightToLeft(pointsOf(`${l}${en}${es}${cs}${et}${on}${nsm}`))).toBe(false)
  })

  it("answers every text", () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0x10ffff })), (points) => {
      const answer = bidiFault(points)
      expect(answer === undefined || /\(condition [1-6]\)$/.test(answer)).toBe(true)
    }))
  })
})
