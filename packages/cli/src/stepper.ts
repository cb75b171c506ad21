/**
 * A walk through a recording, as a value: where one stands, what one may say, what one is shown. No terminal; that is in
 * `stepping.ts`.
 */
import { Describe, State } from "@xmpp-e2e/protocol"
import { Explain, type Recording, Replay } from "@xmpp-e2e/recording"
import { stateLines } from "./replayText.ts"

/** `at` is -1 before the first step. The states are those of the reducer; `seq` of a step need not be its place. */
export interface Stepper {
  readonly head: Recording.Head
  readonly steps: ReadonlyArray<Stop>
  readonly at: number
  /** What an empty line says again. */
  readonly last: Command
}

/** A step, and how its replay went: `replay` is where the fold stands after it. */
interface Stop {
  readonly step: Recording.Step
  readonly replay: Replay.Replay
}

export type Command =
  | { readonly _tag: "Next" }
  | { readonly _tag: "Back" }
  | { readonly _tag: "First" }
  | { readonly _tag: "Last" }
  | { readonly _tag: "Jump"; readonly seq: number }
  | { readonly _tag: "Search"; readonly text: string }
  | { readonly _tag: "State" }
  | { readonly _tag: "Help" }
  | { readonly _tag: "Quit" }
  | { readonly _tag: "Unknown"; readonly text: string }

export interface Shown {
  readonly stepper: Stepper
  readonly lines: ReadonlyArray<string>
}

export const make = (recording: Recording.Recording): Stepper => {
  let replay = Replay.start(recording.head)
  const steps: Array<Stop> = []
  for (const line of recording.lines) {
    if (!("seq" in line)) continue
    replay = Replay.next(replay, line)
    steps.push({ step: line, replay })
  }
  return { head: recording.head, steps, at: -1, last: { _tag: "Next" } }
}

/** What a line typed by a person means; an empty one is the last command again. */
export const parse = (typed: string, { last }: Stepper): Command => {
  const text = typed.trim()
  if (text === "") return last
  if (text.startsWith("/")) return searchFor(text.slice(1).trim(), last)
  const number = /^(?:j\s*)?(\d{1,9})$/.exec(text)?.[1]
  if (number !== undefined) return { _tag: "Jump", seq: Number(number) }
  return words.get(text.toLowerCase()) ?? { _tag: "Unknown", text }
}

/** One command further. Who asks for something that is not there stays where they are, and is told. */
export const apply = (stepper: Stepper, command: Command): Shown => {
  const there = { ...stepper, last: repeatable(command) ? command : stepper.last }
  switch (command._tag) {
    case "Next":
      return go(there, there.at + 1, "that was the last step")
    case "Back":
      return go(there, there.at - 1, "that was the first step")
    case "First":
      return go(there, 0, nothingThere)
    case "Last":
      return go(there, there.steps.length - 1, nothingThere)
    case "Jump":
      return go(there, there.steps.findIndex(({ step }) => step.seq === command.seq), `there is no step ${command.seq}`)
    case "Search":
      return go(
        there,
        find(there, command.text),
        `"${Describe.clean(command.text)}" is in no step from here to the end`
      )
    case "State":
      return { stepper: there, lines: stateOf(there) }
    case "Help":
      return { stepper: there, lines: help }
    case "Quit":
      return { stepper: there, lines: [] }
    case "Unknown":
      return { stepper: there, lines: [`"${Describe.clean(command.text)}" is no command`, ...help] }
  }
}

/** What is shown before the first command. */
export const opening = ({ head, steps }: Stepper): ReadonlyArray<string> => [
  Explain.head(head),
  `${steps.length} steps; h for help`
]

/** The step where one stands, as it was shown when one came. */
export const present = (stepper: Stepper): ReadonlyArray<string> => {
  const stop = stepper.steps[stepper.at]
  return stop === undefined ? opening(stepper) : view(stop, labelBefore(stepper, stepper.at))
}

/** What was asked for at this step, with the contents of stanzas. */
export const asked = ({ at, steps }: Stepper): ReadonlyArray<string> => {
  const stop = steps[at]
  if (stop === undefined) return [nothingThere]
  return stop.step.actions.length === 0 ? ["nothing was asked for"] : stop.step.actions.flatMap(stateLines)
}

const searchFor = (text: string, last: Command): Command =>
  text !== "" ? { _tag: "Search", text } : last._tag === "Search" ? last : { _tag: "Unknown", text: "/" }

const repeatable = ({ _tag }: Command): boolean => _tag === "Next" || _tag === "Back" || _tag === "Search"

const go = (stepper: Stepper, at: number, otherwise: string): Shown => {
  const stop = stepper.steps[at]
  if (stop === undefined) return { stepper, lines: [otherwise] }
  return { stepper: { ...stepper, at }, lines: view(stop, labelBefore(stepper, at)) }
}

/** In what is told of a step, without case; after the present one. */
const find = (stepper: Stepper, text: string): number => {
  const sought = text.toLowerCase()
  return stepper.steps.findIndex(({ step }, at) =>
    at > stepper.at && Explain.step(labelBefore(stepper, at), step).toLowerCase().includes(sought)
  )
}

const labelBefore = ({ steps }: Stepper, at: number): string => steps[at - 1]?.step.state ?? "Dormant"

const view = ({ replay, step }: Stop, before: string): ReadonlyArray<string> => [
  ...Explain.gap(step),
  `step ${step.seq}  +${(step.at / 1000).toFixed(3)}s  ${Describe.clean(before)}  ->  ${Describe.clean(step.state)}`,
  `  event    ${Describe.event(step.event)}`,
  ...actionsOf(step),
  ...replay._tag === "Diverged" && replay.seq === step.seq
    ? [
      "  here the reducer goes another way:",
      ...Explain.outcome(replay).split("\n").slice(1).map((line) => `  ${line}`)
    ]
    : []
]

const actionsOf = ({ actions }: Recording.Step): ReadonlyArray<string> =>
  actions.length === 0
    ? ["  actions  none"]
    : actions.map((action, at) => `  ${at === 0 ? "actions" : "       "}  ${Describe.action(action)}`)

/** Without the configuration, which never changes; as the reducer has it, so none from where it went another way. */
const stateOf = ({ at, head, steps }: Stepper): ReadonlyArray<string> => {
  const replay = at < 0 ? Replay.start(head) : steps[at]?.replay
  if (replay === undefined) return [nothingThere]
  if (replay._tag === "Diverged") {
    return [
      `the reducer went another way at step ${replay.seq}; the last state both agree on is ${State.label(replay.state)}`
    ]
  }
  if (replay.omitted !== undefined) {
    return [`steps were left out before this one; the last state that is known is ${State.label(replay.state)}`]
  }
  const { config: _config, ...state } = replay.state
  return [State.label(replay.state), ...stateLines(state)]
}

const words: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...["n", "next"].map((word) => [word, { _tag: "Next" }] as const),
  ...["b", "back", "p"].map((word) => [word, { _tag: "Back" }] as const),
  ...["f", "first"].map((word) => [word, { _tag: "First" }] as const),
  ...["l", "last"].map((word) => [word, { _tag: "Last" }] as const),
  ...["s", "state"].map((word) => [word, { _tag: "State" }] as const),
  ...["h", "help", "?"].map((word) => [word, { _tag: "Help" }] as const),
  ...["q", "quit", "exit"].map((word) => [word, { _tag: "Quit" }] as const)
])

const help = [
  "n next    b back    f first    l last    NUMBER that step    /TEXT search onwards",
  "s the whole state, with the contents of stanzas    q quit    an empty line: the same again"
]

const nothingThere = "there are no steps"
