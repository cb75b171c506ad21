/**
 * One recording whose bytes are read again, a line after the other: the reader, what was to be sent, and how far it all
 * agrees. What may come of it is said in `Reread`.
 */
import type { Event } from "@xmpp-e2e/protocol"
import { type Limits, Serialize } from "@xmpp-e2e/xml"
import type { Reader } from "@xmpp-e2e/xml/reader"
import * as Base64 from "effect/encoding/Base64"
import * as Option from "effect/Option"
import * as Ear from "../Ear.ts"
import * as Recording from "../Recording.ts"
import type { Absent, Agreed, Misheard, Misspoken, Reread, Until } from "../Reread.ts"
import * as Voice from "../Voice.ts"
import { difference } from "./difference.ts"
import * as Unsaid from "./unsaid.ts"

/** @internal */
export interface Session {
  readonly ear: Ear.Ear
  readonly voice: Voice.Voice
  readonly unsaid: Unsaid.Unsaid
  line: number
  seq: number
  /** The state after the last step. */
  state: string
  events: number
  received: number
  sent: number
  /** A chunk that does not fit. The next step decides: before one that tells of a gap it is none of ours. */
  doubt: Misheard | Misspoken | undefined
  /** TLS has begun, its bytes were recorded, and of those that it carries there are none so far. */
  isHidden: boolean
  readonly hides: boolean
  decided: Reread | undefined
}

/** @internal */
export const begin = (head: Recording.Head, reader: (limits: Limits.Limits) => Reader): Session => ({
  ear: Ear.make(reader(head.config.limits)),
  voice: Voice.make(),
  unsaid: Unsaid.make(),
  line: 0,
  seq: -1,
  state: "Dormant",
  events: 0,
  received: 0,
  sent: 0,
  doubt: undefined,
  isHidden: false,
  hides: head.tls === true,
  // What was redacted is not what was read.
  decided: head.redacted === true ? absent : undefined
})

/** @internal */
export const conclude = (session: Session): Reread => {
  const { decided, doubt, state } = session
  if (decided !== undefined) return decided
  if (!isThere(session)) return absent
  if (doubt === undefined) return agreed(session)
  return state === "Closed" ? doubt : agreed(session, { line: doubt.line, why: "unclear" })
}

const agreed = ({ events, received, sent }: Session, until?: Until): Agreed => ({
  _tag: "Agreed",
  events,
  received,
  sent,
  ...(until === undefined ? {} : { until })
})

const isThere = ({ received, sent }: Session): boolean => received + sent > 0

/** @internal */
export const chunk = (session: Session, wire: Recording.Wire): void => {
  if (session.doubt !== undefined) return
  session.isHidden = false
  const bytes = Option.getOrElse(Recording.bytesOf(wire), () => new Uint8Array())
  session.doubt = wire.wire === "in" ? receive(session, bytes) : send(session, bytes)
}

/** A shell asks for bytes when its reader has no more to say. */
const receive = (session: Session, bytes: Uint8Array): Misheard | undefined => {
  const { ear, line, seq } = session
  const actual = ear.next(noId)
  if (actual !== undefined) return { _tag: "Misheard", line, seq, actual }
  ear.push(bytes)
  session.received += 1
  return undefined
}

const send = (session: Session, bytes: Uint8Array): Misspoken | undefined => {
  const at = session.unsaid.match(bytes)
  if (at !== undefined) return misspoken(session, at, bytes.subarray(at, at + shownMax))
  session.sent += 1
  return undefined
}

const misspoken = ({ line, seq, unsaid }: Session, at: number, recorded: Uint8Array): Misspoken => ({
  _tag: "Misspoken",
  line,
  seq,
  at,
  recorded: Base64.encode(recorded),
  actual: Base64.encode(unsaid.peek(shownMax))
})

/** @internal */
export const step = (session: Session, recorded: Recording.Step): void => {
  session.decided = judge(session, recorded)
  if (session.decided !== undefined) return
  for (const action of recorded.actions) {
    Ear.perform(session.ear, action)
    if (Voice.isSending(action)) session.unsaid.add(Serialize.utf8(session.voice(action)))
  }
  if (recorded.event._tag === "TlsEstablished") session.isHidden = session.hides
  session.seq = recorded.seq
  session.state = recorded.state
  if (session.unsaid.size() > unsaidMax) {
    session.decided = isThere(session) ? agreed(session, { line: session.line + 1, why: "unsent" }) : absent
  }
}

/** Whether it ends before this step is taken, and how. */
const judge = (session: Session, { event, omitted, seq }: Recording.Step): Reread | undefined => {
  const { doubt, line, unsaid } = session
  if (omitted !== undefined) return isThere(session) ? agreed(session, { line, why: "omitted" }) : absent
  if (doubt !== undefined) return doubt
  switch (event._tag) {
    case "HeaderReceived":
    case "ElementReceived":
    case "WhitespaceReceived":
    case "FooterReceived":
    case "InputRejected":
      if (session.received === 0) return absent
      return session.isHidden ? agreed(session, { line, why: "tls" }) : hear(session, seq, event)
    case "TransportEnded": {
      // It comes on the same way as the bytes, and overtakes nothing.
      const actual = session.ear.next(noId)
      return actual === undefined ? undefined : { _tag: "Misheard", line, seq: session.seq, actual }
    }
    case "TlsEstablished":
      // The way out is one lane: whatever was to be sent before TLS was sent before it.
      return isThere(session) && unsaid.size() > 0
        ? misspoken({ ...session, seq }, 0, new Uint8Array())
        : undefined
    default:
      return undefined
  }
}

const hear = (session: Session, seq: number, recorded: Event.PeerEvent): Misheard | undefined => {
  const actual = session.ear.next(() => "freshId" in recorded ? recorded.freshId ?? "" : "")
  if (difference(withoutShell(recorded), actual) !== undefined) {
    return { _tag: "Misheard", line: session.line, seq, recorded, ...(actual === undefined ? {} : { actual }) }
  }
  session.events += 1
  return undefined
}

/** LIM-01: that there is no room is for the shell to know, and no word of the peer. */
const withoutShell = (event: Event.PeerEvent): Event.PeerEvent => {
  if (event._tag !== "HeaderReceived") return event
  const { overloaded: _overloaded, ...header } = event
  return header
}

const absent: Absent = { _tag: "Absent" }

const noId = (): string => ""

const shownMax = 64
const unsaidMax = 64 * 1024 * 1024
