/**
 * A recording for people: one line a step, and the outcome of a replay in words. What of an event or an action may be
 * told is `Describe`'s to say; stanzas are never shown.
 *
 * @since 0.1.0
 */
import * as Describe from "@xmpp-e2e/protocol/Describe"
import { label } from "@xmpp-e2e/protocol/State"
import { difference } from "./internal/difference.ts"
import { trusted } from "./internal/trusted.ts"
import * as Recording from "./Recording.ts"
import type { Replay } from "./Replay.ts"
import type { Agreed, Misheard, Misspoken, Reread, Until } from "./Reread.ts"

/**
 * `recording of romeo@forza, initiator, for juliet@pronto; TLS required; believes any of Pin, Authority`.
 *
 * @since 0.1.0
 * @category formatting
 */
export const head = (head: Recording.Head): string => {
  const { config } = head
  return `recording of ${line(config.self)}, ${config.role}` +
    (config.peer === undefined ? "" : `, for ${line(config.peer)}`) +
    `; TLS ${config.policy.tls}` +
    (head.trust === undefined ? "" : `; believes ${line(trusted(head.trust))}`) +
    (head.redacted === true ? "; redacted" : "") +
    (head.tls === true ? "; with the secrets of TLS" : "") +
    (head.startedAt === undefined ? "" : `; ${line(head.startedAt)}`) +
    (head.note === undefined ? "" : `; ${line(head.note)}`)
}

/**
 * ` 12  +0.034s  Responding.AwaitingChoice    <- ElementReceived <starttls/>  => send <proceed/>, start TLS as server`:
 * number, time since the start, the state the event met (`before`: the `state` of the step before, or `Dormant`), the
 * event, the actions.
 *
 * @since 0.1.0
 * @category formatting
 */
export const step = (before: string, step: Recording.Step): string =>
  `${String(step.seq).padStart(seqColumns)}  +${(step.at / 1000).toFixed(3)}s  ` +
  Describe.step(line(before).padEnd(stateColumns), step.event, step.actions)

/**
 * The head, every step, and how it ends.
 *
 * @since 0.1.0
 * @category formatting
 */
export const lines = (recording: Recording.Recording): ReadonlyArray<string> => {
  let before = "Dormant"
  const told = [head(recording.head)]
  for (const each of Recording.steps(recording)) {
    told.push(...gap(each), step(before, each))
    before = each.state
  }
  told.push(`ends in ${line(before)}`)
  if (recording.torn !== undefined) told.push(recording.torn.message)
  return told
}

/**
 * What is missing before a step: one line when steps were left out there, none otherwise.
 *
 * @since 0.1.0
 * @category formatting
 */
export const gap = ({ omitted }: Recording.Step): ReadonlyArray<string> =>
  omitted === undefined || omitted === 0 ? [] : [`… ${omitted} steps were left out here`]

/**
 * `matched: 34 steps, Closed`, how far that is when steps were left out, or at which step the reducer went another way,
 * what was expected, what came, and where the first difference is.
 *
 * @since 0.1.0
 * @category formatting
 */
export const outcome = (replay: Replay): string => {
  switch (replay._tag) {
    case "Matched":
      return `matched: ${replay.steps} steps, ${label(replay.state)}` +
        (replay.omitted === undefined
          ? ""
          : `; the next ${replay.omitted} were left out, and what follows them cannot be replayed`)
    case "Diverged": {
      const { actual, event, expected, seq, state } = replay
      return [
        `diverged at ${seq}: ${label(state)}  <- ${Describe.event(event)}`,
        `  expected ${Describe.actions(expected.actions)}  -> ${line(expected.state)}`,
        `  got      ${Describe.actions(actual.actions)}  -> ${line(actual.state)}`,
        `  first difference: ${(difference(expected, actual) ?? []).join(".")}`
      ].join("\n")
    }
  }
}

/**
 * What came of reading the bytes again, with no word where there are none: `the bytes were read again: 34 events in 12
 * chunks, and 9 chunks sent, all as recorded`, or the line and step from which on the reader says something else than was
 * recorded, or something else was sent.
 *
 * @since 0.1.0
 * @category formatting
 */
export const reread = (outcome: Reread): ReadonlyArray<string> => {
  switch (outcome._tag) {
    case "Absent":
      return []
    case "Agreed":
      return [agreed(outcome)]
    case "Misheard":
      return misheard(outcome)
    case "Misspoken":
      return [misspoken(outcome)]
  }
}

const agreed = ({ events, received, sent, until }: Agreed): string =>
  `the bytes were read again: ${count(events, "event")} in ${count(received, "chunk")}, and ${count(sent, "chunk")} ` +
  `sent, all as recorded` + (until === undefined ? "" : `; only up to line ${until.line}, ${why[until.why]}`)

const misheard = ({ actual, line: at, recorded, seq }: Misheard): ReadonlyArray<string> => [
  `the bytes are read otherwise at line ${at}, ${recorded === undefined ? afterStep(seq) : `step ${seq}`}:`,
  `  recorded ${recorded === undefined ? "nothing of the peer" : Describe.event(recorded)}`,
  `  read now ${actual === undefined ? "nothing" : Describe.event(actual)}`,
  ...recorded === undefined || actual === undefined
    ? []
    : [`  first difference: ${(difference(recorded, actual) ?? []).map((key) => line(key)).join(".")}`]
]

const misspoken = ({ actual, at, line: where, recorded, seq }: Misspoken): string =>
  `what was sent is not what the actions say at line ${where}, ${afterStep(seq)}: ` + (
    recorded === ""
      ? "bytes are missing before TLS began"
      : actual === ""
      ? `nothing more was to be sent from octet ${at} of the chunk on`
      : `they differ from octet ${at} of the chunk on`
  )

const afterStep = (seq: number): string => seq < 0 ? "before all steps" : `after step ${seq}`

const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? "" : "s"}`

const why: Readonly<Record<Until["why"], string>> = {
  omitted: "where steps were left out",
  tls: "where TLS hides the rest",
  unclear: "where a chunk does not fit and no step tells whether something was left out",
  unsent: "since much was to be sent that was not seen on the wire"
}

/** What a recording says of itself is somebody's text as well. */
const line = (text: string): string => Describe.clean(text)

const seqColumns = 3
const stateColumns = 27
