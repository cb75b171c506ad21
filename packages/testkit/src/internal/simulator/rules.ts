/** What holds at the end of every session, and what holds only when nothing was done to it. */
import { Address } from "@xmpp-e2e/protocol"
import type { Action, Config } from "@xmpp-e2e/protocol"
import type { Element } from "@xmpp-e2e/xml"
import * as Laws from "../../Laws.ts"
import * as Random from "../../Random.ts"
import type { Trace } from "../../Run.ts"
import * as Chunks from "../../simulator/Chunks.ts"
import type { Endpoint } from "../../simulator/Endpoint.ts"
import type { Options, Session } from "../../simulator/Simulator.ts"
import { notices } from "../laws/law.ts"
import { same } from "../values.ts"
import { disagreement } from "./agreement.ts"

export const complaints = (session: Session): ReadonlyArray<string> => {
  const { initiator, options, pair, recipient } = session
  return [
    ...rest(session),
    ...lawful("initiator", initiator, options),
    ...lawful("recipient", recipient, options),
    ...handedOver("initiator", initiator),
    ...handedOver("recipient", recipient),
    ...delivered("initiator to recipient", session, pair.initiator, initiator, recipient),
    ...delivered("recipient to initiator", session, pair.recipient, recipient, initiator),
    ...known("initiator", session, pair.initiator, initiator, pair.recipient),
    ...known("recipient", session, pair.recipient, recipient, pair.initiator),
    ...orderly(session)
  ]
}

/** P-20, on its own because it takes the time of the whole session again, thrice. */
export const chunks = ({ initiator, options, pair, recipient }: Session): ReadonlyArray<string> => {
  const cuts = [Chunks.whole, Chunks.bytewise, Chunks.atRandom(Random.make(options.seed))]
  return cuts.flatMap((cut) =>
    [Chunks.check(pair.initiator, initiator, cut), Chunks.check(pair.recipient, recipient, cut)]
      .flatMap(({ because, ok }) => ok ? [] : [`P-20 ${because}`])
  )
}

/** P-22, P-23 */
const rest = ({ initiator, isAtRest, options, recipient }: Session): ReadonlyArray<string> => {
  const [one, other] = [initiator.state(), recipient.state()]
  if (!isAtRest) return [`P-22 no rest: ${one._tag} and ${other._tag}`]
  if (one._tag !== other._tag) return [`P-22 one end is ${one._tag}, the other ${other._tag}`]
  if (one._tag !== "Closed" || other._tag !== "Closed" || options.link?.middle !== undefined) return []
  const because = disagreement(one.reason, other.reason, isHarmed(options))
  return because === undefined ? [] : [`P-22 ${because}`]
}

const lawful = (side: string, { trace }: Endpoint, { step }: Options): ReadonlyArray<string> => {
  const breach = Laws.broken(trace, Laws.all, step)
  return breach === undefined ? [] : [`${breach.law.id} of ${side} at ${breach.at}: ${breach.because}`]
}

/** P-26: between `StartTls` and its outcome there is no XML. */
const handedOver = (side: string, { trace }: Endpoint): ReadonlyArray<string> => {
  let shaking = false
  for (const { actions, event } of trace) {
    if (event._tag === "TlsEstablished" || event._tag === "TlsFailed") shaking = false
    if (shaking && words.has(event._tag)) return [`P-26 ${side} read ${event._tag} during the handshake`]
    if (actions.some(({ _tag }) => _tag === "StartTls")) shaking = true
  }
  return []
}

/** P-27: what was written before the footer comes out once, in order, unchanged; P-25: and nothing else does. */
const delivered = (
  way: string,
  { isAtRest, options, ...ends }: Session,
  { policy }: Config.Config,
  from: Endpoint,
  to: Endpoint
): ReadonlyArray<string> => {
  if (options.link?.middle !== undefined && !isSecured(to)) return []
  const written = from.trace.flatMap(({ actions }) => actions.flatMap((each) => stanzaOf(each, policy)))
  const strange = to.delivered.findIndex((each, at) => !same(each, written[at]))
  if (strange >= 0) return [`P-27 ${way}: stanza ${strange} is not what was written`]
  const complete = isAtRest && !isHarmed(options) && options.link?.middle === undefined &&
    [ends.initiator, ends.recipient].every(isContent)
  return complete && to.delivered.length < written.length
    ? [`P-27 ${way}: ${written.length} written, ${to.delivered.length} delivered`]
    : []
}

/** P-24, as long as the judges are honest. */
const known = (
  side: string,
  { options }: Session,
  { naming, policy }: Config.Config,
  { trace }: Endpoint,
  other: Config.Config
): ReadonlyArray<string> => {
  if (Object.values(options.judges ?? {}).some(({ manner }) => manner === "trusting")) return []
  const told = trace.flatMap(({ actions }) => notices(actions, "Negotiated"))
  const wrong = told.find(({ peer, secured }) =>
    secured && policy.authenticatePeer &&
    !(peer.address !== undefined && Address.sameBare(peer.address, other.self, naming))
  )
  return wrong === undefined ? [] : [`P-24 ${side} takes its peer for ${wrong.peer.address}`]
}

/** P-28 for streams that both ends had opened, P-19 for all that nobody meddled with. */
const orderly = ({ initiator, options, recipient }: Session): ReadonlyArray<string> => {
  if (isHarmed(options) || options.link?.middle !== undefined) return []
  const ends = [initiator, recipient]
  const reasons = ends.map((end) => reasonOf(end))
  const inOrder = ends.every(wasEstablished) && reasons.every((reason) => reason?._tag === "Finished")
  const unclean = ends.some(({ trace }) =>
    trace.some(({ actions }) => notices(actions, "Ended").some(({ clean, endedLate }) => !clean || endedLate))
  )
  const unread = ends.some(({ trace }) => trace.some(({ event }) => event._tag === "InputRejected"))
  const byCommand = reasons.some((reason) => reason?.cause === "closedBySelf" || reason?.cause === "failedBySelf")
  return [
    ...(inOrder && unclean ? ["P-28 closed in order and not clean"] : []),
    // A footer or an error of ours may cross <success/> and land in the next document.
    ...(unread && !byCommand ? ["P-19 one end cannot read what the other wrote"] : [])
  ]
}

/** Something was done to the session that no end of it asked for. */
export const isHarmed = ({ afterFooter, judges, leap, link, script, tls }: Options): boolean =>
  [afterFooter, judges, leap, tls, link?.reset, link?.halfClose, link?.stall].some((each) => each !== undefined) ||
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
