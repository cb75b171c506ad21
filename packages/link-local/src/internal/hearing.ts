/**
 * What each event makes of a roster, within its bounds.
 *
 * @internal
 */
import * as Equal from "effect/Equal"
import * as HashMap from "effect/HashMap"
import type { DiscoveryEvent } from "../DiscoveryEvent.ts"
import * as InstanceName from "../InstanceName.ts"
import type { Change, Dropped, Roster, Step, Why } from "../Roster.ts"
import * as Known from "./known.ts"
import * as Telling from "./telling.ts"

export const up = (roster: Roster, via: string): Roster => {
  if (roster.interfaces.includes(via)) return roster
  if (roster.interfaces.length >= roster.limits.interfacesMax) return Telling.drop(roster, "interfaces")
  return { ...roster, interfaces: [...roster.interfaces, via].sort() }
}

export const down = (roster: Roster, via: string): Step => {
  const before = roster.interfaces.includes(via)
    ? { ...roster, interfaces: roster.interfaces.filter((each) => each !== via) }
    : roster
  let next = before
  const changes: Array<Change> = []
  const keys = [...HashMap.entries(roster.known)].flatMap(([key, { places }]) =>
    places.some((place) => place.via === via) ? [key] : []
  )
  for (const key of keys.sort()) {
    const each = without(next, key, via, "interfaceDown")
    next = each.roster
    changes.push(...each.changes)
  }
  return { roster: next, changes }
}

export const without = (roster: Roster, key: string, via: string, why: Why): Step => {
  const known = Telling.lookUp(roster, key)
  const place = known?.places.find((each) => each.via === via)
  if (known === undefined || place === undefined) return { roster, changes: [] }
  const places = known.places.filter((each) => each !== place)
  const next = places.length === 0 ?
    HashMap.remove(roster.known, key) :
    HashMap.set(roster.known, key, { ...known, places })
  return Telling.tell(roster, { ...roster, known: next, octets: roster.octets - Known.octets(place) }, [key], why)
}

export const heard = (
  roster: Roster,
  event: Extract<DiscoveryEvent, { readonly _tag: "Appeared" | "Resolved" }>
): Step => {
  const unchanged = (reason: keyof Dropped): Step => ({ roster: Telling.drop(roster, reason), changes: [] })
  const name = InstanceName.parse(event.instance)
  if (name === undefined) return unchanged("names")
  const { limits } = roster
  const key = InstanceName.key(name)
  const known = Telling.lookUp(roster, key) ?? { address: name.address, places: [], told: 0 }
  const isNew = known.places.length === 0
  if (isNew && !hasRoom(roster, key)) return unchanged("entities")
  const before = known.places.find((each) => each.via === event.via)
  if (before !== undefined && event._tag === "Appeared") return { roster, changes: [] }
  if (before === undefined && known.places.length >= limits.interfacesMax) return unchanged("interfaces")
  const place = Known.place(event, name.label, limits.txtOctetsMax)
  if (place === undefined) return unchanged("octets")
  if (before !== undefined && Equal.equals(before, place)) return { roster, changes: [] }
  const octets = roster.octets - (before === undefined ? 0 : Known.octets(before)) + Known.octets(place)
  const isTooMuch = octets > limits.octetsMax && octets > roster.octets && !roster.expected.has(key)
  if (isTooMuch) return unchanged("octets")
  const places = [...known.places.filter((each) => each !== before), place]
    .sort((one, other) => one.via < other.via ? -1 : 1)
  // Nobody goes by being heard, so no reason for that is ever told.
  return Telling.tell(
    roster,
    { ...roster, octets, known: HashMap.set(roster.known, key, { ...known, places }) },
    [key],
    "expired"
  )
}

const hasRoom = ({ expected, known, limits }: Roster, key: string): boolean => {
  if (HashMap.size(known) < limits.entitiesMax || expected.has(key)) return true
  const strangers = HashMap.size(known) - [...expected].filter((each) => HashMap.has(known, each)).length
  return strangers < limits.entitiesMax
}
