/** Which kinds of state a set of runs has visited. */
import { label, type State } from "@xmpp-e2e/protocol/State"
import type { Judgement } from "../../Law.ts"
import type { Trace } from "../../Run.ts"

export type Visits = ReadonlyMap<string, number>

/** A label, and `+resuming` for the wait that has no label of its own. */
export const kindOf = (state: State): string =>
  state._tag === "Established" && state.session.resuming !== undefined ? `${label(state)}+resuming` : label(state)

export const visit = (visits: Map<string, number>, trace: Trace): Map<string, number> => {
  for (const { after } of trace) {
    const kind = kindOf(after)
    visits.set(kind, (visits.get(kind) ?? 0) + 1)
  }
  return visits
}

export const reached = (visits: Visits, least: number): Judgement => {
  const missed = kinds.filter((kind) => (visits.get(kind) ?? 0) < least)
  if (missed.length === 0) return { ok: true }
  return { ok: false, because: missed.map((kind) => `${kind}: ${visits.get(kind) ?? 0} visits of ${least}`).join("; ") }
}

export const kinds: ReadonlyArray<string> = [
  "Dormant",
  "Initiating.AwaitingHeader",
  "Initiating.AwaitingFeatures",
  "Initiating.AwaitingProceed",
  "Initiating.AwaitingTls",
  "Initiating.AwaitingVerdict",
  "Initiating.AwaitingSasl",
  "Initiating.AwaitingAbort",
  "Initiating.AwaitingResumed",
  "Responding.AwaitingHeader",
  "Responding.AwaitingChoice",
  "Responding.AwaitingCommitment",
  "Responding.AwaitingTls",
  "Responding.AwaitingVerdict",
  "Responding.AwaitingResponse",
  "Established",
  "Established+resuming",
  "Closing.AwaitingFooter",
  "Closing.AwaitingDrain",
  "Closing.AwaitingEnd",
  "Closed"
]
