/**
 * The part of a stream's life that a state belongs to, from the label that a recording gives it: what the bands beside the
 * diagram and on the timeline show.
 */
import type { Phase } from "./model.ts"

/** @internal */
export const phase = (label: string): Phase => byLabel.get(label) ?? byLabel.get(label.split(".")[0] ?? "") ?? "opening"

const byLabel: ReadonlyMap<string, Phase> = new Map<string, Phase>([
  ["Initiating.AwaitingProceed", "tls"],
  ["Initiating.AwaitingTls", "tls"],
  ["Responding.AwaitingTls", "tls"],
  ["Initiating.AwaitingVerdict", "verdict"],
  ["Responding.AwaitingVerdict", "verdict"],
  ["Initiating.AwaitingSasl", "sasl"],
  ["Initiating.AwaitingAbort", "sasl"],
  ["Responding.AwaitingResponse", "sasl"],
  ["Established", "open"],
  ["Closing", "closing"],
  ["Closed", "closed"]
])
