/** What holds at the end of every session, and what holds only when nothing was done to it. */
import { Address } from "@xmpp-e2e/protocol"
import type { Action, Config } from "@xmpp-e2e/protocol"
import type { Element } from "@xmpp-e2e/xml"
import * as Laws from "../../Laws.ts"
import type { Trace } from "../../Run.ts"
import * as Chunks from "../../simulator/Chunks.ts"
import type { Endpoint } from "../../simulator/Endpoint.ts"
import type { Side } from "../../simulator/Link.ts"
import type { Breach, Options, Session } from "../../simulator/Simulator.ts"
import { notices } from "../laws/law.ts"
import { same } from "../values.ts"
import { disagreement } from "./agreement.ts"

type Breaches = ReadonlyArray<Breach>

export const breaches = (session: Session): Breaches => {
  const { initiator, options, pair, recipient } = session
  return [
    ...lawful("initiator", initiator, options),
    ...lawful("recipient", recipient, options),
    ...handedOver("initiator", initiator),
    ...handedOver("recipient", recipient),
    ...delivered("recipient", session, pair.initiator, initiator, recipient),
    ...delivered("initiator", session, pair.recipient, recipient, initiator),
    ...known("initiator", session, pair.initiator, initiator, pair.recipient),
    ...known("recipient", session, pair.recipient, recipient, pair.initiator),
    ...rest(session),
    ...orderly(session),
    ...spent("initiator", initiator),
    ...spent("recipient", recipient)
  ]
}

/** P-20, on its own because it takes the time of the whole session again. */
export const chunks = ({ initiator, options, pair, recipient }: Session, cut: Chunks.Cut): Breaches =>
  ([["initiator", initiator], ["recipient", recipient]] as const).flatMap(([side, end]): Breaches => {
    const { at, because = "", ok } = Chunks.check(pair[side], end, cut, options.step)
    return ok ? [] : [{ rule: "P-20", side, ...(at === undefined ? {} : { at }), because }]
  })

/** P-22, P-23 */
const rest = ({ initiator, isAtRest, options, recipient }: Session): Breaches => {
  const [one, other] = [initiator.state(), recipient.state()]
  if (!isAtRest) return [{ rule: "P-22", because: `no rest: ${one._tag} and ${other._tag}` }]
  // Who hears nothing more of an open stream cannot know that it has ended.
  if (one._tag !== other._tag && options.link?.mute === undefined) {
    return [{ rule: "P-22", because: `the initiator is ${one._tag}, the recipient ${other._tag}` }]
  }
  if (one._tag !== "Closed" || other._tag !== "Closed" || options.link?.middle !== undefined) return []
  const because = disagreement(one.reason, other.reason, isHarmed(options))
  return because === undefined ? [] : [{ rule: "P-22", because }]
}

const lawful = (side: Side, { trace }: Endpoint, { laws = Laws.all, step }: Options): Breaches => {
  const breach = Laws.broken(trace, laws, step)
  if (breach === undefined) return []
  const { at, because = breach.law.sentence, law } = breach
  return [{ rule: law.id, side, ...(at === undefined ? {} : { at }), because }]
}

/** P-11, as far as the shell goes: who is closed has let go of everything. */
const spent = (side: Side, end: Endpoint): Breaches => {
  const held = end.state()._tag === "Closed" ? end.holds() : []
  return held.length === 0 ? [] : [{ rule: "P-11", side, because: `closed, and still holds ${held.join(", ")}` }]
}

/** P-26: between `StartTls` and its outcome there is no XML. */
const handedOver = (side: Side, { trace }: Endpoint): Breaches => {
  let shaking = false
  for (const [at, { actions, event }] of trace.entries()) {
    if (event._tag === "TlsEstablished" || event._tag === "TlsFailed") shaking = false
    if (shaking && words.has(event._tag)) {
      return [{ rule: "P-26", side, at, because: `${event._tag} was read during the handshake` }]
    }
    if (actions.some(({ _tag }) => _tag === "StartTls")) shaking = true
  }
  return []
}

