/**
 * In-band bytestreams (XEP-0047) as a fold: `step` answers every state and every event with the next state and what to do.
 * It knows no clock and no stream: the shell carries requests and answers, and says when one is late. Its laws, and the
 * faults that they find, stand in `test/Ibb.laws.test.ts`.
 *
 * A bytestream is known by its peer and its sid. The peer may open only what our side expects, so nobody is asked anything
 * by opening one (IBB-05).
 *
 * @since 0.1.0
 */
import type { IbbAction, Why } from "./IbbAction.ts"
import type { IbbEvent } from "./IbbEvent.ts"
import type { IbbState, Limits, Session } from "./IbbState.ts"
import * as Wire from "./internal/ibb/element.ts"
import * as Receiving from "./internal/ibb/receiving.ts"
import * as Sending from "./internal/ibb/sending.ts"
import * as Sessions from "./internal/ibb/session.ts"

/**
 * Blocks of 4096 octets, one of ours on its way at a time, 16 bytestreams, and a quarter of a mebioctet in each direction.
 *
 * @since 0.1.0
 * @category constructors
 */
export const defaultLimits: Limits = {
  sessionsMax: 16,
  blockSizeMax: 4096,
  blockSizeMin: 256,
  windowMax: 1,
  writtenOctetsMax: 262_144,
  receivedOctetsMax: 262_144,
  receivedBlocksMax: 256,
  tolerateWhitespace: false
}

/**
 * No bytestream yet.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (limits: Partial<Limits> = {}): IbbState => ({
  limits: { ...defaultLimits, ...limits },
  sessions: [],
  nextRequest: 0
})

/**
 * The next state, and what to do, in order. Total: an event that does not fit the state changes nothing, and is declined or
 * refused where somebody waits to be told.
 *
 * XEP-0047.
 *
 * @since 0.1.0
 * @category transitions
 */
export const step = (
  state: IbbState,
  event: IbbEvent
): { readonly state: IbbState; readonly actions: ReadonlyArray<IbbAction> } => {
  switch (event._tag) {
    case "OpenRequested":
    case "ExpectRequested":
      return added(state, event)
    case "WriteRequested":
    case "Consumed":
    case "CloseRequested":
    case "AbortRequested":
      return own(state, event)
    case "RequestReceived":
      return Receiving.received(state, event)
    case "AnswerReceived":
      return Sending.answered(state, event.request, event.condition)
    case "TimedOut":
      return Sending.timedOut(state, event.request)
    case "StreamEnded":
      return {
        state: { ...state, sessions: [] },
        actions: state.sessions.map((session) => Sessions.failSilently(session, { _tag: "StreamEnded" }))
      }
  }
}

/**
 * How many octets may be written now; 0 where nothing can be written at all. Who writes more at once is declined.
 *
 * @since 0.1.0
 * @category getters
 */
export const room = (state: IbbState, peer: string, sid: string): number => {
  const session = Sessions.find(state, peer, sid)
  return session === undefined || unwritable(session) !== undefined ? 0 : roomOut(state, session)
}

/**
 * Whether the next stanza may be read: each bytestream has room for one more block. A shell that asks this before it reads
 * holds the peer back instead of failing it.
 *
 * @since 0.1.0
 * @category getters
 */
export const wantsInput = (state: IbbState): boolean =>
  state.sessions.every((session) => {
    const room = Receiving.roomIn(state, session.in)
    return session.phase !== "Open" || (room.octets >= session.blockSize && room.blocks > 0)
  })

/**
 * The requests that wait for an answer: a timer for each, which says `TimedOut`.
 *
 * @since 0.1.0
 * @category getters
 */
export const armed = (state: IbbState): ReadonlyArray<number> => state.sessions.flatMap(Sending.unanswered)

type Added = Extract<IbbEvent, { readonly _tag: "OpenRequested" | "ExpectRequested" }>
type Own = Extract<IbbEvent, { readonly _tag: "WriteRequested" | "Consumed" | "CloseRequested" | "AbortRequested" }>

const added = (state: IbbState, event: Added): Sessions.Done => {
  const { blockSize = standardBlockSize, peer, sid } = event
  if (!Wire.isSid(sid) || !Wire.isBlockSize(blockSize)) return declined(state, event, "unsound")
  if (Sessions.find(state, peer, sid) !== undefined) return declined(state, event, "taken")
  if (state.sessions.length >= state.limits.sessionsMax) return declined(state, event, "tooMany")
  const agreed = Math.min(blockSize, state.limits.blockSizeMax)
  return event._tag === "OpenRequested"
    ? Sending.opened(state, Sessions.make({ peer, sid, phase: "Opening", blockSize: agreed }))
    : Sessions.nothing(Sessions.put(state, Sessions.make({ peer, sid, phase: "Expected", blockSize: agreed })))
}

const own = (state: IbbState, event: Own): Sessions.Done => {
  const session = Sessions.find(state, event.peer, event.sid)
  if (session === undefined) return declined(state, event, "unknown")
  switch (event._tag) {
    case "WriteRequested":
      return written(state, session, event)
    case "Consumed":
      return Receiving.consumed(state, session)
    case "CloseRequested":
      return session.phase === "Expected"
        ? Sessions.end(state, session, "us")
        : Sending.settle(state, { ...session, isClosing: true })
    case "AbortRequested":
      return Sessions.fail(state, session, { _tag: "Aborted" }, session.phase !== "Expected")
  }
}

const written = (
  state: IbbState,
  session: Session,
  event: Extract<Own, { readonly _tag: "WriteRequested" }>
): Sessions.Done => {
  const why = unwritable(session) ?? (event.bytes.length > roomOut(state, session) ? "full" : undefined)
  if (why !== undefined) return declined(state, event, why)
  const { waiting } = session.out
  const joined = new Uint8Array(waiting.length + event.bytes.length)
  joined.set(waiting)
  joined.set(event.bytes, waiting.length)
  return Sending.settle(state, { ...session, out: { ...session.out, waiting: joined } })
}

const unwritable = (session: Session): Why | undefined => {
  if (session.stanza === "message") return "oneWay"
  return session.phase === "Expected" || session.isClosing || session.peerClose !== undefined ? "unknown" : undefined
}

const roomOut = ({ limits }: IbbState, { out }: Session): number => limits.writtenOctetsMax - out.waiting.length

const declined = (state: IbbState, { peer, sid }: Added | Own, why: Why): Sessions.Done => ({
  state,
  actions: [{ _tag: "Declined", peer, sid, why }]
})

/** The size that XEP-0047 §2.1 recommends. */
const standardBlockSize = 4096
