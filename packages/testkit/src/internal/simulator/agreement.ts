/** Whether the two ends of a session tell compatible stories about its end (state-machine §10). */
import type { Reason } from "@xmpp-e2e/protocol"

/** Why two reasons do not go together, or nothing. `harmed`: the world had a hand in it. */
export const disagreement = (one: Reason.Reason, other: Reason.Reason, harmed: boolean): string | undefined => {
  if (harmed && (isByWorld(one) || isByWorld(other))) return undefined
  return agree(one, other) || agree(other, one)
    ? undefined
    : `${one.cause} ${one.condition ?? ""} does not go with ${other.cause} ${other.condition ?? ""}`
}

/** `one` began it. */
const agree = (one: Reason.Reason, other: Reason.Reason): boolean => {
  if (reactions.has(one.cause)) return false
  if (other.cause === "reported") return one.condition !== undefined && one.condition === other.condition
  const answers = heardAs[other.cause]
  if (answers !== undefined && answers.has(one.cause)) return true
  return !reactions.has(other.cause) && (commands.has(one.cause) || alike.has(`${one.cause} ${other.cause}`))
}

const isByWorld = ({ _tag, cause }: Reason.Reason): boolean =>
  _tag === "Environment" || cause === "aborted" || byWorld.has(cause)

/** Not our doing: somebody else began it. */
const reactions: ReadonlySet<Reason.Cause> = new Set<Reason.Cause>([
  "closedByPeer",
  "reported",
  "refusedByPeer",
  "peerGone",
  "truncated",
  "transportLost",
  "tlsFailed"
])

/** What a certificate is judged to be, and how long it takes, is the world's business too. */
const byWorld: ReadonlySet<Reason.Cause> = new Set<Reason.Cause>([
  "certificate",
  "verdictTimeout",
  "refusedByPeer",
  "tlsFailed",
  "tlsTimeout"
])

/** Our own side may end a stream whatever the other end is doing. */
const commands: ReadonlySet<Reason.Cause> = new Set<Reason.Cause>([
  "closedBySelf",
  "closedBeforeStream",
  "failedBySelf",
  "aborted",
  "neverOpened"
])

/** Both may come to an end of their own at the same time. */
const alike: ReadonlySet<string> = new Set([
  "tlsRefused tlsRefused",
  "authenticationFailed authenticationFailed",
  "certificate certificate",
  // The recipient never uses TLS and speaks first; the initiator has just asked for it.
  "misbehaved tlsRefused"
])

/** A footer, or the end of the transport, before completion. Where no stream is open, failing is just leaving (§8.0). */
const left: ReadonlyArray<Reason.Cause> = [
  "closedBySelf",
  "failedBySelf",
  "closedBeforeStream",
  "neverOpened",
  "aborted",
  "noMechanism",
  "authenticationFailed",
  "authenticationAborted",
  "certificate",
  "tlsRefused"
]

/** What was done by one end, as the other may have heard it. */
const heardAs: Partial<Readonly<Record<Reason.Cause, ReadonlySet<Reason.Cause>>>> = {
  closedByPeer: new Set<Reason.Cause>(["closedBySelf", "idle"]),
  refusedByPeer: new Set(left),
  tlsRefused: new Set(left),
  authenticationFailed: new Set(left),
  peerGone: new Set(left),
  truncated: new Set(left),
  transportLost: new Set(left),
  // An error of ours can land in the handshake of the other end (P-07).
  tlsFailed: new Set(left)
}