/** P-27: what was written before the footer comes out once, in order, unchanged; P-25: and nothing else does. */
const delivered = (
  side: Side,
  { isAtRest, options, ...ends }: Session,
  { policy }: Config.Config,
  from: Endpoint,
  to: Endpoint
): Breaches => {
  if (options.link?.middle !== undefined && !isSecured(to)) return []
  const written = from.trace.flatMap(({ actions }) => actions.flatMap((each) => stanzaOf(each, policy)))
  const strange = to.delivered.findIndex(({ stanza }, at) => !same(stanza, written[at]))
  if (strange >= 0) {
    const at = to.delivered[strange]?.at ?? 0
    return [{ rule: "P-27", side, at, because: `stanza ${strange} is not what was written` }]
  }
  const complete = isAtRest && !isHarmed(options) && options.link?.middle === undefined &&
    [ends.initiator, ends.recipient].every(isContent)
  return complete && to.delivered.length < written.length
    ? [{ rule: "P-27", side, because: `${written.length} written, ${to.delivered.length} delivered` }]
    : []
}

/** P-24, as long as the judges are honest. */
const known = (
  side: Side,
  { options }: Session,
  { naming, policy }: Config.Config,
  { trace }: Endpoint,
  other: Config.Config
): Breaches => {
  if (!policy.authenticatePeer || Object.values(options.judges ?? {}).some(({ manner }) => manner === "trusting")) {
    return []
  }
  for (const [at, { actions }] of trace.entries()) {
    for (const { peer: { address }, secured } of notices(actions, "Negotiated")) {
      if (!secured || (address !== undefined && Address.sameBare(address, other.self, naming))) continue
      return [{ rule: "P-24", side, at, because: `${address} is taken for ${other.self}` }]
    }
  }
  return []
}

/** P-28 for streams that both ends had opened, P-19 for all that nobody meddled with. */
const orderly = ({ initiator, options, recipient }: Session): Breaches => {
  if (isHarmed(options) || options.link?.middle !== undefined) return []
  const ends = [initiator, recipient]
  const reasons = ends.map((end) => reasonOf(end))
  const inOrder = ends.every(wasEstablished) && reasons.every((reason) => reason?._tag === "Finished")
  const unclean = ends.some(({ trace }) =>
    trace.some(({ actions }) => notices(actions, "Ended").some(({ clean, endedLate }) => !clean || endedLate))
  )
  const byCommand = reasons.some((reason) => reason?.cause === "closedBySelf" || reason?.cause === "failedBySelf")
  return [
    ...(inOrder && unclean ? [{ rule: "P-28", because: "closed in order and not clean" }] : []),
    // A footer or an error of ours may cross <success/> and land in the next document.
    ...(byCommand ? [] : [...unread("initiator", initiator), ...unread("recipient", recipient)])
  ]
}

const unread = (side: Side, { trace }: Endpoint): Breaches => {
  const at = trace.findIndex(({ event }) => event._tag === "InputRejected")
  return at < 0 ? [] : [{ rule: "P-19", side, at, because: "this end cannot read what the other wrote" }]
}

/** Something was done to the session that no end of it asked for. */
export const isHarmed = ({ afterFooter, judges, leap, link, script, tls }: Options): boolean =>
  [afterFooter, judges, leap, tls, link?.reset, link?.halfClose, link?.stall, link?.mute].some((each) =>
    each !== undefined
  ) ||
  (script ?? []).some(([, what]) => what === "AbortRequested")

const stanzaOf = (action: Action.Action, { contentNamespace }: Config.Policy): ReadonlyArray<Element.Element> =>
  action._tag === "SendElement" && action.element.namespace === contentNamespace ? [action.element] : []

const isSecured = ({ trace }: Endpoint): boolean =>
  trace.some(({ actions }) => notices(actions, "Negotiated").some(({ secured }) => secured))

const wasEstablished = ({ trace }: Endpoint): boolean => trace.some(({ after }) => after._tag === "Established")

const reasonOf = (end: Endpoint) => {
  const state = end.state()
  return state._tag === "Closed" ? state.reason : undefined
}

/** Established, or closed after it was, and neither end spoke of an error. */
const isContent = (end: Endpoint): boolean =>
  end.state()._tag === "Established" || (wasEstablished(end) && reasonOf(end)?._tag === "Finished")

const words: ReadonlySet<Trace[number]["event"]["_tag"]> = new Set([
  "HeaderReceived",
  "ElementReceived",
  "FooterReceived",
  "WhitespaceReceived",
  "InputRejected"
])
