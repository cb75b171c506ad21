/**
 * What an entity says of itself, as typed data and as the keys of its TXT record (XEP-0174 §15.1): presence is that record
 * (LL-22). Nothing in it is proved; what is read may have been written by anybody (LL-26). The keys and values themselves
 * are the business of `Txt.ts`.
 *
 * @since 0.1.0
 */
import type * as Result from "effect/Result"
import * as Txt from "./Txt.ts"

/**
 * `avail` where nothing is said (LL-22).
 *
 * @since 0.1.0
 * @category models
 */
export type Status = "avail" | "away" | "dnd"

/**
 * What an entity claims to be able to do (LL-23), as XEP-0115 has it: `hash` names the function that made `ver`. `ext` is
 * what came before there were hashes. See `Capabilities`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Claim {
  readonly node: string
  readonly ver: string
  readonly hash?: string
  readonly ext?: ReadonlyArray<string>
}

/**
 * Every field but `status` and `other` may be missing (LL-07). Texts hold no control characters and nothing that turns the
 * direction of writing. Of `email` and `jid` there may be several. `avatar` is the SHA-1 of a picture, in 40
 * lower-case hexadecimal digits. `calls` are the letters of `vc`: `A` audio, `V` video, `C` with several, `!` free now.
 * `other` are the keys that nobody has registered.
 *
 * XEP-0174 §3.1, §15.1.
 *
 * @since 0.1.0
 * @category models
 */
export interface Presence {
  readonly status: Status
  readonly message?: string
  readonly nick?: string
  readonly first?: string
  readonly last?: string
  readonly email?: ReadonlyArray<string>
  readonly jid?: ReadonlyArray<string>
  readonly avatar?: string
  readonly capabilities?: Claim
  readonly calls?: ReadonlyArray<Call>
  readonly other: Txt.Txt
}

/**
 * @since 0.1.0
 * @category models
 */
export type Call = "A" | "V" | "C" | "!"

/**
 * Somebody who is there and says nothing more.
 *
 * @since 0.1.0
 * @category constructors
 */
export const available: Presence = { status: "avail", other: [] }

/**
 * Reads keys. A value that is none of those which its key may have counts as missing, so a status that nobody has
 * registered is `avail`. `port.p2pj` is passed over: the port is that of SRV (LL-10).
 *
 * @since 0.1.0
 * @category decoding
 */
export const of = (txt: Txt.Txt): Presence => {
  const said = {
    message: textOf(txt, "msg"),
    nick: textOf(txt, "nick"),
    first: textOf(txt, "1st"),
    last: textOf(txt, "last"),
    email: wordsOf(txt, "email"),
    jid: wordsOf(txt, "jid"),
    avatar: avatarOf(textOf(txt, "phsh")),
    capabilities: claimOf(txt),
    calls: callsOf(textOf(txt, "vc"))
  }
  return {
    status: statuses.find((each) => each === textOf(txt, "status")) ?? "avail",
    ...present(said),
    other: txt.filter(({ key }) => !registered.has(key))
  }
}

/**
 * Reads the strings of a record, in base64 as `DiscoveryEvent` has them.
 *
 * @since 0.1.0
 * @category decoding
 */
export const decode = (strings: ReadonlyArray<string>): Presence => of(Txt.decode(strings))

/**
 * The keys to publish: `txtvers=1` first (LL-06), then what there is to say. `port` is that of SRV, said again for old peers
 * (LL-10). Keys of `other` that are registered are left out. A change of presence is another record in the place of the one
 * before (LL-22).
 *
 * @since 0.1.0
 * @category encoding
 */
