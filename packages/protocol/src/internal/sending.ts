/** A stanza of ours on its way out of an established stream: counted, remembered, written. */
import type { Element } from "@xmpp-e2e/xml"
import type { Action } from "../Action.ts"
import type { Session } from "../Session.ts"
import type { Established } from "../State.ts"
import * as Management from "./management.ts"
import { probeIdOf, requestIdOf } from "./stanza.ts"

export interface Outgoing {
  readonly stanza: Element.Element
  readonly request?: number
}

export interface Sent {
  readonly state: Established
  readonly actions: ReadonlyArray<Action>
}

export const sendStanza = (state: Established, outgoing: Outgoing): Sent => {
  const { query, session } = remember(state.session, outgoing)
  const written = writing(outgoing)
  return {
    state: session === state.session ? state : { ...state, session },
    actions: query ? [written, { _tag: "SendElement", element: Management.query }] : [written]
  }
}

/** Stanzas one after the other, as if each were sent now (STZ-19). */
export const sendAll = (state: Established, outgoing: ReadonlyArray<Outgoing>): Sent => {
  const actions: Array<Action> = []
  let next = state
  for (const each of outgoing) {
    const sent = sendStanza(next, each)
    next = sent.state
    actions.push(...sent.actions)
  }
  return { state: next, actions }
}

/** Stanzas that a broken session did not get acknowledged go out again, uncounted: they were counted once (SM-15). */
export const resend = (kept: ReadonlyArray<Outgoing>): ReadonlyArray<Action> =>
  kept.map(({ stanza }) => ({ _tag: "SendElement", element: stanza }))

/** A request of ours has its answer (IQ-08); the answer to a probe is a sign of life (PING-03). */
export const settled = (session: Session, id: string): Session => {
  const { probe, ...rest } = session
  const pending = session.pending.filter((each) => each !== id)
  return probe === undefined || probe === id ? { ...rest, pending } : { ...session, pending }
}

const remember = (session: Session, outgoing: Outgoing): { readonly session: Session; readonly query: boolean } => {
  const { managed, query } = Management.sent(session.management, outgoing)
  const id = requestIdOf(outgoing.stanza)
  if (id === undefined && managed === session.management && !session.untouched) return { session, query }
  const probe = session.probe ?? probeIdOf(outgoing.stanza)
  return {
    query,
    session: {
      ...session,
      untouched: false,
      management: managed,
      ...(id === undefined ? {} : { pending: [...session.pending, id] }),
      ...(probe === undefined ? {} : { probe })
    }
  }
}

const writing = ({ request, stanza }: Outgoing): Action =>
  request === undefined
    ? { _tag: "SendElement", element: stanza }
    : { _tag: "SendElement", element: stanza, request }
