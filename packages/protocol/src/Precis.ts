/**
 * PRECIS (RFC 8264): which code points an internationalised text may hold, and the form in which such texts are compared.
 * The profiles for user names and passwords (RFC 8265) and for nicknames (RFC 8266). What addresses add to that stands in
 * `Address.ts`; domain names have rules of their own, in `Idna.ts`.
 *
 * Code points are judged by Unicode 16.0.0, whatever version the engine knows.
 *
 * @since 0.1.0
 */
import { bidiFault, hasRightToLeft } from "./internal/bidi.ts"
import { exceptionOf, isJoinControl, misplaced } from "./internal/context.ts"
import { nicknameCompared, profiles, type Rules } from "./internal/profiles.ts"
import { settle } from "./internal/settle.ts"
import { type Kind, kind, mapWidth, nameOf, pointsOf, version } from "./internal/unicode.ts"

/**
 * What a code point may be used for. `FREE_PVAL`: in a FreeformClass text, but not in an identifier.
 *
 * RFC 8264 §8.
 *
 * @since 0.1.0
 * @category models
 */
export type Property = "PVALID" | "FREE_PVAL" | "CONTEXTJ" | "CONTEXTO" | "DISALLOWED" | "UNASSIGNED"

/**
 * The category that decides about a code point. `BackwardCompatible` has no members so far; `Other` is what no category
 * covers, such as private use and surrogates, and is disallowed.
 *
 * RFC 8264 §9.
 *
 * @since 0.1.0
 * @category models
 */
export type Category =
  | "Exceptions"
  | "Unassigned"
  | "ASCII7"
  | "JoinControl"
  | "OldHangulJamo"
  | "PrecisIgnorableProperties"
  | "Controls"
  | "HasCompat"
  | "LetterDigits"
  | "OtherLetterDigits"
  | "Spaces"
  | "Symbols"
  | "Punctuation"
  | "Other"

/**
 * RFC 8264 §4.
 *
 * @since 0.1.0
 * @category models
 */
export type StringClass = "IdentifierClass" | "FreeformClass"

/**
 * RFC 8265 §3.3, §3.4, §4.2; RFC 8266 §2.
 *
 * @since 0.1.0
 * @category models
 */
export type Profile = "UsernameCaseMapped" | "UsernameCasePreserved" | "OpaqueString" | "Nickname"

/**
 * What kept a text from being prepared: a code point that its class does not admit, one that Unicode has not assigned, one
 * in the wrong place, the Bidi Rule, nothing left of it, or rules that never come to rest.
 *
 * @since 0.1.0
 * @category models
 */
export type Rule = "disallowed" | "unassigned" | "context" | "bidi" | "empty" | "unstable"

/**
 * Why a text was refused. `text` is a sentence for people; it names code points and holds none of them.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refusal {
  readonly _tag: "Refused"
  readonly rule: Rule
  /** The code point at fault, where it is one. */
  readonly point?: number
  readonly text: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Prepared {
  readonly _tag: "Prepared"
  readonly text: string
}

/**
 * The category of a code point, an integer from 0 to 0x10FFFF: the first that applies.
 *
 * RFC 8264 §8, §9.
 *
 * @since 0.1.0
 * @category getters
 */
export const category = (point: number): Category => {
  if (isAscii7(point)) return "ASCII7"
  if (exceptionOf(point) !== undefined) return "Exceptions"
  if (isJoinControl(point)) return "JoinControl"
  return categories[kind(point)]
}

/**
 * The derived property of a code point.
 *
 * RFC 8264 §8.
 *
 * @since 0.1.0
 * @category getters
 */
export const property = (point: number): Property =>
  isAscii7(point) ? "PVALID" : exceptionOf(point) ?? (isJoinControl(point) ? "CONTEXTJ" : properties[kind(point)])

/**
 * Why a text is not in a string class; `undefined` when it is.
 *
 * RFC 8264 §4.2, §4.3.
 *
 * @since 0.1.0
 * @category guards
 */
export const fault = (text: string, stringClass: StringClass): Refusal | undefined => {
  const points = pointsOf(text)
  for (const point of points) {
    const found = property(point)
    if (found === "UNASSIGNED") return unassigned(point)
    if (found === "DISALLOWED" || (found === "FREE_PVAL" && stringClass === "IdentifierClass")) {
      return disallowed(point, stringClass)
    }
  }
  const wrong = misplaced(points)
  return wrong && refuse(
    "context",
    `${nameOf(wrong.point)} may stand only ${wrong.only} (RFC 5892 Appendix ${wrong.rule}); leave it out.`,
    wrong.point
  )
}

/**
 * Preparation: the text is in the class of the profile, with the width mapped where the profile says so. What one does
 * to a text before one sends it.
 *
 * RFC 8265 §3.3.1, §3.4.1, §4.2.1; RFC 8266 §2.1.
 *
 * @since 0.1.0
 * @category decoding
 */
