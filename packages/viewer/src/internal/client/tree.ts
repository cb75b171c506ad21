/** Plain values as trees that open a level at a time: however much there is, only what is open is made. */
import { make } from "./dom.ts"
import { paged } from "./paged.ts"
import { visible } from "./text.ts"

/** @internal `open` is how many levels are open at first. */
export const tree = (value: unknown, open = 1): HTMLElement => {
  const entries = entriesOf(value)
  if (entries === undefined) return scalar(value)
  if (entries.length === 0) return make("span", { class: "dim" }, Array.isArray(value) ? "empty list" : "empty")
  const list = make("ul", { class: "tree" })
  paged(list, entries, ([key, value]) => make("li", {}, node(key, value, open)))
  return list
}

const node = (key: string, value: unknown, open: number): HTMLElement => {
  const name = make("span", { class: "key" }, visible(key))
  const entries = entriesOf(value)
  if (entries === undefined || entries.length === 0) return make("div", { class: "leaf" }, name, " ", tree(value))
  const details = make(
    "details",
    {},
    make("summary", {}, name, " ", make("span", { class: "dim" }, preview(value, entries)))
  )
  const fill = (): void => {
    if (details.open && details.childElementCount === 1) details.append(tree(value, open - 1))
  }
  details.addEventListener("toggle", fill)
  if (open > 1) {
    details.open = true
    fill()
  }
  return details
}

const scalar = (value: unknown): HTMLElement =>
  typeof value === "string"
    ? make("span", { class: "string" }, visible(value))
    : make("span", { class: "atom" }, visible(String(value)))

type Entries = ReadonlyArray<readonly [string, unknown]>

const entriesOf = (value: unknown): Entries | undefined =>
  typeof value === "object" && value !== null ? Object.entries(value) : undefined

/** A tag says most; else the names of the first entries do. */
const preview = (value: unknown, entries: Entries): string => {
  if (Array.isArray(value)) return `${entries.length} ${entries.length === 1 ? "entry" : "entries"}`
  const tag = entries.find(([key]) => key === "_tag")
  if (tag !== undefined) return visible(String(tag[1]))
  return visible(entries.slice(0, 4).map(([key]) => key).join(", ")) + (entries.length > 4 ? ", …" : "")
}
