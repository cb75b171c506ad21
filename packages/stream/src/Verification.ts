/**
 * Two people make sure that nobody sits between them: both see a short string and compare it by voice. This file is the
 * whole exchange as a machine: a state and an event give a state and actions. It reads no clock, makes no random bytes and
 * sends nothing. What goes over the wire, and what is hashed, is in `VerificationWire.ts`; why it is safe, in
 * decision record 21.
 *
 * @since 0.1.0
 */
import type { Element } from "@xmpp-e2e/xml"
import * as Wire from "./VerificationWire.ts"

/**
 * - `Asked`: the peer wants to verify, and our person has not yet agreed
 * - `Started`: we are committed, and wait for the nonce of the peer
 * - `Answered`: we gave our nonce, and wait for the peer to reveal its own
 * - `Comparing`: the string is shown
 *
 * `run` is the commitment, which names a run. `nonce` is ours, 64 lower-case hex digits.
 *
 * @since 0.1.0
 * @category models
 */
export type State =
  | { readonly _tag: "Idle" }
  | { readonly _tag: "Asked"; readonly run: string }
  | { readonly _tag: "Started"; readonly run: string; readonly nonce: string }
  | { readonly _tag: "Answered"; readonly run: string; readonly nonce: string }
  | { readonly _tag: "Comparing"; readonly run: string; readonly code: number }
  | { readonly _tag: "Verified" }
  | { readonly _tag: "Failed"; readonly why: Failure }

/**
 * - `different`: our person heard another string: somebody is in between
 * - `commitmentBroken`: the peer revealed what it was not committed to: as grave
 * - `reflected`: our own commitment came back: as grave
 * - `outOfOrder`, `malformed`: the peer does not keep to the exchange
 * - `stopped`, `stoppedByPeer`, `timedOut`: nothing was found out
 *
 * @since 0.1.0
 * @category models
 */
export type Failure =
  | "different"
  | "commitmentBroken"
  | "reflected"
  | "outOfOrder"
  | "malformed"
  | "stopped"
  | "stoppedByPeer"
  | "timedOut"

/**
 * `Begin`, `Agree`, `Same`, `Different` and `Stop` are words of our person. A `nonce` is 32 fresh random bytes in lower-case
 * hex, for this event alone. An event that the state has no use for changes nothing.
 *
 * @since 0.1.0
 * @category models
 */
export type Event =
  | { readonly _tag: "Begin"; readonly nonce: string }
  | { readonly _tag: "Agree"; readonly nonce: string }
  | { readonly _tag: "Received"; readonly element: Element.Element }
  | { readonly _tag: "Same" }
  | { readonly _tag: "Different" }
  | { readonly _tag: "Stop" }
  | { readonly _tag: "TimedOut" }

/**
 * - `Ask`: ask our person whether to verify now
 * - `Show`: show this string (`Wire.display`)
 * - `MarkVerified`: the pin of the peer is verified
 * - `Report`: tell our person that the run is over, and why
 *
 * @since 0.1.0
 * @category models
 */
export type Action =
  | { readonly _tag: "Send"; readonly element: Element.Element }
  | { readonly _tag: "Ask" }
  | { readonly _tag: "Show"; readonly text: string }
  | { readonly _tag: "MarkVerified" }
  | { readonly _tag: "Report"; readonly why: Failure }

/**
 * @since 0.1.0
 * @category models
 */
export interface Stepped {
  readonly state: State
  readonly actions: ReadonlyArray<Action>
}

/**
 * @since 0.1.0
 * @category constants
 */
export const idle: State = { _tag: "Idle" }

/**
 * One step. Total: whatever the peer sends has an answer here, and nothing throws.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (facts: Wire.Facts, state: State, event: Event): Stepped => {
  switch (event._tag) {
    case "Begin":
      return isRunning(state) ? stay(state) : begin(facts, event.nonce)
    case "Agree":
      return state._tag === "Asked" ? answer(state.run, event.nonce) : stay(state)
    case "Same":
      return state._tag === "Comparing"
        ? { state: { _tag: "Verified" }, actions: [{ _tag: "MarkVerified" }] }
        : stay(state)
    case "Different":
      return state._tag === "Comparing" ? fail(state.run, "different") : stay(state)
    case "Stop":
      return isRunning(state) ? fail(state.run, "stopped") : stay(state)
    case "TimedOut":
      return isRunning(state) ? fail(state.run, "timedOut") : stay(state)
    case "Received":
      return receive(facts, state, Wire.read(event.element))
  }
}

type Running = Extract<State, { readonly run: string }>

const isRunning = (state: State): state is Running => "run" in state

const stay = (state: State): Stepped => ({ state, actions: [] })

const send = (message: Wire.Message): Action => ({ _tag: "Send", element: Wire.write(message) })

const begin = (facts: Wire.Facts, nonce: string): Stepped => {
  const run = Wire.commitment(facts, facts.role, nonce)
  return { state: { _tag: "Started", run, nonce }, actions: [send({ _tag: "start", run })] }
}

const answer = (run: string, nonce: string): Stepped => ({
  state: { _tag: "Answered", run, nonce },
  actions: [send({ _tag: "answer", run, nonce })]
})

const fail = (run: string, why: Failure): Stepped => ({
  state: { _tag: "Failed", why },
  actions: [send({ _tag: "stop", run }), { _tag: "Report", why }]
})

const compare = (run: string, code: number, before: ReadonlyArray<Action>): Stepped => ({
  state: { _tag: "Comparing", run, code },
  actions: [...before, { _tag: "Show", text: Wire.display(code) }]
})

const receive = (facts: Wire.Facts, state: State, message: Wire.Message | undefined): Stepped => {
  if (message === undefined) return isRunning(state) ? fail(state.run, "malformed") : stay(state)
  if (message._tag === "start") return receiveStart(state, message.run)
  // Of a run that is over, or that never was.
  if (!isRunning(state) || message.run !== state.run) return stay(state)
  if (message._tag === "stop") {
    return { state: { _tag: "Failed", why: "stoppedByPeer" }, actions: [{ _tag: "Report", why: "stoppedByPeer" }] }
  }
  if (message._tag === "answer" && state._tag === "Started") {
    const code = Wire.code(facts, { starter: state.nonce, answerer: message.nonce })
    return compare(state.run, code, [send({ _tag: "reveal", run: state.run, nonce: state.nonce })])
  }
  if (message._tag === "reveal" && state._tag === "Answered") {
    return Wire.commitment(facts, Wire.other(facts.role), message.nonce) === state.run
      ? compare(state.run, Wire.code(facts, { starter: message.nonce, answerer: state.nonce }), [])
      : fail(state.run, "commitmentBroken")
  }
  return fail(state.run, "outOfOrder")
}

const receiveStart = (state: State, run: string): Stepped => {
  if (!isRunning(state)) return { state: { _tag: "Asked", run }, actions: [{ _tag: "Ask" }] }
  if (state._tag !== "Started") {
    return state.run === run ? fail(run, "outOfOrder") : { state, actions: [send({ _tag: "stop", run })] }
  }
  if (state.run === run) return fail(run, "reflected")
  // Both have started: the smaller commitment stands. Our person has agreed by starting, and our nonce is still unknown.
  return run < state.run ? answer(run, state.nonce) : stay(state)
}
