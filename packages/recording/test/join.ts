/**
 * Two reducers joined directly: what one sends, the other receives, in order and without a wire. TLS and the judges are
 * played by a script; time passes only when nothing else can happen.
 */
import type { Action, Config, Event, Verdict } from "@xmpp-e2e/protocol"
import { toRootTag } from "@xmpp-e2e/protocol/Header"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import type * as Recording from "../src/Recording.ts"

export type Side = "initiator" | "recipient"

/** What happens at one side when nothing else is going on any more; things of one entry happen at the same time. */
export type Script = ReadonlyArray<ReadonlyArray<readonly [Side, Event.Event]>>

export interface Play {
  readonly initiator: Config.Config
  readonly recipient: Config.Config
  readonly script: Script
  /** The answer of a side's judge. */
  readonly judge?: (side: Side, question: Extract<Action.Action, { readonly _tag: "JudgePeer" }>) => Verdict.Verdict
  /** The certificates that a side shows, DER in base64. */
  readonly chains?: Readonly<Record<Side, ReadonlyArray<string>>>
  /** TLS fails, at both sides. */
  readonly tlsFault?: string
  /** What TLS says of itself, where it matters. */
  readonly facts?: Partial<Event.TlsFacts>
  /** What the session store of the recipient holds (SM-15). */
  readonly resumption?: Event.Resumption
}

/** The steps of both sides. */
export type Played = Readonly<Record<Side, ReadonlyArray<Recording.Step>>>

export const join = (play: Play): Played => {
  const ends: Record<Side, End> = { initiator: begin(play.initiator), recipient: begin(play.recipient) }
  const script = [...play.script]
  let now = 0
  const step = (side: Side, event: Event.Event): void => {
    const end = ends[side]
    const [state, actions] = Reducer.step(end.state, event)
    end.state = state
    end.steps.push({ seq: end.steps.length, at: now, event, actions, state: label(state) })
    if (event._tag === "TransportEnded") end.heardAll = true
    for (const action of actions) perform(play, ends, side, action, now)
    // As a shell reports it once both directions have ended and everything is flushed.
    if (end.heardAll && end.saidAll && state._tag !== "Closed") end.world.push({ _tag: "TransportLost" })
  }
  const move = (): boolean => {
    for (const side of sides) {
      const event = takeEvent(ends[side])
      if (event === undefined) continue
      now += latencyMillis
      step(side, event)
      return true
    }
    const together = script.shift()
    if (together !== undefined) {
      for (const [side, event] of together) step(side, event)
      return true
    }
    const due = earliest(ends)
    if (due === undefined) return false
    now = due.at
    step(due.side, due.event)
    return true
  }
  for (let moves = 0; moves < movesMax && move();) moves++
  return { initiator: ends.initiator.steps, recipient: ends.recipient.steps }
}

interface End {
  state: State
  readonly steps: Array<Recording.Step>
  /** What the peer did, in order; read only while the state wants input. */
  readonly wire: Array<Event.Event>
  /** Answers of the world. */
  readonly world: Array<Event.Event>
  readonly timers: Map<string, { readonly at: number; readonly event: Event.Event }>
  handshaking: boolean
  /** Input is discarded. */
  deaf: boolean
  heardAll: boolean
  saidAll: boolean
  drawn: number
}

const begin = (config: Config.Config): End => ({
  state: Reducer.initial(config),
  steps: [],
  wire: [],
  world: [],
  timers: new Map(),
  handshaking: false,
  deaf: false,
  heardAll: false,
  saidAll: false,
  drawn: 0
})

const takeEvent = (end: End): Event.Event | undefined => {
  const answer = end.world.shift()
  if (answer !== undefined) return answer
  if (!Reducer.wantsInput(end.state)) return undefined
  for (let event = end.wire.shift(); event !== undefined; event = end.wire.shift()) {
    if (!end.deaf || event._tag === "TransportEnded" || event._tag === "TransportLost") return event
  }
  return undefined
}

const perform = (play: Play, ends: Record<Side, End>, side: Side, action: Action.Action, now: number): void => {
  const end = ends[side]
  const peer = ends[other(side)]
  switch (action._tag) {
    case "SendHeader":
      return void peer.wire.push({ _tag: "HeaderReceived", tag: toRootTag(action.header), freshId: draw(peer, side) })
    case "SendElement": {
      const managed = action.element.namespace === Namespace.management
      const fresh = managed ? { freshId: draw(peer, side) } : {}
      return void peer.wire.push({ _tag: "ElementReceived", element: action.element, ...fresh })
    }
    case "SendFooter":
      return void peer.wire.push({ _tag: "FooterReceived" })
    case "SendWhitespace":
      return void peer.wire.push({ _tag: "WhitespaceReceived" })
    case "StartTls":
      end.handshaking = true
      return peer.handshaking ? handshake(play, ends) : undefined
    case "StopInput":
      end.deaf = true
      return
    case "JudgePeer":
      return void end.world.push({ _tag: "PeerJudged", verdict: judge(play, side, action) })
    case "JudgeResumption":
      return void end.world.push({
        _tag: "ResumptionJudged",
        ...(play.resumption === undefined ? {} : { resumption: play.resumption })
      })
    case "SetTimer": {
      const { after, generation, timer } = action
      return void end.timers.set(timer, { at: now + after, event: { _tag: "TimerFired", timer, generation } })
    }
    case "ClearTimer":
      return void end.timers.delete(action.timer)
    case "EndTransport":
      end.saidAll = true
      return void peer.wire.push({ _tag: "TransportEnded" })
    case "DropTransport":
      if (!end.saidAll) peer.wire.push({ _tag: "TransportLost" })
      end.timers.clear()
      return
    case "RestartInput":
    case "Deliver":
    case "Refuse":
    case "Report":
      return
  }
}

const handshake = (play: Play, ends: Record<Side, End>): void => {
  for (const side of sides) {
    ends[side].handshaking = false
    const chain = play.chains?.[other(side)] ?? []
    ends[side].world.push(
      play.tlsFault === undefined
        ? {
          _tag: "TlsEstablished",
          facts: { protocol: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", resumed: false, chain, ...play.facts }
        }
        : { _tag: "TlsFailed", fault: play.tlsFault }
    )
  }
}

const judge = (
  play: Play,
  side: Side,
  question: Extract<Action.Action, { readonly _tag: "JudgePeer" }>
): Verdict.Verdict => {
  if (play.judge === undefined) throw new Error(`the play has no judge for the ${side}`)
  return play.judge(side, question)
}

/** The next timer to fire, at either side; those that only keep a quiet stream alive are let run. */
const earliest = (ends: Record<Side, End>) => {
  let found: { readonly side: Side; readonly at: number; readonly event: Event.Event } | undefined
  for (const side of sides) {
    for (const [name, { at, event }] of ends[side].timers) {
      if (name === "keepalive" || (found !== undefined && found.at <= at)) continue
      found = { side, at, event }
    }
  }
  if (found !== undefined && found.event._tag === "TimerFired") ends[found.side].timers.delete(found.event.timer)
  return found
}

const draw = (end: End, side: Side): string => `${other(side)}-${++end.drawn}`

const other = (side: Side): Side => side === "initiator" ? "recipient" : "initiator"

const sides: ReadonlyArray<Side> = ["initiator", "recipient"]
const latencyMillis = 1
const movesMax = 500
