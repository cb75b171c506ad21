/**
 * A walk through a recording by single keys, as a value: which key does what, what is being typed, what is on the screen.
 * The steps are `stepper.ts`'s; the terminal is in `stepScreen.ts`.
 */
import { Describe } from "@xmpp-e2e/protocol"
import * as Stepper from "./stepper.ts"

export interface Walk {
  readonly stepper: Stepper.Stepper
  readonly pane: "step" | "state" | "actions" | "help"
  /** What has been typed behind `g` or `/`. */
  readonly typing?: { readonly what: "number" | "search"; readonly text: string }
  /** Told once, at the bottom. */
  readonly message?: string
  /** Lines of the pane above the screen. */
  readonly above: number
  readonly size: Size
  readonly ended: boolean
}

/** Columns and rows. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

export const begin = (stepper: Stepper.Stepper, size: Size): Walk => ({
  stepper,
  pane: "step",
  above: 0,
  size,
  ended: false
})

export const resize = (walk: Walk, size: Size): Walk => ({ ...walk, size })

/** What a terminal sends, as keys: characters, and names for what is none. What it sends besides is nothing. */
export const keysOf = (sent: string): ReadonlyArray<string> =>
  [...sent.matchAll(/\u001b(?:\[[0-9;]*[~A-Za-z]|O[A-Z])|[^]/gu)].flatMap(([text]) => {
    const name = names.get(text)
    if (name !== undefined) return [name]
    return /^[\p{C}\p{Zl}\p{Zp}]/u.test(text) ? [] : [text]
  })

export const press = (walk: Walk, key: string): Walk => {
  const { message: _message, ...quiet } = walk
  if (key === "interrupt") return { ...quiet, ended: true }
  return walk.typing === undefined ? command(quiet, key) : type(quiet, walk.typing, key)
}

/** As many lines as the terminal has, none longer than it is wide; the last says where one is, or what one types. */
export const screen = (walk: Walk): ReadonlyArray<string> => {
  const { columns } = walk.size
  const room = roomOf(walk)
  const lines = linesOf(walk)
  const above = Math.min(walk.above, highest(walk))
  const shown = lines.slice(above, above + room)
  const blank = Array.from({ length: room - shown.length }, () => "")
  const [last = ""] = wrapped(bottom(walk, lines.length - above - shown.length), columns)
  return [...shown, ...blank, last]
}

const roomOf = ({ size: { rows } }: Walk): number => Math.max(1, rows - 1)

/** How many lines may be above the screen. */
const highest = (walk: Walk): number => Math.max(0, linesOf(walk).length - roomOf(walk))

const linesOf = (walk: Walk): ReadonlyArray<string> => textOf(walk).flatMap((line) => wrapped(line, walk.size.columns))

const textOf = ({ pane, stepper }: Walk): ReadonlyArray<string> => {
  switch (pane) {
    case "step":
      return Stepper.present(stepper)
    case "state":
      return Stepper.apply(stepper, { _tag: "State" }).lines
    case "actions":
      return Stepper.asked(stepper)
    case "help":
      return help
  }
}

const bottom = ({ message, pane, stepper, typing }: Walk, below: number): string => {
  if (typing !== undefined) return `${typing.what === "search" ? "/" : "go to step "}${typing.text}_`
  const where = stepper.at < 0 ? "before the first" : `${stepper.at + 1} of ${stepper.steps.length}`
  const more = below > 0 ? `  ${below} lines below, PgDn` : ""
  return message ?? `${pane === "step" ? "" : `${pane}  `}${where}${more}  h help  q quit`
}

const command = (walk: Walk, key: string): Walk => {
  const go = moves.get(key)
  if (go !== undefined) return apply(walk, go)
  const pane = panes.get(key)
  if (pane !== undefined) return { ...walk, pane: walk.pane === pane ? "step" : pane, above: 0 }
  switch (key) {
    case "enter":
      return apply(walk, walk.stepper.last)
    case "g":
      return { ...walk, typing: { what: "number", text: "" } }
    case "/":
      return { ...walk, typing: { what: "search", text: "" } }
    case "pageDown":
      return { ...walk, above: Math.min(walk.above + page, highest(walk)) }
    case "pageUp":
      return { ...walk, above: Math.max(0, Math.min(walk.above, highest(walk)) - page) }
    case "escape":
      return { ...walk, pane: "step", above: 0 }
    case "q":
      return { ...walk, ended: true }
  }
  return { ...walk, message: `${key.length > 1 ? key : `"${key}"`} does nothing; h for help` }
}

const type = (walk: Walk, { text, what }: NonNullable<Walk["typing"]>, key: string): Walk => {
  const { typing: _typing, ...typed } = walk
  switch (key) {
    case "escape":
      return typed
    case "enter":
      return text === "" ? typed : apply(typed, Stepper.parse(what === "search" ? `/${text}` : text, typed.stepper))
    case "backspace":
      return text === "" ? typed : { ...typed, typing: { what, text: Array.from(text).slice(0, -1).join("") } }
  }
  const fits = [...key].length === 1 && text.length < textMax && (what === "search" || /^[0-9]$/.test(key))
  return fits ? { ...typed, typing: { what, text: text + key } } : walk
}

/** Who stays where they are is told why; a state or actions stay in sight while one goes on. */
const apply = (walk: Walk, command: Stepper.Command): Walk => {
  const { lines, stepper } = Stepper.apply(walk.stepper, command)
  const [told] = lines
  const moved = stepper.at !== walk.stepper.at
  const pane = walk.pane === "help" ? "step" : walk.pane
  return {
    ...walk,
    stepper,
    pane,
    above: moved ? 0 : walk.above,
    ...(moved || told === undefined || command._tag === "Jump" && lines.length > 1 ? {} : { message: told })
  }
}

/** A line in as many as it needs; an empty one stays one. */
const wrapped = (line: string, columns: number): ReadonlyArray<string> => {
  const characters = Array.from(Describe.clean(line, Number.POSITIVE_INFINITY))
  const width = Math.max(1, columns)
  return Array.from(
    { length: Math.max(1, Math.ceil(characters.length / width)) },
    (_, at) => characters.slice(at * width, (at + 1) * width).join("")
  )
}

const moves: ReadonlyMap<string, Stepper.Command> = new Map<string, Stepper.Command>([
  ...["n", "right", "down", " "].map((key) => [key, { _tag: "Next" }] as const),
  ...["p", "b", "left", "up"].map((key) => [key, { _tag: "Back" }] as const),
  ...["f", "home"].map((key) => [key, { _tag: "First" }] as const),
  ...["l", "G", "end"].map((key) => [key, { _tag: "Last" }] as const)
])

const panes: ReadonlyMap<string, Walk["pane"]> = new Map([
  ["s", "state"],
  ["a", "actions"],
  ["h", "help"],
  ["?", "help"]
])

const names: ReadonlyMap<string, string> = new Map([
  ...["[A", "OA"].map((code) => [`\u001b${code}`, "up"] as const),
  ...["[B", "OB"].map((code) => [`\u001b${code}`, "down"] as const),
  ...["[C", "OC"].map((code) => [`\u001b${code}`, "right"] as const),
  ...["[D", "OD"].map((code) => [`\u001b${code}`, "left"] as const),
  ...["[H", "OH", "[1~", "[7~"].map((code) => [`\u001b${code}`, "home"] as const),
  ...["[F", "OF", "[4~", "[8~"].map((code) => [`\u001b${code}`, "end"] as const),
  ["\u001b[5~", "pageUp"],
  ["\u001b[6~", "pageDown"],
  ["\u001b", "escape"],
  ["\r", "enter"],
  ["\n", "enter"],
  ["\u007f", "backspace"],
  ["\b", "backspace"],
  ["\u0003", "interrupt"],
  ["\u0004", "interrupt"]
])

const help = [
  "n  space  right  down    next step          p  left  up    the step before",
  "f  Home                  first step         l  G  End      last step",
  "g NUMBER Enter           that step          /TEXT Enter    search onwards",
  "Enter                    the same again     PgDn  PgUp     more lines",
  "s   the whole state, with the contents of stanzas; s again: the step",
  "a   the actions in full, with the contents of stanzas; a again: the step",
  "Esc the step            q  Ctrl-C           quit"
]

const page = 10
const textMax = 200
