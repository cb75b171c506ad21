/** Lists of any length: so many entries at once, and a button for more. */
import { button, make } from "./dom.ts"

/** @internal */
export const paged = <One>(
  list: HTMLElement,
  all: ReadonlyArray<One>,
  item: (one: One) => HTMLElement,
  from = 0
): void => {
  for (const one of all.slice(from, from + entriesMax)) list.append(item(one))
  const left = all.length - from - entriesMax
  if (left <= 0) return
  const more = make("li")
  more.append(button(`${left} more`, { class: "quiet" }, () => {
    more.remove()
    paged(list, all, item, from + entriesMax)
  }))
  list.append(more)
}

const entriesMax = 100
