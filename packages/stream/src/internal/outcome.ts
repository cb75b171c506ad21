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

export const make = (): Outcome => new Known()

class Known implements Outcome {
  readonly #opened = Deferred.makeUnsafe<Opened, StreamFailed>()
  readonly #over = Deferred.makeUnsafe<Ended>()
  #facts: TlsFacts | undefined
  #verdict: Verdict.Verdict | undefined
  #said: Ended | undefined
  #peerDone = false
  #finished: Ended | undefined

  get opened(): Outcome["opened"] {
    return Deferred.await(this.#opened)
  }

  get ended(): Outcome["ended"] {
    return Deferred.await(this.#over)
  }

  secured(facts: TlsFacts): void {
    this.#facts = facts
  }

  facts(): TlsFacts | undefined {
    return this.#facts
  }

  noticed(notice: Notice.Notice, header: Pick<State.PeerHeader, "lang" | "to">): (() => void) | undefined {
    if (notice._tag === "TlsOn") this.#verdict = notice.verdict
    if (notice._tag === "PeerClosed") this.#peerDone = true
    if (notice._tag === "Ended") this.#said = notice
    if (notice._tag !== "Negotiated") return undefined
    return () => {
      Deferred.doneUnsafe(this.#opened, Exit.succeed(this.#openedBy(notice, header)))
    }
  }

  said(): Ended | undefined {
    return this.#said
  }

  isPeerDone(): boolean {
    return this.#peerDone || (this.#said?.clean === true && this.#said.reason._tag === "Finished")
  }

  finish(ended: Ended): void {
    this.#finished = ended
    Deferred.doneUnsafe(this.#opened, Exit.fail(streamFailed(ended.reason)))
    Deferred.doneUnsafe(this.#over, Exit.succeed(ended))
  }

  isOver(): boolean {
    return this.#finished !== undefined
  }

  reason(): Reason.Reason {
    return this.#finished?.reason ?? Reason.make("aborted")
  }

  #openedBy(
    { peer, resumed, secured }: Notice.Notice & { readonly _tag: "Negotiated" },
    { lang, to }: Pick<State.PeerHeader, "lang" | "to">
  ): Opened {
    return {
      peer,
      secured,
      resumed,
      ...(lang === undefined ? {} : { lang }),
      ...(to === undefined ? {} : { to }),
      ...(this.#verdict === undefined ? {} : { verdict: this.#verdict }),
      ...(this.#facts === undefined ? {} : { tls: this.#facts })
    }
  }
}
