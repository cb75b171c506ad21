/**
 * Chats with peers, as a fold: what was said, what became of it, who is typing. It holds history in memory only, and of each
 * the newest. Messages are those of RFC 6121 §5, receipts of XEP-0184, typing of XEP-0085.
 *
 * @since 0.1.0
 */
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import type { ChatAction, ChatEvent, ChatState, Entry, Mark } from "./ChatEvent.ts"

/**
 * One conversation. `entries` are the newest, oldest first. `tells` is whether the peer has said a chat state, so that it
 * may be told ours (XEP-0085 §5.1); `told` is what it was told last.
 *
 * @since 0.1.0
 * @category models
 */
export interface Chat {
  readonly entries: ReadonlyArray<Entry>
  readonly isTyping: boolean
  readonly tells: boolean
  readonly told: ChatState
}

/**
 * By the peer's address, the one with whom something happened last at the end.
 *
 * @since 0.1.0
 * @category models
 */
export type Chats = ReadonlyMap<string, Chat>

/**
 * @since 0.1.0
 * @category models
 */
export interface Stepped {
  readonly chats: Chats
  readonly actions: ReadonlyArray<ChatAction>
}

/**
 * @since 0.1.0
 * @category constructors
 */
export const none: Chats = new Map()

/**
 * One step. Total; whatever a peer sends has an answer here, and nothing throws.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (chats: Chats, event: ChatEvent): Stepped => {
  const chat = chats.get(event.peer) ?? silent
  const stepped = stepOne(chat, event)
  if (stepped.chat === chat) return { chats, actions: stepped.actions }
  const rest = [...chats].filter(([peer]) => peer !== event.peer)
  return { chats: new Map([...rest.slice(-(chatsMax - 1)), [event.peer, stepped.chat]]), actions: stepped.actions }
}

/**
 * What was said with a peer, oldest first.
 *
 * @since 0.1.0
 * @category getters
 */
export const history = (chats: Chats, peer: string): ReadonlyArray<Entry> => chats.get(peer)?.entries ?? []

/**
 * XEP-0184 §3.
 *
 * @since 0.1.0
 * @category constants
 */
export const receipts = "urn:xmpp:receipts"

/**
 * XEP-0085 §4.
 *
 * @since 0.1.0
 * @category constants
 */
export const chatStates = "http://jabber.org/protocol/chatstates"

interface SteppedOne {
  readonly chat: Chat
  readonly actions: ReadonlyArray<ChatAction>
}

const stepOne = (chat: Chat, event: ChatEvent): SteppedOne => {
  const { peer } = event
  switch (event._tag) {
    case "Said": {
      const { id, text } = event
      const entry: Entry = { by: "us", id, text, state: "waiting" }
      const stanza = Stanza.message({
        type: "chat",
        id,
        body: text,
        children: [Element.make(receipts, "request"), Element.make(chatStates, "active")]
      })
      return {
        chat: { ...withEntry(chat, entry), told: "active" },
        actions: [{ _tag: "Show", peer, entry }, { _tag: "Send", peer, stanza, id }]
      }
    }
    case "Sent":
      return become(
        chat,
        event,
        (entry) => entry.state === "waiting" ? { state: "sent", mark: event.mark } : { mark: event.mark }
      )
    case "NotSent":
      return become(chat, event, () => ({ state: "failed", why: event.why }))
    case "Typed": {
      const told = event.isTyping ? "composing" : "paused"
      const isNews = chat.tells && chat.told !== told && (event.isTyping || chat.told === "composing")
      if (!isNews) return { chat, actions: [] }
      const stanza = Stanza.message({ type: "chat", children: [Element.make(chatStates, told)] })
      return { chat: { ...chat, told }, actions: [{ _tag: "Send", peer, stanza }] }
    }
    case "Heard":
      return heard(chat, peer, event.stanza, event.mark)
    case "Parted":
      return typing({ ...chat, tells: false, told: "active" }, peer, false)
  }
}

