/**
 * Two machines back to back: what one sends the other receives, in order, as soon as it wants input. TLS and judges are
 * played, the verdicts are given; timers fire when the test says so. Each side's words are written down.
 */
import type { Action } from "../src/Action.ts"
import type { Event, Resumption } from "../src/Event.ts"
import { type StreamHeader, toRootTag } from "../src/Header.ts"
import type { Notice } from "../src/Notice.ts"
import { label, type State } from "../src/State.ts"
import { initial, step, wantsInput } from "../src/Step.ts"
import type { Timer } from "../src/Timer.ts"
import type { Verdict } from "../src/Verdict.ts"
import * as say from "./speaking.ts"
import type { Role } from "./speaking.ts"
import { config, type Input, xml } from "./walking.ts"

export interface Meeting {
  /** `I: tls:starttls`, in the order of writing. */
  readonly wire: ReadonlyArray<string>
  /** The headers among them. */
  readonly headers: ReadonlyArray<StreamHeader>
  readonly at: (role: Role) => string
  readonly state: (role: Role) => State
  /** What was delivered and reported to a side, in order. */
  readonly heard: (role: Role) => ReadonlyArray<string>
  readonly ended: (role: Role) => Extract<Notice, { readonly _tag: "Ended" }> | undefined
  /** Our own side or the world speaks; then everything in flight arrives. */
  readonly tell: (role: Role, event: Event) => void
  /** Both speak before either hears the other. */
  readonly cross: (initiator: Event, recipient: Event) => void
  readonly fire: (role: Role, timer: Timer) => void
}

export interface Parties {
  readonly initiator?: Input
  readonly recipient?: Input
  /** What each side's judge says about the other; by default it accepts. */
  readonly verdicts?: Partial<Readonly<Record<Role, Partial<Verdict>>>>
  readonly session?: Resumption
  /** What our sides said before the transport was open. */
  readonly before?: ReadonlyArray<readonly [role: Role, event: Event]>
}

interface Side {
  state: State
  readonly inbox: Array<Event>
  readonly heard: Array<string>
  ended?: Extract<Notice, { readonly _tag: "Ended" }>
  isDeaf: boolean
  hasStartedTls: boolean
}

/** The transport is open; everything that can happen without our sides and without timers has happened. */
export const meet = (parties: Parties = {}): Meeting => {
  const wire: Array<string> = []
  const headers: Array<StreamHeader> = []
  const sides: Readonly<Record<Role, Side>> = {
    initiator: sideOf("initiator", parties.initiator),
    recipient: sideOf("recipient", parties.recipient)
  }
  let drawn = 0

  const take = (role: Role, event: Event): void => {
    const side = sides[role]
    const [next, actions] = step(side.state, withFreshId(event))
    side.state = next
    for (const each of actions) perform(role, each)
  }

  const withFreshId = (event: Event): Event => "freshId" in event ? { ...event, freshId: `id-${drawn += 1}` } : event

  const write = (role: Role, words: string, event: Event): void => {
    wire.push(`${role === "initiator" ? "I" : "R"}: ${words}`)
    sides[say.otherRole(role)].inbox.push(event)
  }

  const perform = (role: Role, action: Action): void => {
    const [side, other] = [sides[role], sides[say.otherRole(role)]]
    switch (action._tag) {
      case "SendHeader":
        headers.push(action.header)
        return write(role, "header", { _tag: "HeaderReceived", tag: toRootTag(action.header), freshId: "" })
      case "SendElement":
        return write(role, xml(action.element), { _tag: "ElementReceived", element: action.element, freshId: "" })
      case "SendFooter":
        return write(role, "footer", say.footer)
      case "SendWhitespace":
        return write(role, "space", say.whitespace)
      case "StartTls":
        side.hasStartedTls = true
        if (other.hasStartedTls) { for (const each of say.roles) take(each, say.tlsUp) }
        return
      case "JudgePeer":
        return void side.inbox.unshift({ _tag: "PeerJudged", verdict: say.verdict(role, parties.verdicts?.[role]) })
      case "JudgeResumption":
        return void side.inbox.unshift({
          _tag: "ResumptionJudged",
          ...(parties.session === undefined ? {} : { resumption: parties.session })
        })
      case "StopInput":
        side.isDeaf = true
        return
      case "EndTransport":
        return void other.inbox.push(say.ended)
      case "DropTransport":
        return void other.inbox.push({ _tag: "TransportLost" })
      case "Deliver":
        return void side.heard.push(xml(action.stanza))
      case "Report":
        if (action.notice._tag === "Ended") side.ended = action.notice
        return void side.heard.push(action.notice._tag)
      case "RestartInput":
      case "SetTimer":
      case "ClearTimer":
      case "Refuse":
        return
    }
  }

  /** A shell that does not read still hears that the transport is gone. */
  const isReady = ({ inbox: [first], state }: Side): boolean =>
    first !== undefined && (wantsInput(state) || !isWords(first) || state._tag === "Closed")

  const settle = (): void => {
    for (let role = say.roles.find((each) => isReady(sides[each])); role !== undefined;) {
      const side = sides[role]
      const event = side.inbox.shift()
      if (event !== undefined && !(side.isDeaf && isWords(event))) take(role, event)
      role = say.roles.find((each) => isReady(sides[each]))
    }
  }

  const tell = (role: Role, event: Event): void => {
    take(role, event)
    settle()
  }

  for (const [role, event] of parties.before ?? []) take(role, event)
  for (const role of say.roles) take(role, say.opened)
  settle()

  return {
    wire,
    headers,
    at: (role) => label(sides[role].state),
    state: (role) => sides[role].state,
    heard: (role) => sides[role].heard,
    ended: (role) => sides[role].ended,
    tell,
    cross: (one, other) => {
      take("initiator", one)
      tell("recipient", other)
    },
    fire: (role, timer) => tell(role, say.fires(sides[role].state, timer))
  }
}

const sideOf = (role: Role, input?: Input): Side => ({
  state: initial(config(role, input)),
  inbox: [],
  heard: [],
  isDeaf: false,
  hasStartedTls: false
})

const isWords = ({ _tag }: Event): boolean =>
  _tag === "HeaderReceived" || _tag === "ElementReceived" || _tag === "FooterReceived" ||
  _tag === "WhitespaceReceived" || _tag === "InputRejected"
