/**
 * One recording made ready to be shown: each step with its words, kinds and phase, each state as its difference to the one
 * before, each chunk of the wire beside its step.
 */
import type { State } from "@xmpp-e2e/protocol"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import * as Explain from "@xmpp-e2e/recording/Explain"
import * as Recording from "@xmpp-e2e/recording/Recording"
import * as Replay from "@xmpp-e2e/recording/Replay"
import { Element } from "@xmpp-e2e/xml"
import { kindsOf, marks } from "./marks.ts"
import type { Chunk, Side, Step } from "./model.ts"
import { difference } from "./patch.ts"
import { phase } from "./phase.ts"
import { refusal } from "./refusal.ts"

/** @internal */
export const side = (name: string, recording: Recording.Recording): Side => {
  const { config, trust } = recording.head
  const replayed = Replay.run(recording)
  const recorded = Recording.steps(recording)
  const why = refusal(recorded)
  const peer = config.peer ?? claimed(recorded)
  return {
    name,
    self: config.self,
    role: config.role,
    about: Explain.head(recording.head),
    outcome: Explain.outcome(replayed),
    matched: replayed._tag === "Matched",
    start: Reducer.initial(config),
    steps: steps(recording.head, recorded),
    wire: chunks(recording),
    ...(peer === undefined ? {} : { peer }),
    ...(recording.torn === undefined ? {} : { torn: recording.torn.message }),
    ...(trust === undefined ? {} : { trust }),
    ...(why === undefined ? {} : { refusal: why })
  }
}

/** Who the peer says it is; whether that is believed is in the verdict. */
const claimed = (recorded: ReadonlyArray<Recording.Step>): string | undefined => {
  for (const { event } of recorded) {
    const from = event._tag === "HeaderReceived" ? Element.attribute(event.tag, "from") : undefined
    if (from !== undefined) return from
  }
  return undefined
}

const steps = ({ config }: Recording.Head, recorded: ReadonlyArray<Recording.Step>): ReadonlyArray<Step> => {
  let before: State.State = Reducer.initial(config)
  return recorded.map(({ actions, at, event, state }) => {
    const [after] = Reducer.step(before, event)
    const patch = difference(before, after)
    before = after
    return {
      at,
      event,
      actions,
      state,
      phase: phase(state),
      kinds: kindsOf(event, actions),
      marks: marks(event, actions),
      patch
    }
  })
}

/**
 * What came in caused the step after it; what went out was caused by the step before it. Of TLS and its secrets nothing is
 * shown: nobody reads them by eye.
 */
const chunks = (recording: Recording.Recording): ReadonlyArray<Chunk> => {
  const last = Math.max(0, Recording.steps(recording).length - 1)
  let next = 0
  const found: Array<Chunk> = []
  for (const line of recording.lines) {
    if (Recording.isStep(line)) next = line.seq + 1
    else if (Recording.isWire(line)) {
      const step = line.wire === "in" ? Math.min(next, last) : Math.max(0, next - 1)
      found.push({ way: line.wire, at: line.at, bytes: line.bytes, step })
    }
  }
  return found
}
