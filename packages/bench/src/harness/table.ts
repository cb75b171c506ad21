/**
 * Figures for people, on a terminal and in a document. Programs get JSON instead.
 */
import type { Summary } from "./statistics.ts"

export interface Table {
  readonly title: string
  /** The first column is text, the others are figures. */
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

export const asText = ({ columns, rows, title }: Table): string => {
  const widths = columns.map((column, at) => Math.max(column.length, ...rows.map((row) => row[at]?.length ?? 0)))
  const line = (cells: ReadonlyArray<string>): string =>
    cells.map((cell, at) => at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)).join("  ")
      .trimEnd()
  return [title, line(columns), ...rows.map(line), ""].join("\n")
}

export const asMarkdown = ({ columns, rows, title }: Table): string => {
  const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`
  const rule = `|${columns.map((_, at) => at === 0 ? "---" : "--:").join("|")}|`
  return [`**${title}**`, "", line(columns), rule, ...rows.map(line), ""].join("\n")
}

/** Three digits that count, and no more after the point than they need. */
export const number = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 100) return Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, " ")
  return value.toFixed(size >= 10 ? 1 : 2)
}

/** A median and its range. */
export const spread = ({ least, median, most }: Summary): string =>
  `${number(median)} (${number(least)}..${number(most)})`
