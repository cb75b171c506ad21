/**
 * What a roster keeps of one entity: for each interface on which it was heard, what was said there, already read and
 * checked; and what of that is shown.
 *
 * @internal
 */
import type * as Address from "@xmpp-e2e/protocol/Address"
import type { DiscoveryEvent } from "../DiscoveryEvent.ts"
import * as Endpoint from "../Endpoint.ts"
import * as Presence from "../Presence.ts"
import type { Entity } from "../Roster.ts"
import * as Txt from "../Txt.ts"

/** `told`: changes told since the last refresh. Places are sorted by `via`. */
export interface Known {
  readonly address: Address.LinkLocalName
  readonly places: ReadonlyArray<Place>
  readonly told: number
}

/** `where` is missing until it was heard. */
export interface Place {
  readonly via: string
  readonly label: string
  readonly where?: Where
}

export interface Where {
  readonly host: string
  readonly port: number
  readonly endpoints: ReadonlyArray<Endpoint.Endpoint>
  readonly presence: Presence.Presence
  readonly txtOctets: number
}

/** What an event says of a place; `undefined` when that cannot be. */
export const place = (
  event: Extract<DiscoveryEvent, { readonly _tag: "Appeared" | "Resolved" }>,
  label: string,
  txtOctetsMax: number
): Place | undefined => {
  const { via } = event
  if (event._tag === "Appeared") return { via, label }
  const { addresses, host, port, txt } = event
  if (host.length > hostCharsMax || !Number.isInteger(port) || port < 0 || port > 0xffff) return undefined
  const txtOctets = txt.length > txtOctetsMax ? Infinity : Txt.octets(txt)
  const isReadable = txtOctets <= txtOctetsMax
  // Port 0 is the port of nobody (RFC 6335 §6).
  const endpoints = port === 0 ? [] : addresses.slice(0, addressesReadMax).flatMap((text) => {
    const read = Endpoint.read(text, via)
    return read === undefined ? [] : [{ via, host, port, ...read }]
  })
  return {
    via,
    label,
    where: {
      host,
      port,
      endpoints: Endpoint.inOrder(endpoints).slice(0, addressesMax),
      presence: isReadable ? Presence.decode(txt) : Presence.available,
      txtOctets: isReadable ? txtOctets : 0
    }
  }
}

/** What a place takes, roughly, in octets. */
export const octets = ({ label, via, where }: Place): number =>
  placeOctets + 2 * (via.length + label.length)
  + (where === undefined ? 0 : 2 * where.txtOctets + 2 * where.host.length + where.endpoints.length * endpointOctets)

export const entity = ({ address, places }: Known): Entity => {
  const wheres = places.flatMap(({ where }) => where ?? [])
  const [first, ...others] = wheres
  return {
    instance: places[0]?.label ?? "",
    address,
    via: places.map(({ via }) => via),
    ...(first === undefined ? {} : { presence: first.presence }),
    endpoints: Endpoint.inOrder(wheres.flatMap((where) => where.endpoints)),
    isDisputed: first !== undefined && others.some((other) => !isSameServer(first, other))
  }
}

const isSameServer = (one: Where, other: Where): boolean =>
  one.port === other.port && one.host.toLowerCase() === other.host.toLowerCase()

const hostCharsMax = 255
const addressesReadMax = 64
const addressesMax = 16
const placeOctets = 256
const endpointOctets = 256
