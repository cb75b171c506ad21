/**
 * Walks a machine to a deep state through its own events, and compares what one more event makes of it. Each comparison
 * also checks what holds for every step: it is pure, its actions keep their fixed order, its timers are those that it says.
 */
import { Element } from "@xmpp-e2e/xml"
import { expect } from "vitest"
import type { Action } from "../src/Action.ts"
import * as Config from "../src/Config.ts"
import type { Event, Resumption } from "../src/Event.ts"
import * as Namespace from "../src/Namespace.ts"
import type { Notice } from "../src/Notice.ts"
import type { Cause } from "../src/Reason.ts"
import { label, type State } from "../src/State.ts"
import { armed, initial, step } from "../src/Step.ts"
import * as say from "./speaking.ts"
import type { Role } from "./speaking.ts"

export type Phase = "clear" | "tls" | "auth"
export type Input = Partial<Config.Input>

export const config = (role: Role, input: Input = {}): Config.Config => {
  const made = Config.make({
    role,
    self: say.addresses[role],
    ...(role === "initiator"
      ? { peer: say.addresses.recipient, certificate: { addresses: [say.addresses.initiator] } }
      : {}),
    ...input
  })
  if (made._tag === "Contradictory") throw new Error(made.contradictions.join("; "))
  return made.config
}

/** Takes events one after the other; fails when one of them ends the stream too early for the walk to go on. */
export const play = (state: State, ...events: ReadonlyArray<Event>): State =>
  events.reduce((before, event) => step(before, event)[0], state)

const arrive = (wanted: string, state: State): State => {
  if (label(state) !== wanted) throw new Error(`walked to ${label(state)} instead of ${wanted}`)
  return state
}

export const dormant = (role: Role, input?: Input): State => initial(config(role, input))

/** As far as the phase goes: TCP is there, the certificate is accepted, EXTERNAL has succeeded. */
export const awaitingHeader = (role: Role, phase: Phase, input?: Input): State => {
  const by: Readonly<Record<Phase, () => State>> = {
    clear: () => play(dormant(role, input), say.opened),
    tls: () => play(awaitingVerdict(role, input), say.judged(role)),
    auth: () =>
      role === "initiator"
        ? play(awaitingSasl(input), say.says(say.sasl("success")))
        : play(awaitingChoice("tls", input), say.says(say.auth("=")))
  }
  return arrive(`${role === "initiator" ? "Initiating" : "Responding"}.AwaitingHeader`, by[phase]())
}

export const awaitingFeatures = (phase: Phase, input?: Input): State =>
  arrive(
    "Initiating.AwaitingFeatures",
    play(awaitingHeader("initiator", phase, input), say.header("initiator", { id: `id-${phase}` }))
  )

export const awaitingProceed = (input?: Input): State =>
  arrive(
    "Initiating.AwaitingProceed",
    play(awaitingFeatures("clear", input), say.says(say.features(say.starttlsRequired)))
  )

export const awaitingTls = (role: Role, input?: Input): State =>
  role === "initiator"
    ? arrive("Initiating.AwaitingTls", play(awaitingProceed(input), say.says(say.tls("proceed"))))
    : arrive("Responding.AwaitingTls", play(awaitingChoice("clear", input), say.says(say.tls("starttls"))))

export const awaitingVerdict = (role: Role, input?: Input): State =>
  arrive(
    `${role === "initiator" ? "Initiating" : "Responding"}.AwaitingVerdict`,
    play(awaitingTls(role, input), say.tlsUp)
  )

export const awaitingSasl = (input?: Input): State =>
  arrive(
    "Initiating.AwaitingSasl",
    play(awaitingFeatures("tls", input), say.says(say.features(say.mechanisms("EXTERNAL"))))
  )

export const awaitingAbort = (input?: Input): State =>
  arrive("Initiating.AwaitingAbort", play(awaitingSasl(input), say.says(say.sasl("challenge", {}, ["eA=="]))))

export const awaitingResumed = (input?: Input, resume: Resumption = say.resumption("initiator")): State =>
  arrive(
    "Initiating.AwaitingResumed",
    play(
      awaitingFeatures("auth", { management: { use: true, resumableSeconds: 300, resume }, ...input }),
      say.says(say.features(say.sm("sm")))
    )
  )

export const awaitingChoice = (phase: "clear" | "tls", input?: Input): State =>
  arrive("Responding.AwaitingChoice", play(awaitingHeader("recipient", phase, input), say.header("recipient")))

/** TLS is on offer and voluntary. */
export const awaitingCommitment = (input?: Input): State =>
  arrive(
    "Responding.AwaitingCommitment",
    play(awaitingHeader("recipient", "clear", { ...voluntary, ...input }), say.header("recipient"))
  )

export const awaitingResponse = (input?: Input): State =>
  arrive("Responding.AwaitingResponse", play(awaitingChoice("tls", input), say.says(say.auth())))

