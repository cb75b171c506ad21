/** How a stream ends: once, for good, by the doing of whoever did it. */
import { Reason } from "@xmpp-e2e/protocol"
import type { Event } from "@xmpp-e2e/protocol"
import type { State } from "@xmpp-e2e/protocol/State"
import type { Law } from "../../Law.ts"
import { same } from "../values.ts"
import { law, notices } from "./law.ts"

export const absorbing: Law = law(
  "absorbing",
  "a closed stream stays closed, a closing one never opens again, and the end is reported once (P-10)",
  () => ({ actions, after, before, event }) => {
    const ended = notices(actions, "Ended")
    if (before._tag === "Closed") {
      if (after !== before && !same(after, before)) return "a closed stream moved"
      const isRefusal = event._tag === "SendRequested" && actions.length === 1 && actions[0]?._tag === "Refuse"
      return actions.length === 0 || isRefusal ? undefined : "a closed stream did something"
    }
    if (before._tag === "Closing" && after._tag !== "Closing" && after._tag !== "Closed") {
      return "the end was taken back"
    }
    const due = after._tag === "Closed" ? 1 : 0
    if (ended.length !== due) return `the end was reported ${ended.length} times, not ${due}`
    return after._tag === "Closed" && !same(ended[0]?.reason, after.reason) ? "two reasons for one end" : undefined
  }
)

export const once: Law = law(
  "once",
  "the transport is ended at most once, dropped exactly once, and not ended after that (P-11)",
  () => {
    let [ended, dropped] = [0, 0]
    return ({ actions, after }) => {
      for (const { _tag } of actions) {
        if (_tag === "EndTransport" && dropped > 0) return "the transport was ended after it was dropped"
        if (_tag === "EndTransport") ended += 1
        if (_tag === "DropTransport") dropped += 1
      }
      if (ended > 1) return "the transport was ended twice"
      return dropped === (after._tag === "Closed" ? 1 : 0) ? undefined : `the transport was dropped ${dropped} times`
    }
  }
)

export const blame: Law = law(
  "blame",
  "of the local events only CloseRequested, FailRequested and AbortRequested end the stream, and the reason names the " +
    "one whose doing the end is",
  () => (step) => {
    const { actions, after, before, event } = step
    if (!isEnding(after)) return undefined
    const { reason } = after
    if (reason._tag !== Reason.causes[reason.cause].blame) return `${reason.cause} is not by ${reason._tag}`
    if (isEnding(before)) return whyChanged(before, after)
    if (!culprits[event._tag].has(reason._tag)) {
      return `${event._tag} ended the stream by ${reason._tag} ${reason.cause}`
    }
    const [told] = notices(actions, "SentError")
    return told === undefined || told.error.condition === reason.condition
      ? undefined
      : `the peer was told ${told.error.condition}, the reason is ${reason.condition}`
  }
)

type Ending = Extract<State, { readonly reason: unknown }>

const isEnding = (state: State): state is Ending => state._tag === "Closing" || state._tag === "Closed"

/** The first reason stays, but where an end in good order did not come about (END-06). */
const whyChanged = (before: Ending, after: Ending): string | undefined =>
  before.reason === after.reason || same(before.reason, after.reason) ||
    (before.reason._tag === "Finished" && failures.has(after.reason.cause))
    ? undefined
    : `${before.reason.cause} became ${after.reason.cause}`

const failures: ReadonlySet<Reason.Cause> = new Set(["closeTimeout", "transportLost"])

const none: ReadonlySet<Reason.Blame> = new Set()

/** Everything a word of the peer can lead to. Our own part in it: no room, or a certificate that has run out. */
const byPeer: ReadonlySet<Reason.Blame> = new Set([
  "PeerMisbehaved",
  "PeerIncompatible",
  "PeerReported",
  "NotAdmitted",
  "LocalPolicy"
])

/** What had to wait for the world's answer is taken with it. */
const withDeferred = (...blames: ReadonlyArray<Reason.Blame>): ReadonlySet<Reason.Blame> =>
  new Set([...byPeer, "Finished", ...blames])

const culprits: Readonly<Record<Event.Event["_tag"], ReadonlySet<Reason.Blame>>> = {
  HeaderReceived: byPeer,
  ElementReceived: byPeer,
  FooterReceived: new Set(["Finished", "NotAdmitted", "PeerMisbehaved"]),
  WhitespaceReceived: new Set(["PeerMisbehaved"]),
  InputRejected: new Set(["PeerMisbehaved"]),
  SendRequested: none,
  EnableRequested: none,
  AcknowledgeRequested: none,
  AcknowledgementRequested: none,
  ResumeRequested: none,
  CloseRequested: new Set(["Finished", "LocalPolicy"]),
  FailRequested: new Set(["Finished", "LocalPolicy"]),
  AbortRequested: new Set(["Finished", "LocalPolicy"]),
  TransportOpened: none,
  TransportEnded: new Set(["Finished", "Environment", "NotAdmitted"]),
  TransportLost: new Set(["Finished", "Environment", "NotAdmitted"]),
  TlsEstablished: none,
  TlsFailed: new Set(["NotAdmitted"]),
  PeerJudged: withDeferred(),
  ResumptionJudged: withDeferred(),
  TimerFired: withDeferred("Environment")
}
