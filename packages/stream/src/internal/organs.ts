/**
 * Joins the parts to what the interpreter asks for. Each organ either acts at once or leaves something on the agenda;
 * none waits.
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import { Address } from "@xmpp-e2e/protocol"
import type { Config, Reason, State } from "@xmpp-e2e/protocol"
import * as Voice from "@xmpp-e2e/recording/Voice"
import type { StartTls, TlsObserver } from "@xmpp-e2e/transport/Connection"
import type { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import type { Organs, Tagged } from "../Interpreter.ts"
import * as dispatch from "./dispatch.ts"
import { judge } from "./judging.ts"
import type { Message } from "./message.ts"
import type { Parts, Setup } from "./parts.ts"
import { failureOf } from "./requests.ts"

/** What the state of the stream tells. */
export interface Known {
  /** Why the stream is ending, once it is. */
  readonly reason: () => Reason.Reason
  /** What the peer's header says; nothing before it has come. */
  readonly header: () => Partial<State.PeerHeader>
}

export const make = (parts: Parts, judges: PeerJudge["Service"], known: Known): Organs =>
  new Joined(parts, judges, known)

class Joined implements Organs, dispatch.Ports {
  readonly #parts: Parts
  readonly #judges: PeerJudge["Service"]
  readonly #known: Known
  readonly voice = Voice.make()
  readonly tls: Organs["tls"]

  constructor(parts: Parts, judges: PeerJudge["Service"], known: Known) {
    this.#parts = parts
    this.#judges = judges
    this.#known = known
    this.tls = tlsOf(parts.setup, parts.log.tls)
  }

  get lane(): Parts["lane"] {
    return this.#parts.lane
  }
  get inbound(): Parts["inbound"] {
    return this.#parts.inbound
  }
  get timers(): Parts["timers"] {
    return this.#parts.timers
  }
  get router(): Parts["requested"] {
    return this.#parts.requested
  }
  get replies(): Parts["replies"] {
    return this.#parts.replies
  }
  get deliveries(): Parts["kept"] {
    return this.#parts.kept
  }

  isAwaited(request: number): boolean {
    return this.#parts.sends.isAwaited(request)
  }

  judgePeer(action: Tagged<"JudgePeer">): void {
    const { log, outcome, setup } = this.#parts
    const beside = { ocspStaple: outcome.facts()?.ocspStaple, aliases: setup.peerAliases, isRead: log.isRead }
    const judging = judge(this.#judges, setup.config, action, beside)
    this.#start(later(Effect.map(judging, (event) => ({ _tag: "Happened", event }))))
  }

  // Sessions are not kept beyond their stream, so there is never one to take up again.
  judgeResumption(): void {
    this.#start(Effect.succeed({ _tag: "Happened", event: { _tag: "ResumptionJudged" } }))
  }

  deliver(action: Tagged<"Deliver">): void {
    this.#parts.agenda.received += 1
    dispatch.dispatch(this, action)
  }

  refuse({ refusal, request }: Tagged<"Refuse">): void {
    if (request === undefined) return
    const { agenda, sends } = this.#parts
    const failure = failureOf(refusal, this.#known.reason())
    agenda.tellings.push(() => sends.refused(request, failure))
  }

  report({ notice }: Tagged<"Report">): void {
    const { agenda, kept, notices, outcome, telemetry } = this.#parts
    notices.tell(notice)
    const remark = telemetry.noticed(notice)
    if (remark !== Effect.void) agenda.chores.push(remark)
    const tell = outcome.noticed(notice, this.#known.header())
    if (tell !== undefined) agenda.tellings.push(tell)
    if (notice._tag === "PeerClosed") kept.finish()
  }

  drop(): void {
    this.#parts.agenda.chores.push(this.#parts.setup.connection.drop)
  }

  answer(reply: Element.Element): void {
    this.#parts.agenda.replies.push(reply)
  }

  handle(reply: Effect.Effect<Element.Element>): void {
    this.#start(later(Effect.map(reply, (stanza) => ({ _tag: "Asked", stanzas: [stanza] }))))
  }

  later(tell: () => void): void {
    this.#parts.agenda.tellings.push(tell)
  }

  lost(): void {
    this.#parts.agenda.lost += 1
  }

  /** Work beside the loop that answers with a message. */
  #start(work: Effect.Effect<Message>): void {
    const { agenda, inbox, start } = this.#parts
    agenda.tellings.push(() => start(Effect.asVoid(Effect.flatMap(work, (message) => inbox.post(message)))))
  }
}

/** The application, and its judge, begin when those who were told something in this turn have gone on. */
const later = <A>(work: Effect.Effect<A>): Effect.Effect<A> => Effect.andThen(Effect.yieldNow, work)

const tlsOf = ({ config, identity }: Setup, observer: TlsObserver | undefined) => {
  const serverName = serviceOf(config)
  return (as: "client" | "server"): Omit<StartTls, "unread"> => ({
    as,
    ...(identity === undefined ? {} : { identity }),
    ...(as === "client" && serverName !== undefined ? { serverName } : {}),
    ...(observer === undefined ? {} : { observer })
  })
}

/** TLS-34: only the name of a service is a server name. What looks like an address of IP is none (RFC 6066 §3). */
const serviceOf = (config: Config.Config): string | undefined => {
  if (config.role !== "initiator" || config.peer === undefined) return undefined
  const address = Address.parse(config.peer, config.naming)
  if (address === undefined || !Address.isService(address)) return undefined
  return /^[\d.]+$|[:[]/.test(address.domain) ? undefined : address.domain
}
