/**
 * Unicode's properties of a code point, from tables of one version of Unicode, so that every machine gives the same verdict
 * on an address (decision 16). A table is read on its first use. What PRECIS and IDNA2008 make of the properties stands in
 * `Precis.ts` and `Idna.ts`.
 *
 * @internal
 */
import * as codePoints from "./codePoints.ts"

export const version = codePoints.version

export const pointsOf = (text: string): ReadonlyArray<number> => Array.from(text, (each) => each.codePointAt(0) ?? 0)

/** `U+00E9`. */
export const nameOf = (point: number): string => `U+${point.toString(16).toUpperCase().padStart(4, "0")}`

/** Length in UTF-8. A lone surrogate counts as three, like the U+FFFD it would become. */
export const octets = (text: string): number => {
  let count = 0
  for (const each of text) {
    const point = each.codePointAt(0) ?? 0
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return count
}

export const isAscii = (text: string): boolean => ascii.test(text)

/** Fullwidth and halfwidth forms become what they are forms of (RFC 8264 §5.2.1). */
export const mapWidth = (text: string): string => text.replace(widthForms, (each) => each.normalize("NFKC"))

interface Runs<Value> {
  readonly starts: Uint32Array
  readonly values: ReadonlyArray<Value>
}

const tableOf = <Value>(
  coded: string,
  names: Readonly<Record<string, Value>>,
  otherwise: Value
): (point: number) => Value => {
  let runs: Runs<Value> | undefined
  return (point) => {
    runs ??= decode(coded, names, otherwise)
    const { starts, values } = runs
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if ((starts[middle] ?? 0) <= point) low = middle
      else high = middle
    }
    return values[low] ?? otherwise
  }
}

const decode = <Value>(coded: string, names: Readonly<Record<string, Value>>, otherwise: Value): Runs<Value> => {
  const runs = [...coded.matchAll(/([a-z])(\d*)/g)]
  const starts = new Uint32Array(runs.length)
  let start = 0
  runs.forEach(([, , length = ""], at) => {
    starts[at] = start
    start += length === "" ? 1 : Number(length)
  })
  return { starts, values: runs.map(([, letter = ""]) => names[letter] ?? otherwise) }
}

export type Kind =
  | "unassigned"
  | "oldHangulJamo"
  | "ignorable"
  | "control"
  | "hasCompat"
  | "letterDigit"
  /** A letter or digit that case folding changes. */
  | "foldedLetterDigit"
  | "otherLetterDigit"
  | "space"
  | "symbol"
  | "punctuation"
  /** Private use, surrogates, formats, line and paragraph separators. */
  | "other"

/** The categories of RFC 8264 §9 that depend on the version of Unicode, the first that applies. */
export const kind = tableOf<Kind>(codePoints.kinds, {
  u: "unassigned",
  j: "oldHangulJamo",
  i: "ignorable",
  c: "control",
  x: "hasCompat",
  l: "letterDigit",
  f: "foldedLetterDigit",
  o: "otherLetterDigit",
  z: "space",
  s: "symbol",
  p: "punctuation"
}, "other")

export type BidiClass = "L" | "R" | "AL" | "AN" | "EN" | "ES" | "CS" | "ET" | "ON" | "BN" | "NSM" | "other"

/** Bidi_Class. `other`: white space, separators and explicit formatting, which the Bidi Rule admits nowhere. */
export const bidiClass = tableOf<BidiClass>(codePoints.bidiClasses, {
  l: "L",
  r: "R",
  a: "AL",
  n: "AN",
  e: "EN",
  s: "ES",
  c: "CS",
  t: "ET",
  o: "ON",
  b: "BN",
  m: "NSM"
}, "other")

/** Joining_Type: dual, left, right, transparent; `U` for the rest. */
export const joiningType = tableOf<"D" | "L" | "R" | "T" | "U">(
  codePoints.joiningTypes,
  { d: "D", l: "L", r: "R", t: "T" },
  "U"
)

/** General_Category M; a virama is a mark of Canonical_Combining_Class 9. */
export const mark = tableOf<"none" | "mark" | "virama">(codePoints.marks, { m: "mark", v: "virama" }, "none")

/** Script, as far as contextual rules ask for it. */
export const script = tableOf<"Greek" | "Hebrew" | "Kana or Han" | "other">(
  codePoints.scripts,
  { g: "Greek", h: "Hebrew", k: "Kana or Han" },
  "other"
)

const ascii = /^[\u0000-\u007f]*$/
const widthForms = /[\u3000\uff00-\uffef]/g
