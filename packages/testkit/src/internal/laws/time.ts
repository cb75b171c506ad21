/** Timers: those of the log are those of the state, whoever waits has one, and a stale one is nothing. */
import type { Timer } from "@xmpp-e2e/protocol"
import { label, type State } from "@xmpp-e2e/protocol/State"
import type { Law } from "../../Law.ts"
import type { Reduce, Step } from "../../Run.ts"
import { timers as names } from "../choices.ts"
import { same } from "../values.ts"
import { law } from "./law.ts"

export const timers: Law = law(
  "timers",
  "the timers set and cleared in the log are the timers of the state, each with a generation of its own",
  () => {
    const running = new Map<Timer.Timer, number>()
    let last = 0
    return (step) => {
      const { actions, after, event } = step
      if (event._tag === "TimerFired" && running.get(event.timer) === event.generation) running.delete(event.timer)
      for (const action of actions) {
        if (action._tag === "ClearTimer") {
          if (running.get(action.timer) !== action.generation) return `${action.timer} was cleared and did not run`
          running.delete(action.timer)
        }
        if (action._tag !== "SetTimer") continue
        if (action.generation <= last) return `generation ${action.generation} of ${action.timer} is not new`
        if (!(action.after >= 0)) return `${action.timer} was set to ${action.after} ms`
        last = action.generation
        running.set(action.timer, action.generation)
      }
      const alike = after.timers.length === running.size &&
        after.timers.every(({ generation, timer }) => running.get(timer) === generation)
      return alike ? undefined : `${show(running.keys())} run, the state has ${show(timersOf(after))}`
    }
  }
)

export const alive: Law = law(
  "alive",
  "whoever waits for the peer has a timer running, and its firing leads on",
  (_, reduce) => ({ after }) => {
    const armed = timersOf(after)
    for (const [timer, leadsOn] of deadlinesOf(after)) {
      const running = after.timers.find((each) => each.timer === timer)
      if (running === undefined) return `${label(after)} waits with ${show(armed)} and without ${timer}`
      if (leadsOn && !isMoved(reduce, after, running)) return `${timer} fires in ${label(after)} and nothing happens`
    }
    return undefined
  }
)

export const stale: Law = law(
  "stale",
  "a timer that does not run, or has been set anew, changes nothing",
  (_, reduce) => (step) => {
    if (step.event._tag === "TimerFired" && !runs(step.before, step.event) && !isIdle(step)) {
      return `${step.event.timer} did not run and was obeyed`
    }
    for (const timer of names) {
      const running = step.after.timers.find((each) => each.timer === timer)
      const generation = running === undefined ? step.after.generation : running.generation - 1
      const [after, actions] = reduce(step.after, { _tag: "TimerFired", timer, generation })
      if (actions.length > 0 || (after !== step.after && !same(after, step.after))) {
        return `${timer} would be obeyed in ${label(step.after)} though it does not run`
      }
    }
    return undefined
  }
)

type Deadline = readonly [timer: Timer.Timer, leadsOn: boolean]

/** Written from state-machine §6, not from the code. */
const deadlinesOf = (state: State): ReadonlyArray<Deadline> => {
  switch (state._tag) {
    case "Dormant":
    case "Closed":
      return []
    case "Initiating":
    case "Responding":
      return negotiationDeadlines[state.at._tag] === "verdict" ||
          (state.at._tag === "AwaitingHeader" && state.link._tag === "Secured")
        ? [[negotiationDeadlines[state.at._tag] ?? "step", true]]
        : [[negotiationDeadlines[state.at._tag] ?? "step", true], ["negotiation", true]]
    case "Established":
      return [
        ["keepalive", false],
        ...(state.session.resuming === undefined ? [] : [["step", true] as const]),
        ...(state.session.probe === undefined ? [] : [["pong", true] as const]),
        ...(state.expiresIn === undefined ? [] : [["certificate", true] as const]),
        ...(state.config.timeouts.idleMillis === undefined ? [] : [["idle", true] as const]),
        ...(state.session.management._tag === "On" && state.session.management.asked
          ? [["acknowledgement", true] as const]
          : [])
      ]
    case "Closing":
      return [[closingDeadlines[state.at._tag], true]]
  }
}

const negotiationDeadlines: Readonly<Record<string, Timer.Timer>> = {
  AwaitingVerdict: "verdict",
  AwaitingCommitment: "commit"
}

const closingDeadlines = { AwaitingFooter: "close", AwaitingDrain: "drain", AwaitingEnd: "end" } as const

const isMoved = (reduce: Reduce, state: State, running: Timer.Armed): boolean => {
  const [after] = reduce(state, { _tag: "TimerFired", ...running })
  if (state._tag === "Established" && after._tag === "Established") return after.session !== state.session
  return label(after) !== label(state)
}

const runs = (state: State, { generation, timer }: Timer.Armed): boolean =>
  state.timers.some((each) => each.timer === timer && each.generation === generation)

const isIdle = ({ actions, after, before }: Step): boolean => actions.length === 0 && same(after, before)

const timersOf = (state: State): ReadonlyArray<Timer.Timer> => state.timers.map(({ timer }) => timer)

const show = (names: Iterable<string>): string => {
  const all = [...names].sort()
  return all.length === 0 ? "no timers" : all.join(", ")
}
