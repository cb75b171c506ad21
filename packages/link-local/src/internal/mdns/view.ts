/**
 * What those who browse are told: the difference between what was told before and what the cache of an interface holds now. Only
 * instances of which something has changed are looked at, so that a flood costs by what it changes.
 *
 * @internal
 */
import type { DiscoveryEvent, Resolved } from "../../DiscoveryEvent.ts"
import type { Entry, Known, Link, State } from "../../mdns/State.ts"
import { fold } from "../dns/names.ts"
import { isAddress } from "./cache.ts"
import { instanceIn, zoned } from "./service.ts"
import * as Times from "./times.ts"

/**
 * LL-14: without ourselves. `before` is the cache as it was, which knows who has said goodbye; `isAnew` looks at everybody, because
 * it is we who have changed.
 */
export const tell = (
  state: State,
  link: Link,
  before: ReadonlyArray<Entry>,
  isAnew: boolean
): readonly [link: Link, events: ReadonlyArray<DiscoveryEvent>] => {
  const touched = isAnew ? everybody(link) : changed(before, link.cache)
  if (touched.size === 0) return [link, []]
  const own = new Set(ownNames(state, link))
  const facts = factsOf(link.cache, touched)
  const events: Array<DiscoveryEvent> = []
  const known: Array<Known> = []
  for (const last of link.known) {
    const key = fold(last.instance)
    const next = touched.delete(key) ? present(facts, link, key, last, own) : last
    if (next === undefined) events.push(vanished(link, before, last.instance))
    else known.push(next)
    if (next !== last && next?.resolved !== undefined && !same(next.resolved, last.resolved)) {
      events.push({ _tag: "Resolved", via: link.via, ...next.resolved })
    }
  }
  for (const key of touched) {
    const next = present(facts, link, key, undefined, own)
    if (next === undefined) continue
    known.push(next)
    events.push(...introduced(link.via, next))
  }
  return [{ ...link, known }, events]
}

/** What has been told on an interface, as events. */
export const told = ({ known, via }: Link): ReadonlyArray<DiscoveryEvent> =>
  known.flatMap((each) => introduced(via, each))

/** Where an instance listens, as far as the cache knows; `since`: only if it has said so after that. */
export const located = (link: Link, instance: string, since: number): Resolved | undefined => {
  const key = fold(instance)
  const facts = factsOf(link.cache, new Set([key]))
  const isSaid = facts.about.get(key)?.some(({ goodbye, heard, record }) =>
    record.data.type === "SRV" && !goodbye && heard >= since
  )
  return isSaid === true ? merged(facts, link, key, instance, undefined) : undefined
}

const introduced = (via: string, { instance, resolved }: Known): ReadonlyArray<DiscoveryEvent> => [
  { _tag: "Appeared", via, instance },
  ...resolved === undefined ? [] : [{ _tag: "Resolved", via, ...resolved } as const]
]

const vanished = ({ via }: Link, before: ReadonlyArray<Entry>, instance: string): DiscoveryEvent => {
  const isGoodbye = before.some((entry) => entry.goodbye && isPointer(entry) && entry.instance === fold(instance))
  return { _tag: "Vanished", via, instance, why: isGoodbye ? "goodbye" : "expired" }
}

const isPointer = ({ record }: Entry): boolean => record.data.type === "PTR"

const ownNames = (state: State, link: Link): ReadonlyArray<string> =>
  link.duties.flatMap(({ id, phase }) => {
    const own = state.own.find((each) => each.id === id)
    return own === undefined || (phase === "probing" && own.named !== own.instance) ? [] : [fold(own.instance)]
  })

const everybody = (link: Link): Set<string> =>
  new Set([
    ...link.known.map(({ instance }) => fold(instance)),
    ...link.cache.filter(isPointer).map(({ instance }) => instance)
  ])

/** Whose records came, went or changed; addresses stand for all who listen there. */
const changed = (before: ReadonlyArray<Entry>, after: ReadonlyArray<Entry>): Set<string> => {
  const [old, now] = [new Set(before), new Set(after)]
  const entries = [...after.filter((entry) => !old.has(entry)), ...before.filter((entry) => !now.has(entry))]
  const instances = new Set(entries.flatMap(({ instance }) => instance === "" ? [] : [instance]))
  const hosts = new Set(entries.flatMap(({ owner, record }) => isAddress(record) ? [owner] : []))
  if (hosts.size === 0) return instances
  for (const { instance, record: { data } } of after) {
    if (data.type === "SRV" && hosts.has(fold(data.target))) instances.add(instance)
  }
  return instances
}

interface Facts {
  readonly about: ReadonlyMap<string, ReadonlyArray<Entry>>
  readonly addresses: ReadonlyMap<string, ReadonlyArray<string>>
}

const factsOf = (cache: ReadonlyArray<Entry>, instances: ReadonlySet<string>): Facts => {
  const about = new Map<string, Array<Entry>>()
  const addresses = new Map<string, Array<string>>()
  for (const entry of cache) {
    const { data } = entry.record
    if ("address" in data) append(addresses, entry.owner, data.address)
    else if (instances.has(entry.instance)) append(about, entry.instance, entry)
  }
  return { about, addresses }
}

const append = <A>(lists: Map<string, Array<A>>, key: string, one: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [one])
  else list.push(one)
}

const present = (
  facts: Facts,
  link: Link,
  key: string,
  last: Known | undefined,
  own: ReadonlySet<string>
): Known | undefined => {
  if (own.has(key)) return undefined
  const pointers = (facts.about.get(key) ?? []).flatMap(({ record: { data } }) =>
    data.type === "PTR" ? [data.target] : []
  )
  const instance = last?.instance ?? pointers.map(instanceIn)[0]
  if (pointers.length === 0 || instance === undefined) return undefined
  return { instance, resolved: merged(facts, link, key, instance, last?.resolved) }
}

/** What is not heard any more stays as it was told: a hint, which is asked for again before it is used (LL-19). */
const merged = (
  facts: Facts,
  link: Link,
  key: string,
  instance: string,
  last: Resolved | undefined
): Resolved | undefined => {
  const about = (facts.about.get(key) ?? []).toSorted((a, b) => b.heard - a.heard)
  const srv = about.flatMap(({ record: { data } }) => data.type === "SRV" ? [data] : [])
    // LL-29
    .toSorted((a, b) => a.priority - b.priority)[0]
  const host = srv?.target ?? last?.host
  const port = srv?.port ?? last?.port
  if (host === undefined || port === undefined) return undefined
  const txt = about.flatMap(({ record: { data } }) => data.type === "TXT" ? [data.strings] : [])[0]
  const addresses = (facts.addresses.get(fold(host)) ?? []).map((address) => zoned(address, link.via))
    .toSorted().slice(0, Times.addressesMax)
  const kept = last !== undefined && fold(last.host) === fold(host) ? last.addresses : []
  return { instance, host, port, addresses: addresses.length > 0 ? addresses : kept, txt: txt ?? last?.txt ?? [] }
}

const same = (one: Resolved, other: Resolved | undefined): boolean =>
  other !== undefined && one.host === other.host && one.port === other.port &&
  one.addresses.join() === other.addresses.join() && one.txt.join() === other.txt.join()
