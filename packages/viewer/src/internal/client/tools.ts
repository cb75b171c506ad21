/** Search, filters and the switch of the theme. */
import { type Kind, kinds, type Model } from "../model.ts"
import { button, make } from "./dom.ts"
import { kindWords } from "./words.ts"

/** @internal */
export interface Tools {
  readonly element: HTMLElement
  readonly search: HTMLInputElement
  readonly clear: () => void
  readonly count: (shown: number) => void
  readonly nextTheme: () => void
}

/** @internal `changed` is told what to show; `next` goes to the next row of those. */
export const tools = (
  model: Model,
  changed: (kinds: ReadonlySet<Kind>, text: string) => void,
  next: () => void
): Tools => {
  const chosen = new Set<Kind>()
  const search = make("input", { type: "search", placeholder: "Search (/)", "aria-label": "Search in all steps" })
  const tell = (): void => changed(chosen, search.value)
  search.addEventListener("input", tell)
  search.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") next()
  })
  const present = new Set(model.sides.flatMap(({ steps }) => steps.flatMap((step) => step.kinds)))
  const chips = kinds.filter((kind) => present.has(kind)).map((kind) => {
    const chip = button(kindWords[kind], { class: "chip", "aria-pressed": "false" }, () => {
      if (!chosen.delete(kind)) chosen.add(kind)
      chip.setAttribute("aria-pressed", String(chosen.has(kind)))
      tell()
    })
    return chip
  })
  const count = make("output", { class: "count" })
  const theme = button(themeWords.auto, { class: "chip theme", title: "Theme (T)" }, () => nextTheme())
  const nextTheme = (): void => {
    const now = themes[(themes.indexOf(themeOf()) + 1) % themes.length] ?? "auto"
    document.documentElement.dataset["theme"] = now
    theme.textContent = themeWords[now]
  }
  return {
    element: make(
      "div",
      { class: "tools" },
      make("div", { role: "search" }, search, count),
      make("div", { class: "chips", role: "group", "aria-label": "Show only" }, ...chips),
      theme
    ),
    search,
    clear: () => {
      chosen.clear()
      search.value = ""
      for (const chip of chips) chip.setAttribute("aria-pressed", "false")
      tell()
    },
    count: (shown) => {
      const total = model.rows.length
      count.textContent = shown === total ? `${total} steps` : `${shown} of ${total} steps`
    },
    nextTheme
  }
}

const themes = ["auto", "light", "dark"] as const

const themeOf = (): typeof themes[number] =>
  themes.find((theme) => theme === document.documentElement.dataset["theme"]) ?? "auto"

const themeWords = { auto: "Theme: system", light: "Theme: light", dark: "Theme: dark" } as const
