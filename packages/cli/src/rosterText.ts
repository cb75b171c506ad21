/** Words about who is on this network. Names are those that others give themselves, less what a terminal would obey. */
import { Presence } from "@xmpp-e2e/link-local"
import type { Discovery, Roster } from "@xmpp-e2e/link-local"

/** `Romeo (romeo@forza), away: "in the orchard", at 192.0.2.1 port 5298`. */
export const entity = (of: Roster.Entity): string => {
  const [first] = of.endpoints
  const place = first === undefined ? "" : `, at ${first.address} port ${first.port}`
  const disputed = of.isDisputed ? "; interfaces do not agree on where that is" : ""
  return `${who(of)}${place}${disputed}`
}

/** The same without the place: `Romeo (romeo@forza), away: "in the orchard"`. */
export const who = ({ instance, presence = Presence.available }: Roster.Entity): string =>
  `${printable(Presence.displayName(instance, presence))}, ${status(presence)}`

/** `away: "in the orchard"` */
export const status = ({ message, status }: Pick<Presence.Presence, "message" | "status">): string =>
  `${statuses[status]}${message === undefined ? "" : `: "${printable(message)}"`}`

/** With a mark in front, and in words. */
export const change = (of: Roster.Change, told: (of: Roster.Entity) => string = entity): string => {
  switch (of._tag) {
    case "Came":
      return `+ ${told(of.entity)}`
    case "ChangedPresence":
    case "Moved":
      return `  ${told(of.entity)}`
    case "Went":
      return `- ${printable(of.entity.instance)} ${departures[of.why]}`
    case "Untold":
      return `  ${of.count} more changes than are told one by one`
  }
}

/** One object a line: `{"entity":{…}}`. */
export const entityJson = (of: Roster.Entity): string => JSON.stringify({ entity: plain(of) })

/** `{"change":"Came","entity":{…}}`, `{"change":"Went","instance":"…","why":"goodbye"}`, `{"change":"Untold","count":3}`. */
export const changeJson = (of: Roster.Change): string => {
  switch (of._tag) {
    case "Untold":
      return JSON.stringify({ change: of._tag, count: of.count })
    case "Went":
      return JSON.stringify({ change: of._tag, instance: of.entity.instance, why: of.why })
  }
  return JSON.stringify({ change: of._tag, entity: plain(of.entity) })
}

/** What keeps us from hearing anybody, or that nothing does any more. */
export const network = (obstacle: Discovery.DiscoveryFailed | undefined): string =>
  obstacle === undefined ? "there is a network now" : `nobody can be heard yet: ${printable(obstacle.detail)}`

/** `{"notice":{"_tag":"NoNetwork","reason":"noInterface","detail":"…"}}`, `{"notice":{"_tag":"Network"}}`. */
export const networkJson = (obstacle: Discovery.DiscoveryFailed | undefined): string =>
  JSON.stringify({
    notice: obstacle === undefined
      ? { _tag: "Network" }
      : { _tag: "NoNetwork", reason: obstacle.reason, detail: obstacle.detail }
  })

const plain = ({ endpoints, instance, isDisputed, presence = Presence.available, via }: Roster.Entity) => {
  const { email, first, jid, last, message, nick, status } = presence
  const places = endpoints.map(({ address, port }) => ({ address, port }))
  return { instance, status, message, nick, first, last, email, jid, endpoints: places, via, isDisputed }
}

/** Control characters, and those that turn the direction of writing, become U+FFFD. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd")

const statuses = { avail: "available", away: "away", dnd: "not to be disturbed" } as const

const departures = {
  goodbye: "said goodbye",
  expired: "was not heard any more",
  interfaceDown: "is out of reach: the interface went down",
  own: "is ourselves"
} as const
