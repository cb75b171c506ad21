/**
 * Joins the parts to what the interpreter asks for. Each organ either acts at once or leaves something on the agenda;
 * none waits.
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import { Address } from "@xmpp-e2e/protocol"
import type { Config, Reason, State } from "@xmpp-e2e/protocol"
import * as Voice from "@xmpp-e2e/recording/Voice"
import type { StartTls, TlsObserver } from "@xmpp-e2e/transport/Connection"
import * as Effect from "effect/Effect"
import type { Organs } from "../Interpreter.ts"
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

export const make = (parts: Parts, judges: PeerJudge["Service"], known: Known): Organs => {
  const { agenda, setup } = parts
  /** Work beside the loop that answers with a message. */
  const start = (work: Effect.Effect<Message>): void => {
    agenda.tellings.push(() => parts.start(Effect.asVoid(Effect.flatMap(work, parts.inbox.post))))
  }
  const deliver = deliverer(parts, start)
  return {
    voice: Voice.make(),
    lane: parts.lane,
    inbound: parts.inbound,
    timers: parts.timers,
    tls: tlsOf(setup, parts.log.tls),
    isAwaited: parts.sends.isAwaited,
    judgePeer: (action) =>
      start(
        Effect.map(
          judge(judges, setup.config, action, {
            ocspStaple: parts.outcome.facts()?.ocspStaple,
            aliases: setup.peerAliases
          }),
          (event) => ({ _tag: "Happened", event })
        )
      ),
    // Sessions are not kept beyond their stream, so there is never one to take up again.
    judgeResumption: () => start(Effect.succeed({ _tag: "Happened", event: { _tag: "ResumptionJudged" } })),
    deliver: (action) => {
      agenda.received += 1
      deliver(action)
    },
    refuse: ({ refusal, request }) => {
      if (request === undefined) return
      const failure = failureOf(refusal, known.reason())
      agenda.tellings.push(() => parts.sends.refused(request, failure))
    },
    report: ({ notice }) => {
      parts.notices.tell(notice)
      const remark = parts.telemetry.noticed(notice)
      if (remark !== Effect.void) agenda.chores.push(remark)
      const tell = parts.outcome.noticed(notice, known.header())
      if (tell !== undefined) agenda.tellings.push(tell)
      if (notice._tag === "PeerClosed") parts.kept.finish()
    },
    drop: () => {
      agenda.chores.push(setup.connection.drop)
    }
  }
}

const deliverer = ({ agenda, kept, replies, requested }: Parts, start: (work: Effect.Effect<Message>) => void) =>
  dispatch.make({
    router: requested,
    replies,
    deliveries: kept,
    answer: (reply) => {
      agenda.replies.push(reply)
    },
    // The application begins when those who were told something in this turn have gone on.
    handle: (reply) =>
      start(Effect.map(Effect.andThen(Effect.yieldNow, reply), (stanza) => ({ _tag: "Asked", stanzas: [stanza] }))),
    later: (tell) => {
      agenda.tellings.push(tell)
    },
    lost: () => {
      agenda.lost += 1
    }
  })

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
