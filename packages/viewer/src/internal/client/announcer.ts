/** What a screen reader is told when something changes away from the focus. */
import { make } from "./dom.ts"

/** @internal */
export interface Announcer {
  readonly element: HTMLElement
  readonly say: (text: string) => void
  /** The same, unless `quiet` has the focus, which is read out by itself. */
  readonly sayUnless: (quiet: HTMLElement, text: string) => void
}

/** @internal */
export const announcer = (): Announcer => {
  const element = make("div", { class: "hidden", role: "status", "aria-live": "polite" })
  const say = (text: string): void => {
    element.textContent = text
  }
  return { element, say, sayUnless: (quiet, text) => say(document.activeElement === quiet ? "" : text) }
}
