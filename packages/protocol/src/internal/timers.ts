/**
 * Which timers each state holds and for how long (state-machine §6), and the one place where they change: `settle`
 * compares what runs with what the new state wants.
 */
import type { Action } from "../Action.ts"
import type { Established, Initiating, Link, Responding, State } from "../State.ts"
import type { Armed, Millis, Timer } from "../Timer.ts"
import type { Move } from "./move.ts"

type Wanted = readonly [timer: Timer, after: Millis]

/** Gives the new state its timers, and the actions their place in the fixed order of state-machine §5. */
export const settle = (
  before: State,
  { actions, rearm = none, state }: Move
): readonly [State, ReadonlyArray<Action>] => {
  if (isQuiet(before, state)) return rearmed(state, actions, rearm)
  const restarted = restarts(before, state)
  const changes: Array<Action> = []
  const timers: Array<Armed> = []
  let { generation } = state
  const wanted = wantedBy(state)
  for (const running of state.timers) {
    if (!wanted.some(([timer]) => timer === running.timer)) changes.push({ _tag: "ClearTimer", ...running })
  }
  for (const [timer, after] of wanted) {
    const running = state.timers.find((each) => each.timer === timer)
    if (running !== undefined && !rearm.includes(timer) && !restarted.includes(timer)) timers.push(running)
    else {
      generation += 1
      timers.push({ timer, generation })
      changes.push({ _tag: "SetTimer", timer, generation, after })
    }
  }
  if (changes.length === 0) return [state, ordered(actions)]
  return [{ ...state, timers, generation }, ordered([...actions, ...changes])]
}

/**
 * Nothing that timers depend on has changed, and none has fired, so those that run are those that are wanted: it is so with
 * nearly every stanza.
 */
const isQuiet = (before: State, after: State): after is Established =>
  before._tag === "Established" && after._tag === "Established" && before.timers === after.timers &&
  before.session === after.session && before.expiresIn === after.expiresIn && before.config === after.config

/** What `settle` comes to then. */
const rearmed = (
  state: Established,
  actions: ReadonlyArray<Action>,
  rearm: ReadonlyArray<Timer>
): readonly [State, ReadonlyArray<Action>] => {
  if (rearm.length === 0) return [state, ordered(actions)]
  const wanted = establishedTimers(state)
  const timers = state.timers.slice()
  const all = actions.slice()
  let { generation } = state
  let at = 0
  for (const [timer, after] of wanted) {
    if (rearm.includes(timer)) {
      generation += 1
      timers[at] = { timer, generation }
      all.push({ _tag: "SetTimer", timer, generation, after })
    }
    at += 1
  }
  return [{ ...state, timers, generation }, ordered(all)]
}

export const wantedBy = (state: State): ReadonlyArray<Wanted> => {
  switch (state._tag) {
    case "Dormant":
    case "Closed":
      return none
    case "Initiating":
    case "Responding":
      return [...negotiationTimers(state), ...certificateTimer(state.link)]
    case "Established":
      return establishedTimers(state)
    case "Closing": {
      const { closeMillis, drainMillis, endMillis } = state.config.timeouts
      switch (state.at._tag) {
        case "AwaitingFooter":
          return [["close", closeMillis]]
        case "AwaitingDrain":
          return [["drain", drainMillis]]
        case "AwaitingEnd":
          return [["end", endMillis]]
      }
    }
  }
}

const negotiationTimers = (state: Initiating | Responding): ReadonlyArray<Wanted> => {
  const { commitMillis, negotiationMillis, stepMillis, verdictMillis } = state.config.timeouts
  const whole: Wanted = ["negotiation", negotiationMillis]
  switch (state.at._tag) {
    case "AwaitingVerdict":
      return [["verdict", verdictMillis]]
    case "AwaitingHeader":
      // TIME-13: the peer may be asking a person about our certificate just now.
      return state.link._tag === "Secured" ? [["step", verdictMillis + stepMillis]] : [whole, ["step", stepMillis]]
    case "AwaitingChoice":
      return [whole, ["step", 2 * stepMillis]]
    case "AwaitingCommitment":
      return [whole, ["commit", commitMillis]]
    case "AwaitingFeatures":
    case "AwaitingProceed":
    case "AwaitingTls":
    case "AwaitingSasl":
    case "AwaitingAbort":
    case "AwaitingResumed":
    case "AwaitingResponse":
      return [whole, ["step", stepMillis]]
  }
}

const establishedTimers = (state: Established): ReadonlyArray<Wanted> => {
  const { acknowledgementMillis, idleMillis, keepaliveMillis, pongMillis, stepMillis } = state.config.timeouts
  const { expiresIn, session } = state
  const wanted: Array<Wanted> = [["keepalive", keepaliveMillis]]
  if (idleMillis !== undefined) wanted.push(["idle", idleMillis])
  if (session.probe !== undefined) wanted.push(["pong", pongMillis])
  if (expiresIn !== undefined) wanted.push(["certificate", expiresIn])
  if (session.resuming !== undefined) wanted.push(["step", stepMillis])
  if (session.management._tag === "On" && session.management.asked) wanted.push(["acknowledgement", pongMillis])
  else if (session.management._tag === "On" && session.management.kept.length > 0) {
    wanted.push(["acknowledgement", acknowledgementMillis])
  }
  return wanted
}

const certificateTimer = (link: Link): ReadonlyArray<Wanted> => {
  if (link._tag === "Clear") return none
  const secured = link._tag === "Secured" ? link : link.secured
  return secured.verdict.expiresIn === undefined || secured.expired
    ? none
    : [["certificate", secured.verdict.expiresIn]]
}

/** A reply that moved the negotiation on gives the next one its full time; noise does not. */
const restarts = (before: State, after: State): ReadonlyArray<Timer> => {
  if (before._tag !== after._tag) return perState
  // SM-26: an `<r/>` is out; from here on its answer is timed.
  if (!isAsking(before) && isAsking(after)) return ["acknowledgement"]
  return "at" in before && "at" in after && movedOn(before.at, after.at) ? perState : none
}

const isAsking = (state: State): boolean =>
  state._tag === "Established" && state.session.management._tag === "On" && state.session.management.asked

const movedOn = (before: Step, after: Step): boolean =>
  before._tag !== after._tag || triesOf(before) !== triesOf(after) || hasResponded(before) !== hasResponded(after)

type Step = Extract<State, { readonly at: unknown }>["at"]

const triesOf = (at: Step): number => "tries" in at ? at.tries : 0

const hasResponded = (at: Step): boolean => "responded" in at && at.responded

const ordered = (actions: ReadonlyArray<Action>): ReadonlyArray<Action> =>
  isOrdered(actions) ? actions : [...actions].sort((one, other) => rank[one._tag] - rank[other._tag])

const isOrdered = (actions: ReadonlyArray<Action>): boolean => {
  let last = 0
  for (const { _tag } of actions) {
    const next = rank[_tag]
    if (next < last) return false
    last = next
  }
  return true
}

const none: ReadonlyArray<never> = []

const perState: ReadonlyArray<Timer> = ["step", "verdict", "commit", "close", "drain", "end"]

const rank: Readonly<Record<Action["_tag"], number>> = {
  ClearTimer: 0,
  SendHeader: 1,
  SendElement: 1,
  SendFooter: 1,
  SendWhitespace: 1,
  RestartInput: 2,
  StartTls: 2,
  StopInput: 2,
  JudgePeer: 3,
  JudgeResumption: 3,
  SetTimer: 4,
  Deliver: 5,
  Refuse: 6,
  Report: 6,
  EndTransport: 7,
  DropTransport: 7
}