/** In clear nobody asks for TLS; inside TLS nobody asks for SASL; or EXTERNAL has succeeded. */
export const established = (role: Role, phase: Phase = "auth", input: Input = {}): State => {
  const policy = phase === "clear" ? { tls: "never" } as const : phase === "tls" ? { sasl: "never" } as const : {}
  const all: Input = { ...input, policy: { ...policy, ...input.policy } }
  return arrive(
    "Established",
    role === "initiator"
      ? play(awaitingFeatures(phase, all), say.says(say.features()))
      : play(awaitingHeader(role, phase, all), say.header(role))
  )
}

/** Stream management is on, resumable; nothing was counted yet. */
export const managed = (role: Role, input: Input = {}): State => {
  const all: Input = { management: { use: true, resumableSeconds: 300 }, ...input }
  if (role === "recipient") {
    return play(
      established(role, "auth", all),
      say.says(say.sm("enable", { resume: "true" }), { freshId: "session-new" })
    )
  }
  const enabling = play(awaitingFeatures("auth", all), say.says(say.features(say.sm("sm"))))
  return play(enabling, say.says(say.sm("enabled", { id: "session-new", resume: "true" })))
}

export const resuming = (input: Input = {}): State =>
  play(
    established("recipient", "auth", { management: { use: true, resumableSeconds: 300 }, ...input }),
    say.says(say.sm("resume", { previd: "session-1", h: "2" }))
  )

/** Our footer is out. `failed`: after an error of ours. */
export const awaitingFooter = (role: Role, failed: boolean, input?: Input): State =>
  arrive("Closing.AwaitingFooter", play(established(role, "auth", input), failed ? say.failWith() : say.close))

export const draining = (role: Role, input: Input = {}): State =>
  arrive(
    "Closing.AwaitingDrain",
    play(established(role, "auth", { timeouts: { drainMillis: 2000 }, ...input }), say.footer)
  )

/** `ended`: we have ended our direction. The first closer does so when both footers are out. */
export const ending = (role: Role, ended: boolean, input?: Input): State =>
  arrive(
    "Closing.AwaitingEnd",
    ended ? play(awaitingFooter(role, false, input), say.footer) : play(established(role, "auth", input), say.footer)
  )

export const closed = (role: Role, input?: Input): State => arrive("Closed", play(ending(role, true, input), say.lost))

export const voluntary: Input = { policy: { tls: "preferred" }, extraFeatures: [say.discoInfo] }

/** What an event should make of a state. */
export interface Wanted {
  readonly label: string
  /** All actions but timers, in order, in the words of `told`. */
  readonly actions: ReadonlyArray<string>
  /** `-step`, `+step 15000`, in order; not compared when absent. */
  readonly timers?: ReadonlyArray<string>
  /** The cause of the end that has begun or is over. */
  readonly cause?: Cause
  /** Waiting events were taken too, as steps of their own. */
  readonly withDeferred?: true
}

export const expectMove = (state: State, event: Event, wanted: Wanted): State => {
  const [next, actions] = pureStep(state, event)
  expect({
    label: label(next),
    actions: actions.filter((each) => !isTimer(each)).map(told),
    ...(wanted.timers === undefined ? {} : { timers: actions.filter(isTimer).map(told) }),
    ...(wanted.cause === undefined ? {} : { cause: "reason" in next ? next.reason.cause : undefined })
  }).toEqual({
    label: wanted.label,
    actions: wanted.actions,
    ...(wanted.timers === undefined ? {} : { timers: wanted.timers }),
    ...(wanted.cause === undefined ? {} : { cause: wanted.cause })
  })
  if (wanted.withDeferred === undefined) expectOrder(actions)
  return next
}

/** The event changes nothing but perhaps what it tells our side. */
export const expectIgnored = (state: State, event: Event, actions: ReadonlyArray<string> = []): void => {
  const next = expectMove(state, event, { label: label(state), actions, timers: [] })
  expect(next).toEqual(state)
}

/** One step, checked for what holds everywhere; a fresh copy of the state must give the same. */
export const pureStep = (state: State, event: Event): readonly [State, ReadonlyArray<Action>] => {
  const transition = step(frozen(state), frozen(event))
  expect(step(structuredClone(state), structuredClone(event))).toEqual(transition)
  // Strictly: a key that holds nothing is no plain data.
  expect(JSON.parse(JSON.stringify(transition))).toStrictEqual(transition)
  const [next, actions] = transition
  expect(next.timers.map(({ timer }) => timer)).toEqual(armed(next))
  for (const each of actions) {
    if (each._tag === "SetTimer") expect(each.generation).toBeGreaterThan(state.generation)
    if (each._tag === "SetTimer") expect(each.generation).toBeLessThanOrEqual(next.generation)
    if (each._tag === "ClearTimer") expect(next.timers).not.toContainEqual(withoutTag(each))
  }
  return transition
}

