/**
 * The list of bytestreams: finding one, putting it back, and ending it. Whatever ends a bytestream answers all that the peer
 * still waits for, here and nowhere else.
 *
 * @internal
 */
import type { IbbAction, Refusal } from "../../IbbAction.ts"
import type { Failure } from "../../IbbFailure.ts"
import type { IbbState, Session } from "../../IbbState.ts"
import * as Wire from "./element.ts"

export interface Done {
  readonly state: IbbState
  readonly actions: ReadonlyArray<IbbAction>
}

export const nothing = (state: IbbState): Done => ({ state, actions: [] })

export const andThen = (done: Done, next: (state: IbbState) => Done): Done => {
  const { actions, state } = next(done.state)
  return { state, actions: [...done.actions, ...actions] }
}

export const find = (state: IbbState, peer: string, sid: string): Session | undefined =>
  state.sessions.find((session) => isOf(session, peer, sid))

export const put = (state: IbbState, session: Session): IbbState => ({
  ...state,
  sessions: find(state, session.peer, session.sid) === undefined
    ? [...state.sessions, session]
    : state.sessions.map((other) => isOf(other, session.peer, session.sid) ? session : other)
})

export const make = (session: Pick<Session, "peer" | "sid" | "phase" | "blockSize">): Session => ({
  ...session,
  stanza: "iq",
  out: { seq: 0, waiting: new Uint8Array(0), onWay: [] },
  in: { seq: 0, unconsumed: [] },
  isClosing: false
})

/** IBB-14: closed in order, so nothing is left to answer but the peer's own request to close. */
export const end = (state: IbbState, session: Session, by: "us" | "peer" | "nobody"): Done => ({
  state: without(state, session),
  actions: [...peerCloseAnswered(session), { _tag: "Ended", peer: session.peer, sid: session.sid, by }]
})

/**
 * IBB-13. `tellPeer`: with `<close/>`. It is left out where the peer knows already, or does not answer: to one who is there
 * after all, it would look like an end in order.
 */
export const fail = (state: IbbState, session: Session, failure: Failure, tellPeer: boolean): Done => {
  const { peer, sid } = session
  const unanswered = session.stanza === "message" ? [] : session.in.unconsumed.map(({ id }): IbbAction => (
    { _tag: "Answer", peer, id, stanza: "iq", error: gone }
  ))
  const failed: ReadonlyArray<IbbAction> = [
    ...unanswered,
    // Not with a result: the peer would take what failed for an end in order.
    ...peerCloseAnswered(session, gone),
    { _tag: "Failed", peer, sid, failure }
  ]
  const left = without(state, session)
  return tellPeer ? andThen({ state: left, actions: failed }, (state) => closeSent(state, session)) : {
    state: left,
    actions: failed
  }
}

/** The stream is gone: nobody can be told anything. */
export const failSilently = ({ peer, sid }: Session, failure: Failure): IbbAction => ({
  _tag: "Failed",
  peer,
  sid,
  failure
})

export const closeSent = (state: IbbState, { peer, sid }: Session): Done => ({
  state: { ...state, nextRequest: state.nextRequest + 1 },
  actions: [{ _tag: "Request", peer, request: state.nextRequest, element: Wire.close(sid) }]
})

/** IBB-11. */
export const gone: Refusal = { type: "cancel", condition: "item-not-found" }

const without = (state: IbbState, { peer, sid }: Session): IbbState => ({
  ...state,
  sessions: state.sessions.filter((session) => !isOf(session, peer, sid))
})

const peerCloseAnswered = ({ peer, peerClose }: Session, error?: Refusal): ReadonlyArray<IbbAction> =>
  peerClose === undefined
    ? []
    : [{ _tag: "Answer", peer, id: peerClose, stanza: "iq", ...(error === undefined ? {} : { error }) }]

const isOf = (session: Session, peer: string, sid: string): boolean => session.peer === peer && session.sid === sid
