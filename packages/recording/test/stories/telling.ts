/** How a story becomes a recording: two sides that really talk, or one side and a peer that says what is written for it. */
import type { Config, Event } from "@xmpp-e2e/protocol"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import type * as Recording from "../../src/Recording.ts"
import { configure } from "../arbitrary.ts"
import { join, type Play, type Script } from "../join.ts"
import { accepted, chainOf, initiator, recipient } from "./saying.ts"

export interface Scenario {
  /** The file, without `.ndjson`. */
  readonly name: string
  readonly recording: Recording.Recording
}

type Told = Omit<Partial<Play>, "initiator" | "recipient" | "script"> & {
  readonly script: Script
  readonly initiator?: Config.Input
  readonly recipient?: Config.Input
}

/** What both sides wrote down of one session. The note begins with the requirements that the story is about. */
export const both = (name: string, note: string, told: Told): ReadonlyArray<Scenario> => {
  const whole: Play = {
    judge: (side) => accepted(side),
    chains: { initiator: chainOf("initiator"), recipient: chainOf("recipient") },
    ...told,
    initiator: configure(told.initiator ?? initiator),
    recipient: configure(told.recipient ?? recipient)
  }
  const played = join(whole)
  return (["initiator", "recipient"] as const).map((side) => ({
    name: `${name}.${side}`,
    recording: { head: { config: whole[side], note }, lines: played[side] }
  }))
}

/** An event, or one that depends on the state, as the firing of a timer does. */
type Next = Event.Event | ((state: State) => Event.Event)

/** What one side wrote down. Each event comes a hundredth of a second after the last, a timer when it is due. */
export const alone = (name: string, note: string, input: Config.Input, script: ReadonlyArray<Next>): Scenario => {
  const config = configure(input)
  const due = new Map<number, number>()
  let state: State = Reducer.initial(config)
  let now = 0
  const lines = script.map((next, seq): Recording.Step => {
    const event = typeof next === "function" ? next(state) : next
    now = Math.max(
      now + (seq === 0 ? 0 : latencyMillis),
      event._tag === "TimerFired" ? due.get(event.generation) ?? 0 : 0
    )
    const [after, actions] = Reducer.step(state, event)
    state = after
    for (const action of actions) if (action._tag === "SetTimer") due.set(action.generation, now + action.after)
    return { seq, at: now, event, actions, state: label(after) }
  })
  return { name: `${name}.${config.role}`, recording: { head: { config, note }, lines } }
}

const latencyMillis = 10
