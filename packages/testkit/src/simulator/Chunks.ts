/**
 * The law `chunks` (P-20): however the bytes are cut, the reader and the reducer come to the same actions, as long as
 * everything else happens at the same place between the bytes.
 *
 * @since 0.1.0
 */
import type { Action, Config } from "@xmpp-e2e/protocol"
import type { State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { perform } from "@xmpp-e2e/recording/Ear"
import { concat } from "../internal/bytes.ts"
import * as Ear from "../internal/simulator/ear.ts"
import { same } from "../internal/values.ts"
import type { Judgement } from "../Law.ts"
import type { Random } from "../Random.ts"
import type { Reduce } from "../Run.ts"
import type { Endpoint, Input } from "./Endpoint.ts"

/**
 * How a run of bytes is cut.
 *
 * @since 0.1.0
 * @category models
 */
export type Cut = (bytes: Uint8Array) => ReadonlyArray<Uint8Array>

/**
 * One byte at a time.
 *
 * @since 0.1.0
 * @category constants
 */
export const bytewise: Cut = (bytes) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))

/**
 * All at once.
 *
 * @since 0.1.0
 * @category constants
 */
export const whole: Cut = (bytes) => [bytes]

/**
 * In pieces of any size.
 *
 * @since 0.1.0
 * @category constructors
 */
export const atRandom = (random: Random): Cut => (bytes) => {
  const pieces: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length;) {
    const size = random.between(random.chance(50) ? [1, 3] : [1, 300])
    pieces.push(bytes.subarray(at, at + size))
    at += size
  }
  return pieces
}

/**
 * What an end asked for when its bytes are cut otherwise; `ids` are the ids that were drawn for it, in order.
 *
 * @since 0.1.0
 * @category combinators
 */
export const replay = (
  config: Config.Config,
  inputs: ReadonlyArray<Input>,
  ids: ReadonlyArray<string>,
  cut: Cut,
  step: Reduce = Reducer.step
): ReadonlyArray<Action.Action> => {
  const drawn = ids.values()
  const ear = Ear.make(config.limits, () => drawn.next().value ?? "")
  const asked: Array<Action.Action> = []
  let state: State = Reducer.initial(config)
  const take = (event: Parameters<Reduce>[1]): void => {
    const [after, actions] = step(state, event)
    state = after
    asked.push(...actions)
    // What goes to TLS is not XML; what TLS gives back is among the inputs.
    for (const action of actions) perform(ear, action)
  }
  const read = (): void => {
    while (Reducer.wantsInput(state)) {
      const event = ear.next(ignore)
      if (event === undefined) return
      take(event)
    }
  }
  for (const input of joined(inputs)) {
    if ("event" in input) take(input.event)
    else {
      for (const piece of cut(input.bytes)) {
        ear.heard(piece)
        read()
      }
    }
    read()
  }
  return asked
}

/**
 * Whether an end of a session asks for the same when its bytes are cut otherwise.
 *
 * @since 0.1.0
 * @category getters
 */
export const check = (config: Config.Config, { inputs, trace }: Endpoint, cut: Cut, step?: Reduce): Judgement => {
  const ids = trace.flatMap(({ event }) => "freshId" in event && event.freshId !== undefined ? [event.freshId] : [])
  const expected = trace.flatMap(({ actions }) => actions)
  const actual = replay(config, inputs, ids, cut, step)
  if (same(expected, actual)) return { ok: true }
  const at = expected.findIndex((each, index) => !same(each, actual[index]))
  return {
    ok: false,
    at: stepOf(trace, at),
    because: `action ${at} is ${tag(actual, at)} with other pieces, and was ${tag(expected, at)}`
  }
}

/** The step that asked for the action of this number; the last one when it asked for too few. */
const stepOf = (trace: Endpoint["trace"], action: number): number => {
  let asked = 0
  const at = trace.findIndex(({ actions }) => (asked += actions.length) > action)
  return at < 0 || action < 0 ? trace.length - 1 : at
}

const tag = (actions: ReadonlyArray<Action.Action>, at: number): string => actions[at]?._tag ?? "missing"

/** Bytes with nothing between them are one run of bytes. */
const joined = (inputs: ReadonlyArray<Input>): ReadonlyArray<Input> => {
  const runs: Array<Input> = []
  let bytes: Array<Uint8Array> = []
  const flush = (): void => {
    if (bytes.length > 0) runs.push({ bytes: concat(bytes) })
    bytes = []
  }
  for (const input of inputs) {
    if ("bytes" in input) bytes.push(input.bytes)
    else {
      flush()
      runs.push(input)
    }
  }
  flush()
  return runs
}

const ignore = (): void => undefined
