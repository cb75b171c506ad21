/**
 * What is sent, before anybody decides how it is written. The item at a place depends on the seed, the kind and the place
 * alone, so a shorter corpus is the beginning of a longer one.
 */
import { base64, between, hex, make as randomOf, oneOf, type Random } from "./random.ts"
import { text } from "./words.ts"

export interface Chat {
  readonly _tag: "chat"
  readonly id: string
  readonly body: string
  readonly state: string
}

/** With capabilities (XEP-0115) and a picture (XEP-0153). */
export interface Presence {
  readonly _tag: "presence"
  readonly id: string
  readonly show: string
  readonly status: string
  readonly priority: number
  readonly version: string
  readonly photo: string
}

/**
 * The answer to a question about features. Not in `mixed`: a stream answers requests itself and gives answers to whoever
 * asked, so neither reaches a handler of stanzas.
 */
export interface Iq {
  readonly _tag: "iq"
  readonly id: string
  readonly client: string
  readonly features: ReadonlyArray<string>
}

/** A message of about 4 kB that only its reader can decrypt. */
export interface Encrypted {
  readonly _tag: "encrypted"
  readonly id: string
  readonly sid: number
  readonly keys: ReadonlyArray<{ readonly rid: number; readonly key: string }>
  readonly iv: string
  readonly payload: string
}

/** 64 kB of a file. */
export interface Block {
  readonly _tag: "block"
  readonly id: string
  readonly sid: string
  readonly seq: number
  readonly data: string
}

export type Item = Chat | Presence | Iq | Encrypted | Block

/** `bulk` is blocks alone; `mixed` is a day's traffic, 1.1 kB a stanza on average. */
export type Kind = "chat" | "presence" | "iq" | "encrypted" | "bulk" | "mixed"

export const kinds: ReadonlyArray<Kind> = ["chat", "presence", "iq", "encrypted", "bulk", "mixed"]

/** Messages whose text has so many bytes, with nothing in it that is dear. */
export const sized = (seed: number, bytes: number, count: number): ReadonlyArray<Chat> =>
  Array.from({ length: count }, (_, at) => {
    const random = randomOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b))
    return { ...chat(random), body: base64(random, Math.ceil(bytes * 3 / 4)).slice(0, bytes) }
  })

export const make = (seed: number, kind: Kind, count: number): ReadonlyArray<Item> =>
  Array.from({ length: count }, (_, at) => {
    const random = randomOf(Math.imul(seed, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b))
    return makers[kind](random, at)
  })

const chat = (random: Random): Chat => ({
  _tag: "chat",
  id: idOf(random),
  body: text(random, 40, 150),
  state: oneOf(random, ["active", "active", "active", "gone"])
})

const presence = (random: Random): Presence => ({
  _tag: "presence",
  id: idOf(random),
  show: oneOf(random, ["away", "chat", "dnd", "xa"]),
  status: text(random, 10, 50),
  priority: between(random, 0, 50),
  version: base64(random, 20),
  photo: hex(random, 40)
})

const iq = (random: Random): Iq => ({
  _tag: "iq",
  id: idOf(random),
  client: oneOf(random, ["pc", "phone", "web", "console"]),
  features: Array.from({ length: between(random, 3, 9) }, () => oneOf(random, features))
})

const encrypted = (random: Random): Encrypted => ({
  _tag: "encrypted",
  id: idOf(random),
  sid: random(),
  keys: Array.from({ length: between(random, 2, 6) }, () => ({ rid: random(), key: base64(random, 132) })),
  iv: base64(random, 12),
  payload: base64(random, between(random, 2000, 2800))
})

const block = (random: Random, at: number): Block => ({
  _tag: "block",
  id: idOf(random),
  sid: "i781hf64",
  seq: at % 65_536,
  data: base64(random, 49_152)
})

const mixed = (random: Random): Item => {
  const share = random() % 100
  if (share < 60) return chat(random)
  return share < 81 ? presence(random) : encrypted(random)
}

const makers: Readonly<Record<Kind, (random: Random, at: number) => Item>> = {
  chat,
  presence,
  iq,
  encrypted,
  bulk: block,
  mixed
}

const idOf = (random: Random): string =>
  `${hex(random, 8)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 4)}-${hex(random, 12)}`

const features = [
  "http://jabber.org/protocol/caps",
  "http://jabber.org/protocol/chatstates",
  "http://jabber.org/protocol/disco#info",
  "http://jabber.org/protocol/ibb",
  "urn:xmpp:chat-markers:0",
  "urn:xmpp:jingle:1",
  "urn:xmpp:jingle:apps:file-transfer:5",
  "urn:xmpp:message-correct:0",
  "urn:xmpp:ping",
  "urn:xmpp:receipts"
] as const
