/** Text from outside made harmless for eyes: what would hide or reorder its surroundings is written out, length is bounded. */

/** @internal Line ends and tabs stay when `lines` is set. */
export const visible = (text: string, lines = false): string => {
  const cut = text.length > charsMax ? `${text.slice(0, charsMax)}… (${text.length} characters)` : text
  return cut.replace(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (each) => lines && (each === "\n" || each === "\t") ? each : `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`
  )
}

/** @internal `1.204 s` */
export const seconds = (millis: number): string => `${(millis / 1000).toFixed(3)} s`

/** @internal `2026-01-15`; whatever the number, a text. */
export const day = (millis: number): string =>
  Math.abs(millis) <= millisMax ? new Date(millis).toISOString().slice(0, -14) : "no day"

const millisMax = 8.64e15
const charsMax = 20_000
