/**
 * The raw chunks of a recording read again: what the peer sent goes through the reader as it is now, and every recorded
 * event of the peer has to be what the reader says; what was sent has to be what the recorded actions are written as.
 *
 * The recorded steps say when the reader is asked and what becomes of it; the reducer plays no part, `Replay` asks that.
 * A line is taken at a time and little is kept, so a recording of any length can be read again as it is read. Where steps
 * were left out this ends, since nobody knows where the reader stood then.
 *
 * @since 0.1.0
 */
import type { Event } from "@xmpp-e2e/protocol"
import type { Limits } from "@xmpp-e2e/xml"
import * as Reader from "@xmpp-e2e/xml/reader"
import * as Sessions from "./internal/rereading.ts"
import * as Recording from "./Recording.ts"

/**
 * What came of it.
 *
 * @since 0.1.0
 * @category models
 */
export type Reread = Absent | Agreed | Misheard | Misspoken

/**
 * There is nothing to read again: the recording has no chunks, is redacted, or has none before the first word of the peer.
 *
 * @since 0.1.0
 * @category models
 */
export interface Absent {
  readonly _tag: "Absent"
}

/**
 * All is as it was recorded: so many events of the peer, in so many chunks `received`, and so many chunks `sent`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Agreed {
  readonly _tag: "Agreed"
  readonly events: number
  readonly received: number
  readonly sent: number
  /** Lines of the recording from here on were not looked at. */
  readonly until?: Until
}

/**
 * Why the rest was not looked at.
 *
 * - `omitted`: lines were left out there
 * - `tls`: TLS was recorded as the network carried it, and not what it carried
 * - `unclear`: a chunk does not fit, and no step follows that would tell whether lines were left out before it
 * - `unsent`: more than 64 MiB were to be sent that the recording does not show on the wire
 *
 * @since 0.1.0
 * @category models
 */
export interface Until {
  readonly line: number
  readonly why: "omitted" | "tls" | "unclear" | "unsent"
}

/**
 * The first place where the reader says something else than it said. `line` counts from 1, without empty lines, and is
 * that of the step; or that of a chunk, or of the peer's end, that came although the reader had not said all: then `seq`
 * is the last step before it, -1 before all steps.
 *
 * @since 0.1.0
 * @category models
 */
export interface Misheard {
  readonly _tag: "Misheard"
  readonly line: number
  readonly seq: number
  /** Absent: nothing of the peer's was recorded here. */
  readonly recorded?: Event.PeerEvent
  /** Absent: the reader has nothing to say. */
  readonly actual?: Event.PeerEvent
}

/**
 * The first place where a chunk that was sent is not what the recorded actions are written as, or is missing where TLS
 * begins. `at` is the octet of the chunk; `recorded` and `actual` go on from there, at most 64 octets of each, in base64.
 *
 * @since 0.1.0
 * @category models
 */
export interface Misspoken {
  readonly _tag: "Misspoken"
  readonly line: number
  readonly seq: number
  readonly at: number
  readonly recorded: string
  readonly actual: string
}

/**
 * @since 0.1.0
 * @category guards
 */
export const differs = (reread: Reread): reread is Misheard | Misspoken =>
  reread._tag === "Misheard" || reread._tag === "Misspoken"

/**
 * One reading. Mutable, as readers are.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rereading {
  /** What stands on the next line. */
  readonly take: (read: Recording.Read) => void
  /** What came of the lines so far. Ask once they have all been taken. */
  readonly outcome: () => Reread
}

/**
 * Before the head. `reader` makes the reader to be tried, ours unless it is given.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (reader: (limits: Limits.Limits) => Reader.Reader = Reader.make): Rereading => {
  let line = 0
  let session: Sessions.Session | undefined
  return {
    take: (read) => {
      if (read._tag !== "Empty") line += 1
      if (read._tag === "Head") session = Sessions.begin(read.head, reader)
      if (read._tag === "Line" && session !== undefined && session.decided === undefined) {
        session.line = line
        if (Recording.isStep(read.line)) Sessions.step(session, read.line)
        else if (Recording.isWire(read.line)) Sessions.chunk(session, read.line)
      }
    },
    outcome: () => session === undefined ? { _tag: "Absent" } : Sessions.conclude(session)
  }
}

/**
 * A whole recording.
 *
 * @since 0.1.0
 * @category combinators
 */
export const run = (
  recording: Recording.Recording,
  reader: (limits: Limits.Limits) => Reader.Reader = Reader.make
): Reread => {
  const rereading = make(reader)
  rereading.take({ _tag: "Head", head: recording.head })
  for (const line of recording.lines) rereading.take({ _tag: "Line", line })
  return rereading.outcome()
}
