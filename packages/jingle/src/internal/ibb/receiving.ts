/**
 * The peer's direction of a bytestream: its requests to open and to close, and its blocks, each answered once. Our own
 * direction stands in `sending.ts`.
 *
 * @internal
 */
import type { IbbAction, Refusal } from "../../IbbAction.ts"
import type { IbbEvent } from "../../IbbEvent.ts"
import type { Failure } from "../../IbbFailure.ts"
import type { IbbState, Session } from "../../IbbState.ts"
import * as Wire from "./element.ts"
import { settle } from "./sending.ts"
import * as Sessions from "./session.ts"
import { type Done, find, nothing } from "./session.ts"

type Received = Extract<IbbEvent, { readonly _tag: "RequestReceived" }>

export const received = (state: IbbState, event: Received): Done => {
  const request = Wire.read(event.element)
  if (request === undefined || (request._tag !== "Data" && event.stanza === "message")) {
    return refused(state, event, malformed)
  }
  const session = find(state, event.peer, request.sid)
  switch (request._tag) {
    case "Open":
      return open(state, event, request, session)
    case "Close":
      return isReceiving(session)
        ? settle(state, { ...session, peerClose: event.id })
        : refused(state, event, Sessions.gone)
    case "Data":
      return isReceiving(session) ? data(state, event, request, session) : refused(state, event, Sessions.gone)
  }
}

/** The oldest block has been dealt with (IBB-09). */
export const consumed = (state: IbbState, session: Session): Done => {
  const [block, ...unconsumed] = session.in.unconsumed
  if (block === undefined) return nothing(state)
  const answer: ReadonlyArray<IbbAction> = session.stanza === "message"
    ? []
    : [{ _tag: "Answer", peer: session.peer, id: block.id, stanza: "iq" }]
  return Sessions.andThen(
    { state, actions: answer },
    (state) => settle(state, { ...session, in: { ...session.in, unconsumed } })
  )
}

/** Octets and blocks that may still come before something is consumed. */
export const roomIn = ({ limits }: IbbState, { unconsumed }: Session["in"]) => ({
  octets: limits.receivedOctetsMax - unconsumed.reduce((sum, { octets }) => sum + octets, 0),
  blocks: limits.receivedBlocksMax - unconsumed.length
})

/** IBB-03, IBB-05: only what was expected, and with the values that were. */
const open = (
  state: IbbState,
  event: Received,
  { blockSize, stanza }: Extract<Wire.Request, { readonly _tag: "Open" }>,
  session: Session | undefined
): Done => {
  if (session?.phase !== "Expected") return refused(state, event, { type: "cancel", condition: "not-acceptable" })
  if (blockSize > session.blockSize) {
    return refused(state, event, { type: "modify", condition: "resource-constraint" })
  }
  const { peer, sid } = session
  return {
    state: Sessions.put(state, { ...session, phase: "Open", blockSize, stanza }),
    actions: [answer(event), { _tag: "Opened", peer, sid, blockSize }]
  }
}

const data = (
  state: IbbState,
  event: Received,
  { seq, text }: Extract<Wire.Request, { readonly _tag: "Data" }>,
  session: Session
): Done => {
  const { peer, sid } = session
  const broken = (failure: Failure, error: Refusal) =>
    Sessions.andThen(
      { state, actions: [answer(event, error)] },
      (state) => Sessions.fail(state, session, failure, true)
    )
  if (event.stanza !== session.stanza || seq === undefined) return broken({ _tag: "Malformed" }, malformed)
  if (seq !== session.in.seq) {
    return broken({ _tag: "OutOfSequence", expected: session.in.seq, received: seq }, {
      type: "cancel",
      condition: "unexpected-request"
    })
  }
  const bytes = Wire.octets(text, state.limits.tolerateWhitespace)
  if (bytes === undefined) return broken({ _tag: "Malformed" }, malformed)
  if (bytes.length > session.blockSize) {
    return broken({ _tag: "TooLarge", octets: bytes.length, octetsMax: session.blockSize }, malformed)
  }
  const room = roomIn(state, session.in)
  if (bytes.length > room.octets || room.blocks < 1) {
    return broken({ _tag: "Overrun" }, { type: "cancel", condition: "resource-constraint" })
  }
  const unconsumed = [...session.in.unconsumed, { id: event.id, octets: bytes.length }]
  return {
    state: Sessions.put(state, { ...session, in: { seq: Wire.after(seq), unconsumed } }),
    actions: [{ _tag: "Deliver", peer, sid, bytes }]
  }
}

/** After a `<close/>`, the peer's or one of ours that it has answered, nothing comes any more. */
const isReceiving = (session: Session | undefined): session is Session =>
  session?.phase === "Open" && session.peerClose === undefined && session.close?.answer === undefined

const refused = (state: IbbState, event: Received, error: Refusal): Done => ({ state, actions: [answer(event, error)] })

const answer = ({ id, peer, stanza }: Received, error?: Refusal): IbbAction => ({
  _tag: "Answer",
  peer,
  id,
  stanza,
  ...(error === undefined ? {} : { error })
})

const malformed: Refusal = { type: "cancel", condition: "bad-request" }