export const prepare = (text: string, profile: Profile): Prepared | Refusal => {
  const { mapsWidth, stringClass } = profiles[profile]
  const wide = mapsWidth ? mapWidth(text) : text
  return fault(wide, stringClass) ?? prepared(wide)
}

/**
 * Enforcement: all rules of the profile, in their order, again and again until nothing changes. Enforcing the outcome
 * gives the same text. A text that still changes after three more rounds is refused.
 *
 * RFC 8264 §7; RFC 8265 §3.3.2, §3.4.2, §4.2.2; RFC 8266 §2.2.
 *
 * @since 0.1.0
 * @category decoding
 */
export const enforce = (text: string, profile: Profile): Prepared | Refusal => {
  const outcome = atRest(text, profiles[profile])
  return typeof outcome === "string" ? prepared(outcome) : outcome
}

/**
 * Whether two texts are the same under a profile. A text that is refused is the same as none.
 *
 * RFC 8265 §3.3.3, §3.4.3, §4.2.3; RFC 8266 §2.3.
 *
 * @since 0.1.0
 * @category guards
 */
export const compare = (one: string, other: string, profile: Profile): boolean => {
  // The case of nicknames is kept, but does not tell them apart.
  const rules = profile === "Nickname" ? nicknameCompared : profiles[profile]
  const form = atRest(one, rules)
  return typeof form === "string" && form === atRest(other, rules)
}

const atRest = (text: string, rules: Rules): string | Refusal =>
  settle(text, (each) => apply(each, rules)) ??
    refuse("unstable", "The text changes each time it is prepared (RFC 8264 §7); write it another way.")

const apply = (text: string, rules: Rules): string | Refusal => {
  const wide = rules.mapsWidth ? mapWidth(text) : text
  const wrong = fault(wide, rules.stringClass)
  if (wrong !== undefined) return wrong
  const mapped = rules.mapsMore(wide)
  const normal = (rules.mapsCase ? mapped.toLowerCase() : mapped).normalize(rules.form)
  if (normal === "") {
    return refuse("empty", "Nothing is left of the text (RFC 8265 §3.3.2); give at least one character.")
  }
  return (rules.isDirected ? direction(normal) : undefined) ?? normal
}

const direction = (text: string): Refusal | undefined => {
  const points = pointsOf(text)
  const wrong = hasRightToLeft(points) ? bidiFault(points) : undefined
  return wrong === undefined
    ? undefined
    : refuse("bidi", `The text is written from right to left and ${wrong}, against the Bidi Rule (RFC 5893 §2).`)
}

const prepared = (text: string): Prepared => ({ _tag: "Prepared", text })

const refuse = (rule: Rule, text: string, point?: number): Refusal =>
  point === undefined ? { _tag: "Refused", rule, text } : { _tag: "Refused", rule, text, point }

const unassigned = (point: number): Refusal =>
  refuse("unassigned", `${nameOf(point)} is not assigned in Unicode ${version}; leave it out.`, point)

const disallowed = (point: number, stringClass: StringClass): Refusal =>
  refuse(
    "disallowed",
    `${nameOf(point)} is not allowed, because it is ${inWords[category(point)]} (RFC 8264 ${
      stringClass === "IdentifierClass" ? "§4.2.3" : "§4.3.3"
    }); leave it out.`,
    point
  )

const isAscii7 = (point: number): boolean => point >= 0x21 && point <= 0x7e

const categories: Readonly<Record<Kind, Category>> = {
  unassigned: "Unassigned",
  oldHangulJamo: "OldHangulJamo",
  ignorable: "PrecisIgnorableProperties",
  control: "Controls",
  hasCompat: "HasCompat",
  letterDigit: "LetterDigits",
  foldedLetterDigit: "LetterDigits",
  otherLetterDigit: "OtherLetterDigits",
  space: "Spaces",
  symbol: "Symbols",
  punctuation: "Punctuation",
  other: "Other"
}

const properties: Readonly<Record<Kind, Property>> = {
  unassigned: "UNASSIGNED",
  oldHangulJamo: "DISALLOWED",
  ignorable: "DISALLOWED",
  control: "DISALLOWED",
  hasCompat: "FREE_PVAL",
  letterDigit: "PVALID",
  foldedLetterDigit: "PVALID",
  otherLetterDigit: "FREE_PVAL",
  space: "FREE_PVAL",
  symbol: "FREE_PVAL",
  punctuation: "FREE_PVAL",
  other: "DISALLOWED"
}

const inWords: Readonly<Record<Category, string>> = {
  Exceptions: "on the list of exceptions",
  Unassigned: "not assigned",
  ASCII7: "a character of ASCII",
  JoinControl: "a join control",
  OldHangulJamo: "a conjoining Hangul letter",
  PrecisIgnorableProperties: "ignorable",
  Controls: "a control character",
  HasCompat: "a compatibility form of other characters",
  LetterDigits: "a letter or digit",
  OtherLetterDigits: "a letter or number of an unusual kind",
  Spaces: "a space",
  Symbols: "a symbol",
  Punctuation: "punctuation beyond ASCII",
  Other: "for private use or without a meaning of its own"
}
