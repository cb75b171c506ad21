/**
 * The words of `chat`: what has happened, in lines for people. Whether somebody is verified, and whether anybody can read
 * along, is said in words on every message; a colour alone would tell nothing to some eyes and to a file.
 */
import type { Presence, Roster } from "@xmpp-e2e/link-local"
import { Describe } from "@xmpp-e2e/protocol"
import type { ChatEvent, Messenger, Serverless } from "@xmpp-e2e/serverless"
import { Failure } from "@xmpp-e2e/stream"
import * as Output from "./output.ts"
import * as RosterText from "./rosterText.ts"

export const marks: Readonly<Record<ChatEvent.Mark, string>> = {
  verified: "verified",
  known: "known",
  unverified: "not verified",
  unencrypted: "NOT ENCRYPTED"
}

export const event = (of: Messenger.Event): ReadonlyArray<string> => {
  switch (of._tag) {
    case "Show":
      return entry(of.peer, of.entry)
    case "ShowTyping":
      return []
    case "Opened":
      return [Output.paint("note", opened(of))]
    case "Closed":
      return [Output.paint("note", closed(of))]
  }
}

/** Where somebody can be reached is no news for people. */
export const change = (of: Roster.Change): ReadonlyArray<string> =>
  of._tag === "Moved" ? [] : [Output.paint("note", RosterText.change(of, RosterText.who))]

/** What was said before, for whoever turns to somebody. */
export const recalled = (peer: string, entries: ReadonlyArray<ChatEvent.Entry>): ReadonlyArray<string> =>
  entries.slice(-recalledMax).flatMap((each) =>
    each.by === "us" ? said(`to ${named(peer)} (${each.state})`, each.text) : entry(peer, each)
  )

export const listed = (
  self: string,
  standing: Serverless.Standing,
  entities: ReadonlyArray<Roster.Entity>
): ReadonlyArray<string> => [
  `you are ${named(self)}; ${place(standing)}`,
  ...entities.length === 0 ? ["nobody else is here yet"] : entities.map((each) => `  ${RosterText.entity(each)}`)
]

export const place = (standing: Serverless.Standing): string =>
  standing._tag === "Announced"
    ? "others on this network can see you"
    : standing.failure === undefined
    ? "nobody on this network is told of you"
    : `nobody on this network is told of you: ${standing.failure.message}`

export const present = (presence: Presence.Presence, standing: Serverless.Standing): string =>
  `you are ${RosterText.status(presence)}; ${
    standing._tag === "Announced" ? "everybody on this network is told" : place(standing)
  }`

export const renamed = (wanted: string, instance: string): string =>
  `somebody else here is called ${named(wanted)} already, so you are ${named(instance)}`

export const welcome = (self: string): ReadonlyArray<string> => [
  `you are ${named(self)}. /who shows who is here, /to NAME talks to somebody, /help says the rest`
]

export const nobody = "nobody hears you yet: /to NAME says whom you talk to, /who shows who is here"

export const several = (who: string, how = "/who"): string =>
  `nobody here, or more than one, is called ${named(who)}; ${how} shows the whole names`

export const turned = (peer: string, isHere: boolean): string =>
  `you talk to ${named(peer)} now${isHere ? "" : ", who was not seen on this network yet"}`

export const unreachable = (peer: string, why: string): string =>
  `${named(peer)} cannot be reached: ${Describe.clean(why, reasonMax)}`

export const unsent = (why = ""): string => `not sent: ${Describe.clean(why, reasonMax)}`

/** Handing over is all that is known where the peer does not say more (XEP-0184). */
export const sent = (peer: string, mark: ChatEvent.Mark, isReceived: boolean): string =>
  `sent to ${named(peer)} (${marks[mark]})${isReceived ? ", and received" : "; no receipt came"}`

/** What stands before the line that is typed. */
export const prompt = (peer: string | undefined, mark: ChatEvent.Mark | undefined, isTyping: boolean): string => {
  if (peer === undefined) return "> "
  const sure = mark === undefined ? "not connected" : marks[mark]
  return `to ${named(peer)} (${sure}${isTyping ? ", is typing" : ""})> `
}

export const waits = "nothing was asked"

export const named = (name: string): string => Describe.clean(name)

const entry = (peer: string, of: ChatEvent.Entry): ReadonlyArray<string> => {
  if (of.by === "them") return said(`${named(peer)} (${marks[of.mark]})`, of.text, of.mark === "unencrypted")
  switch (of.state) {
    // It stands above, as it was typed.
    case "waiting":
      return []
    case "sent":
      return of.mark === "unencrypted"
        ? [Output.paint("bad", `  sent NOT ENCRYPTED: anybody on this network may have read "${shortened(of.text)}"`)]
        : []
    case "received":
      return [Output.paint("note", `  ${named(peer)} has received "${shortened(of.text)}"`)]
    case "failed":
      return [Output.paint("bad", `  "${shortened(of.text)}" was ${unsent(of.why)}`)]
  }
}

const said = (who: string, text: string, isBad = false): ReadonlyArray<string> => {
  const [first = "", ...rest] = text.split(/\r?\n/).map(cleaned)
  return [
    `${isBad ? Output.paint("bad", who) : Output.paint("recipient", who)}: ${first}`,
    ...rest.map((line) => `    ${line}`)
  ]
}

const opened = ({ mark, peer, stream: { verdict } }: Extract<Messenger.Event, { readonly _tag: "Opened" }>): string => {
  switch (mark) {
    case "verified":
      return `${named(peer)} is connected: encrypted, and verified by you`
    case "known":
      return `${
        named(peer)
      } is connected: encrypted, with the certificate that is known; /verify makes sure whose it is`
    case "unverified":
      return verdict?.code === "firstUse"
        ? `${
          named(peer)
        } is connected: encrypted. You meet for the first time, and the certificate is remembered from now ` +
          "on; that nobody sits between you is known only after /verify"
        : `${named(peer)} is connected: encrypted, and it is not known who that is`
    case "unencrypted":
      return `${
        named(peer)
      } is connected and NOT ENCRYPTED: anybody on this network may read along, and may have made it up`
  }
}

const closed = ({ ended, peer }: Extract<Messenger.Event, { readonly _tag: "Closed" }>): string =>
  ended.clean && ended.reason._tag === "Finished"
    ? `${named(peer)} is not connected any more`
    : `${named(peer)} was cut off: ${Describe.clean(Failure.explain(ended.reason), reasonMax)}`

/** What joins pictures to one may stay: it is seen, and changes nothing around it. */
const cleaned = (line: string): string => line.split(joiner).map((part) => Describe.clean(part, lineMax)).join("\u200d")

const joiner = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})/u

const shortened = (text: string): string => Describe.clean(text, shortMax)

const recalledMax = 10
const shortMax = 40
const reasonMax = 400
/** As long as a message may be. */
const lineMax = 65_536
