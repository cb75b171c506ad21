/**
 * People who write to each other on a local network: `Serverless`, with the chats of `Chat` and the verifications of
 * `Verifying` on its streams. What a person does comes in by functions; what a person should see goes out as `events`.
 *
 * @since 0.1.0
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import { PinStore } from "@xmpp-e2e/certificates/PinStore"
import type * as Capabilities from "@xmpp-e2e/link-local/Capabilities"
import type { Discovery } from "@xmpp-e2e/link-local/Discovery"
import type { TxtTooLarge, TxtUnsound } from "@xmpp-e2e/link-local/Txt"
import { Namespace } from "@xmpp-e2e/protocol"
import type { E2eStream, Ended } from "@xmpp-e2e/stream/E2eStream"
import * as Entropy from "@xmpp-e2e/stream/Entropy"
import type { ConfigInvalid, ListenFailed } from "@xmpp-e2e/stream/Failure"
import type * as StreamOptions from "@xmpp-e2e/stream/Options"
import type * as Peers from "@xmpp-e2e/stream/Peers"
import type { Transport } from "@xmpp-e2e/transport/Transport"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Abilities from "./Abilities.ts"
import * as Chat from "./Chat.ts"
import type { ChatAction, Entry, Mark } from "./ChatEvent.ts"
import * as chats from "./internal/chatting.ts"
import * as guarding from "./internal/guarding.ts"
import * as marking from "./internal/marking.ts"
import { addressOf } from "./internal/seen.ts"
import * as Serverless from "./Serverless.ts"
import * as Verifying from "./Verifying.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Options extends Omit<Serverless.Options, "isKnown" | "onStanza"> {
  readonly verifying?: Verifying.Options
}

/**
 * `peer` is its address, bare and prepared.
 *
 * - `Show`, `ShowTyping`: as in `ChatAction`
 * - `Opened`: there is a stream with the peer now, and this is how sure it is who that is
 * - `Closed`: it has ended
 *
 * @since 0.1.0
 * @category models
 */
export type Event =
  | Exclude<ChatAction, { readonly _tag: "Send" }>
  | { readonly _tag: "Opened"; readonly peer: string; readonly mark: Mark; readonly stream: E2eStream }
  | { readonly _tag: "Closed"; readonly peer: string; readonly stream: E2eStream; readonly ended: Ended }

/**
 * @since 0.1.0
 * @category models
 */
export interface Messenger extends Serverless.Serverless {
  readonly verifying: Verifying.Verifying
  /**
   * What our person says: completes when it is sent, or is known not to be, and gives what became of it. What is said to one
   * peer is sent in that order. An interruption takes back what was not sent yet.
   */
  readonly say: (peer: string, text: string) => Effect.Effect<Entry>
  /** Our person is typing, or has stopped. A peer that has shown that it wants to know is told (XEP-0085 §5.1). */
  readonly typed: (peer: string, isTyping: boolean) => Effect.Effect<void>
  /** Whether a peer is typing, as far as it says so. */
  readonly isTyping: (peer: string) => Effect.Effect<boolean>
  /** What was said with a peer, oldest first. */
  readonly history: (peer: string) => Effect.Effect<ReadonlyArray<Entry>>
  /** How sure it is who is at the other end of a stream. */
  readonly markOf: (stream: E2eStream) => Effect.Effect<Mark>
  /** From now on. A slow consumer misses the oldest. */
  readonly events: Stream.Stream<Event>
}

/**
 * Nobody whose certificate is in the `PinStore` is believed without TLS (`Serverless.Options.isKnown`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<
  Messenger,
  ListenFailed | ConfigInvalid | TxtTooLarge | TxtUnsound,
  Discovery | PeerJudge | PinStore | Scope.Scope | Transport
> {
  const { naming = "linkLocal" } = options
  const store = yield* PinStore
  const told = yield* PubSub.sliding<Event>(eventsMax)
  const verifying = yield* Verifying.make(options.verifying)
  const markOf = yield* marking.make(verifying)
  const isKnown = (address: string): Effect.Effect<boolean> =>
    store.find({ address, naming }).pipe(
      Effect.map((pins) => pins.length > 0),
      // Nobody can say so any more: then nobody is excepted.
      Effect.orElseSucceed(() => true)
    )
  const chatting = chats.make({
    naming,
    entropy: yield* Entropy.Entropy,
    markOf,
    isKnown,
    refuse: guarding.refusing(options),
    show: (action) => void PubSub.publishUnsafe(told, action)
  })
  const handlers = [...options.handlers ?? [], ...verifying.handlers]
  const serverless = yield* Serverless.make({
    ...options,
    naming,
    isKnown,
    handlers,
    abilities: options.abilities ?? abilitiesWith(handlers),
    onStanza: chatting.hear
  })
  const { peers } = serverless
  const follow = Effect.fnUntraced(function*(change: Peers.Change) {
    const { stream } = change
    const peer = addressOf(stream)
    if (peer === undefined) return
    if (change._tag === "Opened") {
      yield* PubSub.publish(told, { _tag: "Opened", peer, stream, mark: yield* markOf(stream) })
      return
    }
    const isLast = (yield* peers.present).every((other) => addressOf(other) !== peer)
    if (isLast) yield* chatting.part(peer)
    yield* PubSub.publish(told, { _tag: "Closed", peer, stream, ended: change.ended })
  })
  yield* Effect.forkScoped(Stream.runForEach(peers.changes, follow), { startImmediately: true })
  return {
    ...serverless,
    verifying,
    say: (peer, text) => chatting.say(peers, peer, text),
    typed: (peer, isTyping) => chatting.typed(peers, peer, isTyping),
    isTyping: chatting.isTyping,
    history: chatting.history,
    markOf,
    events: Stream.fromPubSub(told)
  }
})

/** Whatever is answered is what we can do, and chats besides. */
const abilitiesWith = (handlers: ReadonlyArray<StreamOptions.Handler>): Capabilities.Info => ({
  identities: [{ category: "client", type: "pc", name: "xmpp-e2e" }],
  features: [
    ...new Set([
      ...[Abilities.discoInfo, Namespace.ping, Chat.receipts, Chat.chatStates],
      ...handlers.map(({ namespace }) => namespace)
    ])
  ],
  forms: []
})

const eventsMax = 1024
