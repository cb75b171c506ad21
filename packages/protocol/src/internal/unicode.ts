/**
 * What addresses need to know about code points. The classes of PRECIS (RFC 8264) are approximated with the categories
 * that the language's own regular expressions know.
 *
 * @internal
 */

/** Length in UTF-8. A lone surrogate counts as three, like the U+FFFD it would become. */
export const octets = (text: string): number => {
  let count = 0
  for (const each of text) {
    const point = each.codePointAt(0) ?? 0
    count += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return count
}

/** Fullwidth and halfwidth forms become what they are forms of (RFC 8264 §5.2.1). */
export const mapWidth = (text: string): string => text.replace(widthForms, (each) => each.normalize("NFKC"))

/** RFC 8264 §4.2, without the characters that need a context. */
export const isIdentifier = (text: string): boolean => identifier.test(text) && isPlain(text) && !hasCompat(text)

/** RFC 8264 §4.3, without the characters that need a context. */
export const isFreeform = (text: string): boolean => freeform.test(text) && isPlain(text)

/**
 * The Bidi Rule (RFC 5893 §2) as far as scripts tell: a word that has letters written from right to left has no others,
 * and begins with one.
 */
export const keepsDirection = (text: string): boolean =>
  !rightToLeft.test(text) ||
  (!leftToRight.test(text.replace(rightToLeftAll, "")) && rightToLeft.test([...text][0] ?? ""))

/** Characters that no class admits: default ignorable ones, old Hangul jamo, the exceptions of RFC 5892 §2.6. */
const isPlain = (text: string): boolean => !outcast.test(text)

const hasCompat = (text: string): boolean => !isAscii(text) && [...text].some((each) => each.normalize("NFKC") !== each)

export const isAscii = (text: string): boolean => ascii.test(text)

const ascii = /^[\u0000-\u007f]*$/
const widthForms = /[\u3000\uff00-\uffef]/g
const identifier = /^[\u0021-\u007e\p{Ll}\p{Lu}\p{Lo}\p{Nd}\p{Lm}\p{Mn}\p{Mc}]+$/u
const freeform = /^[\p{L}\p{N}\p{M}\p{Zs}\p{S}\p{P}]+$/u
const outcast = new RegExp(
  "[\\p{Default_Ignorable_Code_Point}\\u1100-\\u11ff\\ua960-\\ua97c\\ud7b0-\\ud7fb"
    + "\\u0640\\u07fa\\u302e\\u302f\\u3031-\\u3035\\u303b]",
  "u"
)
const scripts = ["Hebrew", "Arabic", "Syriac", "Thaana", "Nko", "Samaritan", "Mandaic", "Adlam", "Hanifi_Rohingya"]
const rightToLeftClass = scripts.map((each) => `(?=\\p{L})\\p{Script=${each}}`).join("|")
const rightToLeft = new RegExp(rightToLeftClass, "u")
const rightToLeftAll = new RegExp(rightToLeftClass, "gu")
const leftToRight = /\p{L}/u
