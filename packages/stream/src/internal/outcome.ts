/**
 * What has become of a stream: how it was opened, and how it ended. Read from the notices of the reducer; whoever waits
 * for either is told once.
 */
import { Reason } from "@xmpp-e2e/protocol"
import type { Notice, State, Verdict } from "@xmpp-e2e/protocol"
import type { TlsFacts } from "@xmpp-e2e/transport/Connection"
import * as Deferred from "effect/Deferred"
import type * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type StreamFailed, streamFailed } from "../Failure.ts"

/** Whom we talk to, and how sure we are. */
export interface Opened {
  readonly peer: State.PeerIdentity
  readonly secured: boolean
  readonly resumed: boolean
  readonly lang?: string
  /** How the peer's header calls us. */
  readonly to?: string
  readonly verdict?: Verdict.Verdict
  readonly tls?: TlsFacts
}

export type Ended = Notice.Notice & { readonly _tag: "Ended" }

export interface Outcome {
  readonly opened: Effect.Effect<Opened, StreamFailed>
  readonly ended: Effect.Effect<Ended>
  readonly secured: (facts: TlsFacts) => void
  /** What TLS brought, once it is up. */
  readonly facts: () => TlsFacts | undefined
  /** What is to be told once the turn is over, if anything. */
  readonly noticed: (notice: Notice.Notice, header: Pick<State.PeerHeader, "lang" | "to">) => (() => void) | undefined
  /** What the reducer said about the end; `undefined` while it has not. */
  readonly said: () => Ended | undefined
  /** The peer has closed its side in order. */
  readonly isPeerDone: () => boolean
  readonly finish: (ended: Ended) => void
  readonly isOver: () => boolean
  /** Why there is no sending any more. */
  readonly reason: () => Reason.Reason
}

export const make = (): Outcome => {
  const opened = Deferred.makeUnsafe<Opened, StreamFailed>()
  const over = Deferred.makeUnsafe<Ended>()
  let facts: TlsFacts | undefined
  let verdict: Verdict.Verdict | undefined
  let said: Ended | undefined
  let peerDone = false
  let finished: Ended | undefined

  return {
    opened: Deferred.await(opened),
    ended: Deferred.await(over),
    secured: (these) => {
      facts = these
    },
    facts: () => facts,
    noticed: (notice, { lang, to }) => {
      if (notice._tag === "TlsOn") verdict = notice.verdict
      if (notice._tag === "PeerClosed") peerDone = true
      if (notice._tag === "Ended") said = notice
      if (notice._tag !== "Negotiated") return undefined
      const { peer, resumed, secured } = notice
      return () => {
        Deferred.doneUnsafe(
          opened,
          Exit.succeed({
            peer,
            secured,
            resumed,
            ...(lang === undefined ? {} : { lang }),
            ...(to === undefined ? {} : { to }),
            ...(verdict === undefined ? {} : { verdict }),
            ...(facts === undefined ? {} : { tls: facts })
          })
        )
      }
    },
    said: () => said,
    isPeerDone: () => peerDone || (said?.clean === true && said.reason._tag === "Finished"),
    finish: (ended) => {
      finished = ended
      Deferred.doneUnsafe(opened, Exit.fail(streamFailed(ended.reason)))
      Deferred.doneUnsafe(over, Exit.succeed(ended))
    },
    isOver: () => finished !== undefined,
    reason: () => finished?.reason ?? Reason.make("aborted")
  }
}
