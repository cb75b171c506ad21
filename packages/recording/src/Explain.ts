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

/** What a recording says of itself is somebody's text as well. */
const line = (text: string): string => Describe.clean(text)

const seqColumns = 3
const stateColumns = 27
