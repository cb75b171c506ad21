/** What each key does, wherever the focus is, unless somebody types. */

/** @internal */
export interface Deeds {
  readonly move: (by: number) => void
  readonly first: () => void
  readonly last: () => void
  readonly refusal: () => void
  readonly search: () => void
  readonly clear: () => void
  readonly theme: () => void
}

/** @internal */
export const keyboard = (deeds: Deeds): void =>
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const deed = event.key === "Escape" ? deeds.clear : isTyping(event.target) ? undefined : deedOf(event, deeds)
    if (deed === undefined) return
    event.preventDefault()
    deed()
  })

const deedOf = ({ key, target }: KeyboardEvent, deeds: Deeds): (() => void) | undefined => {
  switch (key) {
    case "r":
    case "R":
      return deeds.refusal
    case "/":
      return deeds.search
    case "t":
    case "T":
      return deeds.theme
  }
  // A slider moves by itself, and tells the page; a box that scrolls scrolls.
  if (target instanceof HTMLInputElement || target instanceof HTMLPreElement) return undefined
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return () => deeds.move(1)
    case "ArrowUp":
    case "ArrowLeft":
      return () => deeds.move(-1)
    case "PageDown":
      return () => deeds.move(10)
    case "PageUp":
      return () => deeds.move(-10)
    case "Home":
      return deeds.first
    case "End":
      return deeds.last
  }
  return undefined
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && target.type === "search"
