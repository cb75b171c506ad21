/** The chats of one person, with their clockwork: `Chat` decides, and what it decides is done here. @internal */
import { Address } from "@xmpp-e2e/protocol"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type { Source } from "@xmpp-e2e/stream/Entropy"
import type * as Peers from "@xmpp-e2e/stream/Peers"
import type { Received } from "@xmpp-e2e/stream/Stanza"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import * as Chat from "../Chat.ts"
import type { ChatAction, ChatEvent, Entry } from "../ChatEvent.ts"
import type { Unreachable } from "../Serverless.ts"
import type { Marks } from "./marking.ts"
import { addressOf } from "./seen.ts"

/** @internal */
export interface Ground {
  readonly naming: Address.Naming
  readonly entropy: Source
  readonly markOf: Marks
  readonly isKnown: (peer: string) => Effect.Effect<boolean>
  readonly refuse: (stream: E2eStream, peer: string) => Effect.Effect<void>
  readonly show: (action: Exclude<ChatAction, Send>) => void
}

/** @internal */
export interface Chatting {
  readonly hear: (received: Received, stream: E2eStream) => Effect.Effect<void>
  readonly part: (peer: string) => Effect.Effect<void>
  readonly say: (peers: Peers.Peers<Unreachable>, who: string, text: string) => Effect.Effect<Entry>
  readonly typed: (peers: Peers.Peers<Unreachable>, who: string, isTyping: boolean) => Effect.Effect<void>
  readonly isTyping: (who: string) => Effect.Effect<boolean>
  readonly history: (who: string) => Effect.Effect<ReadonlyArray<Entry>>
}

type Send = Extract<ChatAction, { readonly _tag: "Send" }>

/** @internal */
export const make = ({ entropy, isKnown, markOf, naming, refuse, show }: Ground): Chatting => {
  const keyOf = (who: string): string => Address.bareText(who, naming) ?? who
  const turnOf = turns()
  let chats = Chat.none
  /** Shows what there is to show, and gives what there is to send. */
  const take = (event: ChatEvent): ReadonlyArray<Send> => {
    const stepped = Chat.step(chats, event)
    chats = stepped.chats
    return stepped.actions.flatMap((action) => {
      if (action._tag === "Send") return [action]
      show(action)
      return []
    })
  }
  const entryOf = (peer: string, id: string, text: string): Entry =>
    Chat.history(chats, peer).findLast((entry) => entry.by === "us" && entry.id === id) ??
      { by: "us", id, text, state: "failed", why: "so much was said meanwhile that it is forgotten here" }

  return {
    hear: Effect.fnUntraced(function*({ from, stanza }, stream) {
      // Old peers may not name themselves but on their stanzas.
      const peer = addressOf(stream) ?? (from === undefined ? undefined : keyOf(from))
      if (peer === undefined) return
      if (!stream.secured && (yield* isKnown(peer))) return yield* refuse(stream, peer)
      yield* sendAll(stream, take({ _tag: "Heard", peer, stanza, mark: yield* markOf(stream) }))
    }),
    part: (peer) => Effect.sync(() => void take({ _tag: "Parted", peer })),
    say: Effect.fnUntraced(function*(peers, who, text) {
      const [peer, id] = [keyOf(who), Hex.encode(entropy.bytes(idOctets))]
      const turn = yield* turnOf(peer)
      for (const { stanza } of take({ _tag: "Said", peer, id, text })) {
        const sent = yield* turn.withPermit(Effect.flatMap(peers.send(peer, stanza), markOf)).pipe(
          Effect.onInterrupt(() => Effect.sync(() => take({ _tag: "NotSent", peer, id, why: "it was taken back" }))),
          Effect.result
        )
        take(
          Result.isSuccess(sent)
            ? { _tag: "Sent", peer, id, mark: sent.success }
            : { _tag: "NotSent", peer, id, why: sent.failure.message }
        )
      }
      return entryOf(peer, id, text)
    }),
    typed: Effect.fnUntraced(function*(peers, who, isTyping) {
      const peer = keyOf(who)
      const stream = (yield* peers.present).find((each) => addressOf(each) === peer)
      if (stream !== undefined) yield* sendAll(stream, take({ _tag: "Typed", peer, isTyping }))
    }),
    isTyping: (who) => Effect.sync(() => chats.get(keyOf(who))?.isTyping ?? false),
    history: (who) => Effect.sync(() => Chat.history(chats, keyOf(who)))
  }
}

/** What has no id is worth no new stream. */
const sendAll = (stream: E2eStream, sends: ReadonlyArray<Send>): Effect.Effect<void> =>
  Effect.forEach(sends, ({ stanza }) => Effect.ignore(stream.send(stanza)), { discard: true })

/** One after the other to each peer. */
const turns = () => {
  const all = new Map<string, Semaphore.Semaphore>()
  return (peer: string): Effect.Effect<Semaphore.Semaphore> =>
    Effect.suspend(() => {
      const turn = all.get(peer)
      return turn === undefined
        ? Effect.tap(Semaphore.make(1), (made) => Effect.sync(() => all.set(peer, made)))
        : Effect.succeed(turn)
    })
}

const idOctets = 12