const heard = (chat: Chat, peer: string, stanza: Element.Element, mark: Mark): SteppedOne => {
  if (stanza.name !== "message") return { chat, actions: [] }
  if (Stanza.typeOf(stanza) === "error") return refused(chat, peer, stanza)
  const state = chatStateOf(stanza)
  const text = Stanza.bodyOf(stanza)
  const told = typing(state === undefined ? chat : { ...chat, tells: true }, peer, state === "composing")
  const receipt = Element.child(stanza, receipts, "received")
  const id = receipt === undefined ? undefined : Element.attribute(receipt, "id")
  const confirmed = id === undefined
    ? told
    : join(told, (next) => become(next, { peer, id }, ({ state }) => state === "sent" ? { state: "received" } : {}))
  if (text === undefined) return confirmed
  const entry: Entry = { by: "them", text, mark }
  return join(confirmed, (next) => ({
    chat: withEntry(next, entry),
    actions: [{ _tag: "Show", peer, entry }, ...receiptFor(peer, stanza)]
  }))
}

/** XEP-0184 §5.3: a receipt has an id to name, and none is asked for it. */
const receiptFor = (peer: string, stanza: Element.Element): ReadonlyArray<ChatAction> => {
  const id = Stanza.idOf(stanza)
  if (id === undefined || Element.child(stanza, receipts, "request") === undefined) return []
  return [{ _tag: "Send", peer, stanza: Stanza.message({ children: [Element.make(receipts, "received", { id })] }) }]
}

const refused = (chat: Chat, peer: string, stanza: Element.Element): SteppedOne => {
  const id = Stanza.idOf(stanza)
  const { condition, text } = Stanza.errorOf(stanza)
  const why = `the peer could not take it: ${text === undefined ? condition : `${condition}: ${text}`}`
  return id === undefined ? { chat, actions: [] } : become(chat, { peer, id }, () => ({ state: "failed", why }))
}

const chatStateOf = (stanza: Element.Element): ChatState | undefined =>
  states.find((each) => Element.child(stanza, chatStates, each) !== undefined)

const typing = (chat: Chat, peer: string, isTyping: boolean): SteppedOne =>
  chat.isTyping === isTyping
    ? { chat, actions: [] }
    : { chat: { ...chat, isTyping }, actions: [{ _tag: "ShowTyping", peer, isTyping }] }

type Ours = Extract<Entry, { readonly by: "us" }>

/** Another state of what we said; nothing where it stays as it is, or is forgotten. */
const become = (
  chat: Chat,
  { id, peer }: { readonly peer: string; readonly id: string },
  change: (entry: Ours) => Partial<Pick<Ours, "mark" | "state" | "why">>
): SteppedOne => {
  const before = chat.entries.findLast((entry) => entry.by === "us" && entry.id === id)
  if (before?.by !== "us") return { chat, actions: [] }
  const entry = { ...before, ...change(before) }
  if (entry.state === before.state && entry.mark === before.mark && entry.why === before.why) {
    return { chat, actions: [] }
  }
  return {
    chat: { ...chat, entries: chat.entries.map((each) => each === before ? entry : each) },
    actions: [{ _tag: "Show", peer, entry }]
  }
}

const join = (first: SteppedOne, then: (chat: Chat) => SteppedOne): SteppedOne => {
  const second = then(first.chat)
  return { chat: second.chat, actions: [...first.actions, ...second.actions] }
}

const withEntry = (chat: Chat, entry: Entry): Chat => ({
  ...chat,
  entries: [...chat.entries.slice(-(entriesMax - 1)), entry]
})

const silent: Chat = { entries: [], isTyping: false, tells: false, told: "active" }
const states: ReadonlyArray<ChatState> = ["active", "composing", "paused", "inactive", "gone"]
const entriesMax = 500
const chatsMax = 100