export const txt = (presence: Presence, port?: number): Txt.Txt => {
  const { avatar, calls, capabilities, email, first, jid, last, message, nick, other, status } = presence
  const said: ReadonlyArray<readonly [key: string, text: string | undefined]> = [
    ["txtvers", "1"],
    ["port.p2pj", port === undefined ? undefined : String(port)],
    ["status", status],
    ["msg", message],
    ["nick", nick],
    ["1st", first],
    ["last", last],
    ["email", email?.join(" ")],
    ["jid", jid?.join(" ")],
    ["node", capabilities?.node],
    ["hash", capabilities?.hash],
    ["ver", capabilities?.ver],
    ["ext", capabilities?.ext?.join(" ")],
    ["phsh", avatar],
    ["vc", calls?.join("")]
  ]
  return [
    ...said.flatMap(([key, text]) => text === undefined ? [] : [Txt.entry(key, text)]),
    ...other.filter(({ key }) => !registered.has(key.toLowerCase()))
  ]
}

/**
 * The strings to publish, in base64.
 *
 * @since 0.1.0
 * @category encoding
 */
export const encode = (
  presence: Presence,
  port?: number
): Result.Result<ReadonlyArray<string>, Txt.TxtTooLarge | Txt.TxtUnsound> => Txt.encode(txt(presence, port))

/**
 * Without whatever says who somebody is: `1st`, `last`, `nick`, `email`, `jid` (LL-25). The name of the instance still says
 * it, and so may a message.
 *
 * XEP-0174 §13.4.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withoutPersonal = (presence: Presence): Presence => {
  const { email: _email, first: _first, jid: _jid, last: _last, nick: _nick, ...rest } = presence
  return rest
}

/**
 * With another status; the message before is gone, and there may be another.
 *
 * @since 0.1.0
 * @category combinators
 */
export const withStatus = (presence: Presence, status: Status, message?: string): Presence => {
  const { message: _before, ...rest } = presence
  return message === undefined ? { ...rest, status } : { ...rest, status, message }
}

/**
 * How to show an entity: its instance, which DNS-SD keeps unique, after the name that it gives itself, which nobody
 * vouches for (LL-31). `Juliet (juliet@pronto)`.
 *
 * XEP-0174 §11.5.
 *
 * @since 0.1.0
 * @category getters
 */
export const displayName = (label: string, { first, last, nick }: Presence): string => {
  const full = [first, last].filter((each) => each !== undefined).join(" ")
  const own = (nick ?? full).trim()
  return own === "" || own === label ? label : `${own} (${label})`
}

const textOf = (txt: Txt.Txt, key: string): string | undefined => {
  const text = Txt.text(txt, key)?.replace(unshowable, "\ufffd")
  return text === "" ? undefined : text
}

const wordsOf = (txt: Txt.Txt, key: string): ReadonlyArray<string> | undefined => {
  const words = textOf(txt, key)?.split(" ").filter((word) => word !== "") ?? []
  return words.length === 0 ? undefined : words
}

const claimOf = (txt: Txt.Txt): Claim | undefined => {
  const node = textOf(txt, "node")
  const ver = textOf(txt, "ver")
  if (node === undefined || ver === undefined) return undefined
  return { node, ver, ...present({ hash: textOf(txt, "hash")?.toLowerCase(), ext: wordsOf(txt, "ext") }) }
}

const avatarOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^[0-9a-f]{40}$/i.test(text) ? text.toLowerCase() : undefined

const callsOf = (text: string | undefined): ReadonlyArray<Call> | undefined => {
  const found = letters.filter((letter) => text?.toUpperCase().includes(letter))
  return found.length === 0 ? undefined : found
}

type Present<Fields> = { readonly [Key in keyof Fields]?: Exclude<Fields[Key], undefined> }

/** Without the fields that are `undefined`. */
const present = <const Fields extends object>(fields: Fields): Present<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, each]) => each !== undefined)) as Present<Fields>

const statuses: ReadonlyArray<Status> = ["avail", "away", "dnd"]
const letters: ReadonlyArray<Call> = ["A", "V", "C", "!"]
const registered = new Set(
  "txtvers 1st last nick email jid msg status phsh node hash ver ext port.p2pj vc".split(" ")
)
/** Controls, and what turns the direction of writing for whatever follows. */
const unshowable = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
