/**
 * A text as a QR code (ISO/IEC 18004) that a terminal shows: two modules one above the other are one character, dark on light
 * whatever the colours of the terminal are, with the quiet zone that cameras need.
 */
import * as Result from "effect/Result"
import { generate } from "lean-qr"

/** Rows of modules, `true` for dark, without a quiet zone; nothing for a text that no QR code holds. */
export const modules = (text: string): ReadonlyArray<ReadonlyArray<boolean>> | undefined =>
  Result.getOrUndefined(
    Result.map(
      Result.try(() => generate(text)),
      (code) => range(code.size).map((y) => range(code.size).map((x) => code.get(x, y)))
    )
  )

/**
 * With colours, black on white. Without them light is what the terminal writes with, which is right where it writes light on
 * dark.
 */
export const lines = (rows: ReadonlyArray<ReadonlyArray<boolean>>, isColoured: boolean): ReadonlyArray<string> => {
  const side = width(rows)
  const isDark = (x: number, y: number): boolean => rows[y - quietModules]?.[x - quietModules] === true
  return range(Math.ceil(side / 2)).map((line) => {
    const cells = range(side).map((x) => {
      const [upper, lower] = [isDark(x, 2 * line), isDark(x, 2 * line + 1)]
      return isColoured ? glyph(upper, lower) : glyph(!upper, !lower)
    })
    return isColoured ? `\u001b[30;107m${cells.join("")}\u001b[0m` : cells.join("")
  })
}

/** Columns that it takes. */
export const width = ({ length }: ReadonlyArray<unknown>): number => length + 2 * quietModules

/** Which half is written. */
const glyph = (upper: boolean, lower: boolean): string => upper ? (lower ? "█" : "▀") : lower ? "▄" : " "

const range = (length: number): ReadonlyArray<number> => Array.from({ length }, (_, at) => at)

/** ISO/IEC 18004 §6.3.8. */
const quietModules = 4
