/**
 * What holds for every code point of Unicode, looked at one by one. It stands apart because each look takes a while: mutants
 * are not tried on it (`vitest.mutation.ts`).
 */
import { describe, expect, it } from "vitest"
import * as Idna from "../src/Idna.ts"
import { exceptionOf } from "../src/internal/context.ts"
import { kind, mark, nameOf, script, version } from "../src/internal/unicode.ts"
import * as Precis from "../src/Precis.ts"

const last = 0x10ffff
const every = (test: (point: number) => boolean): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  for (let point = 0; point <= last; point += 1) if (!test(point)) wrong.push(nameOf(point))
  return wrong
}
const is = (property: RegExp, point: number): boolean => property.test(String.fromCodePoint(point))

describe("tables", () => {
  it("RFC 8264 §9.10 are of one version, and the engine knows at least that one", () => {
    expect(version).toBe("16.0.0")
    expect(
      every((point) =>
        kind(point) === "unassigned" || !is(/\p{Cn}/u, point) || is(/\p{Noncharacter_Code_Point}/u, point)
      )
    ).toEqual([])
  })

  it("agree with the engine where properties never change", () => {
    expect(every((point) =>
      kind(point) === "unassigned"
      || ((kind(point) === "control") === is(/\p{Cc}/u, point)
        && (mark(point) !== "none") === is(/\p{M}/u, point)
        && (script(point) === "Greek") === is(/\p{Script=Greek}/u, point)
        && (script(point) === "Hebrew") === is(/\p{Script=Hebrew}/u, point)
        && (script(point) === "Kana or Han") ===
          is(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, point))
    )).toEqual([])
  })
})

describe("exceptions", () => {
  it("RFC 5892 §2.6 lists the exceptions", () => {
    const listed = Array.from({ length: 0x110000 }, (_, point) => exceptionOf(point))
    const count = (wanted: string) => listed.filter((each) => each === wanted).length
    expect([count("PVALID"), count("CONTEXTO"), count("DISALLOWED")]).toEqual([6, 25, 10])
  })
})

describe("PRECIS", () => {
  it("RFC 8264 §8 all of them, counted", () => {
    const counts = new Map<string, number>()
    for (let point = 0; point <= 0x10ffff; point += 1) {
      for (const name of [Precis.property(point), Precis.category(point)]) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    expect(Object.fromEntries(counts)).toEqual({
      PVALID: 140_020,
      FREE_PVAL: 14_149,
      CONTEXTJ: 2,
      CONTEXTO: 25,
      DISALLOWED: 140_449,
      UNASSIGNED: 819_467,
      Exceptions: 41,
      Unassigned: 819_467,
      ASCII7: 94,
      JoinControl: 2,
      OldHangulJamo: 357,
      PrecisIgnorableProperties: 467,
      Controls: 65,
      HasCompat: 4962,
      LetterDigits: 139_920,
      OtherLetterDigits: 989,
      Spaces: 2,
      Symbols: 7484,
      Punctuation: 712,
      Other: 139_550
    })
  })
})

describe("labels", () => {
  it("RFC 5892 §3 all of them, counted", () => {
    const counts = new Map<string, number>()
    for (let point = 0; point <= 0x10ffff; point += 1) {
      counts.set(Idna.property(point), (counts.get(Idna.property(point)) ?? 0) + 1)
    }
    expect(Object.fromEntries(counts)).toEqual({
      PVALID: 138_541,
      CONTEXTJ: 2,
      CONTEXTO: 25,
      DISALLOWED: 156_077,
      UNASSIGNED: 819_467
    })
  })

  it("RFC 5892 §3 what a label may hold, an identifier may hold", () => {
    const allowed = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) =>
      Idna.property(point) === "PVALID"
    )
    expect(allowed.filter((point) => Precis.property(point) !== "PVALID")).toEqual([])
  })
})