/** State-machine §5: the classes of actions in one step. */
const expectOrder = (actions: ReadonlyArray<Action>): void => {
  const classes = actions.map(({ _tag }) => order.findIndex((tags) => tags.split(" ").includes(_tag)))
  expect(classes).toEqual([...classes].sort((one, other) => one - other))
}

const order: ReadonlyArray<string> = [
  "ClearTimer",
  "SendHeader SendElement SendFooter SendWhitespace",
  "RestartInput StartTls StopInput",
  "JudgePeer JudgeResumption",
  "SetTimer",
  "Deliver",
  "Refuse Report",
  "EndTransport DropTransport"
]

const isTimer = ({ _tag }: Action): boolean => _tag === "SetTimer" || _tag === "ClearTimer"

const withoutTag = ({ generation, timer }: Extract<Action, { readonly _tag: "ClearTimer" }>) => ({ generation, timer })

export const frozen = <Value>(value: Value): Value => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
  for (const each of Object.values(value)) frozen(each)
  return Object.freeze(value)
}

/** An action in a few words. */
export const told = (action: Action): string => {
  switch (action._tag) {
    case "SendHeader":
      return "send header"
    case "SendElement":
      return `send ${xml(action.element)}${action.request === undefined ? "" : ` #${action.request}`}`
    case "SendFooter":
      return "send footer"
    case "StartTls":
      return `StartTls ${action.as}`
    case "SetTimer":
      return `+${action.timer} ${action.after}`
    case "ClearTimer":
      return `-${action.timer}`
    case "Deliver":
      return `deliver ${xml(action.stanza)}${action.delivery.canReply ? "" : " unanswerable"}`
    case "Refuse":
      return `refuse ${action.refusal}${action.request === undefined ? "" : ` #${action.request}`}`
    case "Report":
      return `report ${noted(action.notice)}`
    case "SendWhitespace":
    case "RestartInput":
    case "StopInput":
    case "JudgePeer":
    case "JudgeResumption":
    case "EndTransport":
    case "DropTransport":
      return action._tag
  }
}

const noted = (notice: Notice): string => {
  switch (notice._tag) {
    case "Diagnostic":
      return `Diagnostic ${notice.about}`
    case "PeerError":
    case "SentError":
      return `${notice._tag} ${notice.error.condition}`
    case "AuthenticationFailed":
      return `${notice._tag} ${notice.condition}`
    case "StanzasAcknowledged":
      return `${notice._tag} ${notice.requests.join(" ")}`
    case "Ended":
      return [
        `Ended ${notice.reason.cause} ${notice.clean ? "clean" : "unclean"}`,
        ...(notice.unsent.length === 0 ? [] : [`unsent ${notice.unsent.join(" ")}`]),
        ...(notice.endedLate ? ["late"] : []),
        ...(notice.resumption === undefined ? [] : [`resumable ${notice.resumption.id}`])
      ].join(", ")
    case "Negotiated":
      return notice.resumed ? "Negotiated again" : "Negotiated"
    case "TlsOn":
    case "CertificateRejected":
    case "InsecureChannel":
    case "Redirected":
    case "PeerClosed":
    case "ManagementOn":
    case "ManagementOff":
      return notice._tag
  }
}

/** `tls:starttls(tls:required)`, `sasl:auth[mechanism=EXTERNAL]('=')`; a message is its id. */
export const xml = (element: Element.Element): string => {
  if (element.name === "message" && Element.child(element, Namespace.client, "body") !== undefined) {
    return `message ${Element.attribute(element, "id")}`
  }
  const prefix = prefixes.get(element.namespace) ?? `{${element.namespace}}`
  const attributes = element.attributes.map(({ name, value }) => `${name}=${value}`)
  const children = element.children.map((each) => typeof each === "string" ? `'${each}'` : xml(each))
  return prefix + element.name + (attributes.length === 0 ? "" : `[${attributes.join(" ")}]`) +
    (children.length === 0 ? "" : `(${children.join(" ")})`)
}

const prefixes: ReadonlyMap<string, string> = new Map([
  [Namespace.client, ""],
  [Namespace.stream, "stream:"],
  [Namespace.streamErrors, "streams:"],
  [Namespace.stanzaErrors, "stanzas:"],
  [Namespace.tls, "tls:"],
  [Namespace.sasl, "sasl:"],
  [Namespace.management, "sm:"],
  [Namespace.communityErrors, "community:"],
  [Namespace.ping, "ping:"],
  [say.discoInfo.namespace, "disco:"]
])

/** What `ERR` of the procedures says: error and footer in one write. */
export const err = (condition: string): ReadonlyArray<string> => [
  `send stream:error(streams:${condition})`,
  "send footer",
  `report SentError ${condition}`
]
