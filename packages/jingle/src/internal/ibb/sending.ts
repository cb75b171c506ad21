/**
 * Our direction of a bytestream: blocks go out while the window has room, then `<close/>`; and what answers mean. How
 * blocks of the peer are judged stands in `receiving.ts`.
 *
 * @internal
 */
import type { IbbState, Session } from "../../IbbState.ts"
import * as Wire from "./element.ts"
import * as Sessions from "./session.ts"
import { type Done, nothing, put } from "./session.ts"

/** Does whatever is due on this bytestream now. Every change of a bytestream that goes on ends here. */
export const settle = (state: IbbState, session: Session): Done => {
  const sent = filled(put(state, session), session)
  const now = Sessions.find(sent.state, session.peer, session.sid)
  return now === undefined ? sent : Sessions.andThen(sent, (state) => closed(state, now))
}

/** IBB-09: as many blocks as the window allows. */
const filled = (state: IbbState, before: Session): Done => {
  let done = nothing(state)
  let session = before
  while (session.phase === "Open" && session.out.waiting.length > 0) {
    if (session.out.onWay.length >= windowOf(state)) break
    const { onWay, seq, waiting } = session.out
    const block = waiting.subarray(0, session.blockSize)
    const request = done.state.nextRequest
    session = {
      ...session,
      out: {
        seq: Wire.after(seq),
        waiting: waiting.subarray(block.length),
        onWay: [...onWay, { request, octets: block.length }]
      }
    }
    done = {
      state: { ...put(done.state, session), nextRequest: request + 1 },
      actions: [...done.actions, {
        _tag: "Request",
        peer: session.peer,
        request,
        element: Wire.data(session.sid, seq, block)
      }]
    }
  }
  return done
}

/** IBB-14: what is written is flushed first, and what was delivered is answered before the bytestream is forgotten. */
const closed = (state: IbbState, session: Session): Done => {
  if (session.phase !== "Open" || session.out.waiting.length + session.out.onWay.length > 0) return nothing(state)
  const isConsumed = session.in.unconsumed.length === 0
  if (session.peerClose !== undefined) return isConsumed ? Sessions.end(state, session, "peer") : nothing(state)
  if (session.close !== undefined) {
    const { answer } = session.close
    return answer === undefined || !isConsumed
      ? nothing(state)
      : Sessions.end(state, session, answer === "closed" ? "us" : "nobody")
  }
  if (!session.isClosing) return nothing(state)
  const asked = put(state, { ...session, close: { request: state.nextRequest } })
  return Sessions.closeSent(asked, session)
}

/** The answer to a request of ours; one that nobody waits for means nothing. */
export const answered = (state: IbbState, request: number, condition: string | undefined): Done => {
  const session = waitingFor(state, request)
  if (session === undefined) return nothing(state)
  if (session.opening === request) return openAnswered(state, session, condition)
  if (session.close?.request === request) {
    return settle(state, { ...session, close: { request, answer: condition === undefined ? "closed" : "unknown" } })
  }
  return blockAnswered(state, session, request, condition)
}

/** A peer that does not answer is not told, lest it take that for an end in order. */
export const timedOut = (state: IbbState, request: number): Done => {
  const session = waitingFor(state, request)
  return session === undefined ? nothing(state) : Sessions.fail(state, session, { _tag: "NoAnswer" }, false)
}

/** Numbers of the requests of a bytestream that have no answer yet. */
export const unanswered = ({ close, opening, out }: Session): ReadonlyArray<number> => [
  ...(opening === undefined ? [] : [opening]),
  ...out.onWay.map(({ request }) => request),
  ...(close === undefined || close.answer !== undefined ? [] : [close.request])
]

/** Asks the peer to open it, with its present size of blocks. */
export const opened = (state: IbbState, session: Session): Done => ({
  state: { ...put(state, { ...session, opening: state.nextRequest }), nextRequest: state.nextRequest + 1 },
  actions: [{
    _tag: "Request",
    peer: session.peer,
    request: state.nextRequest,
    element: Wire.open(session.sid, session.blockSize)
  }]
})

/** IBB-04: `resource-constraint` asks for smaller blocks, which are tried down to the least that we offer. */
const openAnswered = (state: IbbState, session: Session, condition: string | undefined): Done => {
  const { peer, sid } = session
  if (condition === undefined) {
    const { opening: _, ...rest } = session
    const open: Session = { ...rest, phase: "Open" }
    return Sessions.andThen(
      { state, actions: [{ _tag: "Opened", peer, sid, blockSize: session.blockSize }] },
      (state) => settle(state, open)
    )
  }
  const smaller = Math.floor(session.blockSize / 2)
  return condition === "resource-constraint" && smaller >= Math.max(1, state.limits.blockSizeMin)
    ? opened(state, { ...session, blockSize: smaller })
    : Sessions.fail(state, session, { _tag: "Refused", condition }, false)
}

const blockAnswered = (state: IbbState, session: Session, request: number, condition: string | undefined): Done => {
  const { peer, sid } = session
  if (condition === undefined) {
    const octets = session.out.onWay.find((block) => block.request === request)?.octets ?? 0
    const onWay = session.out.onWay.filter((block) => block.request !== request)
    return Sessions.andThen(
      { state, actions: [{ _tag: "Acknowledged", peer, sid, octets }] },
      (state) => settle(state, { ...session, out: { ...session.out, onWay } })
    )
  }
  // IBB-12: not waited for, since nothing says when the peer is there again.
  if (undeliverable.has(condition)) {
    return Sessions.fail(state, session, { _tag: "Undeliverable", condition }, false)
  }
  return Sessions.fail(state, session, { _tag: "BlockRefused", condition }, condition !== Sessions.gone.condition)
}

const waitingFor = (state: IbbState, request: number): Session | undefined =>
  state.sessions.find((session) => unanswered(session).includes(request))

const windowOf = ({ limits }: IbbState): number => Math.min(8, Math.max(1, limits.windowMax))

const undeliverable = new Set(["recipient-unavailable", "remote-server-timeout"])
