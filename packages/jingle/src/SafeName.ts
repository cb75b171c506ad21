/**
 * Names for files that somebody else has named. What comes in may be anything; what goes out is one name in one directory,
 * on every system, and looks like what it is.
 *
 * - no path, no character that some system forbids or reads as a separator
 * - nothing that cannot be seen or that turns the direction of what follows: no control, format or ignorable characters
 * - neither hidden nor an option nor a home directory: no dot, dash or tilde at the beginning; no dot or space at the end
 * - no device of Windows
 * - at most 200 octets in UTF-8, the ending kept
 *
 * Letters that are written from right to left stay, since names have them. Whoever shows a name isolates it.
 *
 * @since 0.1.0
 */

/**
 * A safe name, as like the offered one as may be; `file` when nothing is left of it. A safe name stays as it is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const fromOffered = (offered: string): string => {
  const segment = offered.slice(-offeredMax).toWellFormed().split(/[/\\]/).findLast((each) => each.trim() !== "") ?? ""
  return bounded(visible(segment), octetsMax)
}

/**
 * The name with a number before its ending, for when it is taken: `letter (2).txt`. 0 and 1 leave it as it is. It is safe
 * and within the bound again, and two numbers give two names.
 *
 * @since 0.1.0
 * @category constructors
 */
export const numbered = (name: string, number: number): string => {
  const safe = fromOffered(name)
  if (!(number >= 2)) return safe
  const suffix = ` (${Math.min(Math.floor(number), Number.MAX_SAFE_INTEGER)})`
  const [stem, ending] = parts(safe)
  return cut(stem, octetsMax - octets(suffix) - octets(ending)) + suffix + ending
}

/**
 * The first of the name and its numbered forms that is not in `taken`, without regard to case and to how accents are
 * written, since some systems have none. Nothing is overwritten as long as the file is created only where there is none.
 *
 * @since 0.1.0
 * @category constructors
 */
export const free = (name: string, taken: Iterable<string>): string => {
  const folded = new Set([...taken].map(fold))
  let number = 1
  // There are more numbers than names taken.
  while (folded.has(fold(numbered(name, number)))) number += 1
  return numbered(name, number)
}

const fold = (name: string): string => name.normalize("NFKC").toUpperCase().toLowerCase()

const visible = (segment: string): string =>
  segment
    .replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/gu, "")
    .replace(/[<>:"|?*\p{Cn}\p{Co}\u2044\u2215\u29f5\u29f8\u29f9\ufe68\uff0f\uff3c]/gu, "_")
    .replace(/\p{Zs}+/gu, " ")
    .normalize("NFC")

/** Trimming can uncover a device, and cutting can uncover a space. */
const bounded = (name: string, most: number): string => {
  const [stem, ending] = parts(trimmed(name))
  const short = trimmed(cut(stem, most - 1 - octets(ending)) + ending)
  return short === "" ? "file" : isDevice(short) ? `_${short}` : short
}

const trimmed = (name: string): string => name.replace(/^[ .~-]+/, "").replace(/[ .]+$/, "")

/** CON.txt is the console as well. */
const isDevice = (name: string): boolean =>
  /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:\.|$)/i.test(name)

/** The stem, and the ending with its dot; a long ending is none. */
const parts = (name: string): readonly [stem: string, ending: string] => {
  const at = name.lastIndexOf(".")
  const ending = at > 0 ? name.slice(at) : ""
  return ending === "" || octets(ending) > endingOctetsMax ? [name, ""] : [name.slice(0, at), ending]
}

const cut = (text: string, most: number): string => {
  let kept = ""
  let used = 0
  for (const character of text) {
    used += octets(character)
    if (used > most) break
    kept += character
  }
  return kept
}

/** In UTF-8. */
const octets = (text: string): number => {
  let sum = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    sum += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return sum
}

const octetsMax = 200
const endingOctetsMax = 32
/** The end of a longer one is looked at, where its ending is. */
const offeredMax = 4096
