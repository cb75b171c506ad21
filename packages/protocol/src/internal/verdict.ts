/**
 * The certificate of the peer, judged before a byte of XML inside TLS, in either role (state-machine §7, TLSUP; §8.6). What
 * follows an accepted one is for the machine of the role.
 */
import type { Action } from "../Action.ts"
import type { Event, TlsFacts } from "../Event.ts"
import * as Reason from "../Reason.ts"
import type { Initiating, InitiatorStep, RecipientStep, Responding } from "../State.ts"
import type { Verdict } from "../Verdict.ts"
import { deferred, lost, negotiating } from "./defaults.ts"
import { drop, leave } from "./ending.ts"
import { after, type Move, move, report } from "./move.ts"

type AwaitingVerdict = Extract<InitiatorStep & RecipientStep, { readonly _tag: "AwaitingVerdict" }>

/** TLSUP: the clear phase is forgotten, the certificate judged (TLS-20, TLS-21). */
export const judge = (state: Initiating | Responding, facts: TlsFacts, hints?: ReadonlyArray<string>): Move => {
  const { peer } = state.config
  return move(
    { ...state, at: { _tag: "AwaitingVerdict", facts, deferred: [] } },
    { _tag: "RestartInput" },
    {
      _tag: "JudgePeer",
      chain: facts.chain,
      ...(peer === undefined ? {} : { expected: peer }),
      ...(hints === undefined ? {} : { hints })
    }
  )
}

/** `accept` is given the state in which the link is secured, and the notice of it. */
export const onVerdict = <S extends Initiating | Responding>(
  state: S,
  event: Event,
  at: AwaitingVerdict,
  accept: (secured: S, told: Action) => Move
): Move => {
  switch (event._tag) {
    case "PeerJudged": {
      if (event.verdict.decision !== "accept") return reject(state, event.verdict)
      const { chain: _, ...facts } = at.facts
      const told = report({ _tag: "TlsOn", facts, verdict: event.verdict })
      const link = { _tag: "Secured", facts, verdict: event.verdict, expired: false } as const
      return { ...accept({ ...state, link }, told), then: at.deferred }
    }
    case "HeaderReceived":
    case "ElementReceived":
    case "FooterReceived":
    case "WhitespaceReceived":
    case "InputRejected": {
      const waiting = deferred(at.deferred, event, state)
      return waiting === undefined
        ? drop(state, Reason.make("flood"))
        : move({ ...state, at: { ...at, deferred: waiting } })
    }
    case "TransportEnded":
      return drop(state, Reason.make("peerGone"))
    case "TransportLost":
      return drop(state, lost("peerGone", event.fault))
    case "CloseRequested":
    case "FailRequested":
      return leave(state, Reason.make("aborted", { rule: "END-13" }))
  }
  return negotiating(state, event)
}

/** TLS 1.3 tells a client that all is well before the server has judged it (state-machine §12 note 5). */
export const peerGone = ({ link }: Initiating | Responding, fault?: string): Reason.Reason =>
  link._tag === "Secured"
    ? Reason.make("refusedByPeer", {
      rule: "TLS-21",
      detail: "the peer ended the connection right after TLS: it has possibly refused our certificate"
    })
    : lost("peerGone", fault)

const reject = (state: Initiating | Responding, verdict: Verdict): Move =>
  after(
    [report({ _tag: "CertificateRejected", verdict })],
    drop(state, Reason.make("certificate", { rule: verdict.rule, detail: verdict.because }))
  )
