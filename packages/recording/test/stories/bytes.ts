/** How a story with bytes becomes a recording: one side in a shell, and a peer whose very bytes are written for it. */
import type { Action, Config, Event } from "@xmpp-e2e/protocol"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { Serialize } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Ear from "../../src/Ear.ts"
import * as Recording from "../../src/Recording.ts"
import * as Voice from "../../src/Voice.ts"
import { configure } from "../arbitrary.ts"
import type { Scenario } from "./telling.ts"

/** A text is one chunk, and so are octets; everything else happens besides. */
export type Next = string | Uint8Array | Event.Event

/** A text as chunks of one octet each. */
export const bytewise = (text: string): ReadonlyArray<Uint8Array> =>
  Array.from(Serialize.utf8(text), (octet) => Uint8Array.of(octet))

/** What one side wrote down, with all chunks. What a chunk or an event makes it say is one write. */
export const overTheWire = (
  name: string,
  note: string,
  input: Config.Input,
  script: ReadonlyArray<Next>
): Scenario => {
  const config = configure(input)
  const shell = begin(config)
  script.forEach((next, at) => {
    const now = at * latencyMillis
    if (typeof next === "string" || next instanceof Uint8Array) hear(shell, next, now)
    else step(shell, next, now)
    readOn(shell, now)
    if (shell.text !== "") shell.lines.push(Recording.makeWire("out", now, Serialize.utf8(shell.text)))
    shell.text = ""
  })
  return { name: `${name}.${config.role}`, recording: { head: { config, note }, lines: shell.lines } }
}

interface Shell {
  readonly ear: Ear.Ear
  readonly voice: Voice.Voice
  readonly lines: Array<Recording.Line>
  state: State
  seq: number
  drawn: number
  text: string
}

const begin = (config: Config.Config): Shell => ({
  ear: Ear.make(Reader.make(config.limits)),
  voice: Voice.make(),
  lines: [],
  state: Reducer.initial(config),
  seq: 0,
  drawn: 0,
  text: ""
})

const hear = ({ ear, lines }: Shell, chunk: string | Uint8Array, now: number): void => {
  const bytes = typeof chunk === "string" ? Serialize.utf8(chunk) : chunk
  lines.push(Recording.makeWire("in", now, bytes))
  ear.push(bytes)
}

const readOn = (shell: Shell, now: number): void => {
  while (Reducer.wantsInput(shell.state)) {
    const event = shell.ear.next(() => `fresh-${++shell.drawn}`)
    if (event === undefined) return
    step(shell, event, now)
  }
}

const step = (shell: Shell, event: Event.Event, now: number): void => {
  const [state, actions] = Reducer.step(shell.state, event)
  shell.state = state
  shell.lines.push({ seq: shell.seq++, at: now, event, actions, state: label(state) })
  for (const action of actions) perform(shell, action)
}

const perform = (shell: Shell, action: Action.Action): void => {
  Ear.perform(shell.ear, action)
  if (Voice.isSending(action)) shell.text += shell.voice(action)
}

const latencyMillis = 10
