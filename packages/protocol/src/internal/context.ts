/**
 * Code points with a rule of their own, in PRECIS and IDNA2008 alike: the exceptions (RFC 5892 §2.6, RFC 8264 §9.6), the
 * join controls, and the contextual rules (RFC 5892 Appendix A), which say where a code point may stand.
 *
 * @internal
 */
import { joiningType, mark, script } from "./unicode.ts"

export type Exception = "PVALID" | "CONTEXTO" | "DISALLOWED"

/** What the table of exceptions says; `undefined` for everybody else. */
export const exceptionOf = (point: number): Exception | undefined =>
  (point >= 0x660 && point <= 0x669) || (point >= 0x6f0 && point <= 0x6f9) ? "CONTEXTO" : exceptions.get(point)

export const isJoinControl = (point: number): boolean => point === nonJoiner || point === joiner

export interface Misplaced {
  readonly point: number
  /** Of RFC 5892: `A.3`. */
  readonly rule: string
  /** Completes "may stand only …". */
  readonly only: string
}

/** The first code point whose contextual rule does not hold. One pass, whatever the text. */
export const misplaced = (points: ReadonlyArray<number>): Misplaced | undefined => {
  const has = (test: (point: number) => boolean): () => boolean => {
    let answer: boolean | undefined
    return () => answer ??= points.some(test)
  }
  const text = {
    points,
    hasKanaOrHan: has((point) => script(point) === "Kana or Han"),
    hasArabicDigit: has(isArabicDigit),
    hasExtendedDigit: has(isExtendedDigit)
  }
  for (const [at, point] of points.entries()) {
    const rule = ruleOf(point)
    if (rule !== undefined && !rule.holds(text, at)) return { point, rule: rule.name, only: rule.only }
  }
  return undefined
}

interface Text {
  readonly points: ReadonlyArray<number>
  readonly hasKanaOrHan: () => boolean
  readonly hasArabicDigit: () => boolean
  readonly hasExtendedDigit: () => boolean
}

interface Rule {
  readonly name: string
  readonly only: string
  readonly holds: (text: Text, at: number) => boolean
}

const ruleOf = (point: number): Rule | undefined =>
  isArabicDigit(point) ? arabicDigit : isExtendedDigit(point) ? extendedDigit : rules.get(point)

const isArabicDigit = (point: number): boolean => point >= 0x660 && point <= 0x669
const isExtendedDigit = (point: number): boolean => point >= 0x6f0 && point <= 0x6f9

const followsVirama = ({ points }: Text, at: number): boolean => at > 0 && mark(points[at - 1] ?? 0) === "virama"

/** `(L|D) T* ZWNJ T* (R|D)`. Only one non-joiner can stand between two letters, so no mark is looked at more than twice. */
const joins = ({ points }: Text, at: number): boolean => {
  let [before, after] = [at - 1, at + 1]
  while (joiningAt(points, before) === "T") before -= 1
  while (joiningAt(points, after) === "T") after += 1
  return ["L", "D"].includes(joiningAt(points, before)) && ["R", "D"].includes(joiningAt(points, after))
}

const joiningAt = (points: ReadonlyArray<number>, at: number): string => {
  const point = points[at]
  return point === undefined ? "U" : joiningType(point)
}

const scriptAt = ({ points }: Text, at: number): string => {
  const point = points[at]
  return point === undefined ? "other" : script(point)
}

const nonJoiner = 0x200c
const joiner = 0x200d

const hebrewBefore = (name: string): Rule => ({
  name,
  only: "after a Hebrew letter",
  holds: (text, at) => scriptAt(text, at - 1) === "Hebrew"
})

const arabicDigit: Rule = {
  name: "A.8",
  only: "where no extended Arabic-Indic digit is",
  holds: ({ hasExtendedDigit }) => !hasExtendedDigit()
}

const extendedDigit: Rule = {
  name: "A.9",
  only: "where no Arabic-Indic digit of the other kind is",
  holds: ({ hasArabicDigit }) => !hasArabicDigit()
}

const rules: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [nonJoiner, {
    name: "A.1",
    only: "after a virama, or between letters that would join",
    holds: (text, at) => followsVirama(text, at) || joins(text, at)
  }],
  [joiner, { name: "A.2", only: "after a virama", holds: followsVirama }],
  [0xb7, {
    name: "A.3",
    only: "between two small letters l",
    holds: ({ points }, at) => points[at - 1] === 0x6c && points[at + 1] === 0x6c
  }],
  [0x375, { name: "A.4", only: "before a Greek letter", holds: (text, at) => scriptAt(text, at + 1) === "Greek" }],
  [0x5f3, hebrewBefore("A.5")],
  [0x5f4, hebrewBefore("A.6")],
  [0x30fb, { name: "A.7", only: "beside kana or Han characters", holds: ({ hasKanaOrHan }) => hasKanaOrHan() }]
])

const exceptions: ReadonlyMap<number, Exception> = new Map<number, Exception>([
  ...[0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007].map((point) => [point, "PVALID"] as const),
  ...[0xb7, 0x375, 0x5f3, 0x5f4, 0x30fb].map((point) => [point, "CONTEXTO"] as const),
  ...[0x640, 0x7fa, 0x302e, 0x302f, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303b].map((point) =>
    [point, "DISALLOWED"] as const
  )
])
