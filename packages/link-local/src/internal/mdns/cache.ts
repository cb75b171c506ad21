/**
 * What others have said on one interface, and for how long it holds (RFC 6762 §5.2, §10). Only records of presence find room, and
 * each sender has its share of it.
 *
 * @internal
 */
import type { ResourceRecord } from "../../mdns/Message.ts"
import type { Entry, Link } from "../../mdns/State.ts"
import { fold } from "../dns/names.ts"
import { instanceIn, keyOf, service } from "./service.ts"
import * as Times from "./times.ts"

/** The link with what it heard; `refused` of its records had no room. */
export const remember = (
  link: Link,
  heard: ReadonlyArray<ResourceRecord>,
  source: string,
  at: number
): readonly [link: Link, refused: number] => {
  const records = relevant(heard, link.cache)
  if (records.length === 0) return [link, 0]
  const flushed = new Set(records.filter(mayFlush).map(setOf))
  const entries = new Map(
    link.cache.map((entry) => [entry.key, flushed.size === 0 ? entry : flush(entry, flushed, at)])
  )
  let share = link.cache.filter((entry) => entry.source === source).length
  let refused = 0
  for (const record of records) {
    const key = keyOf(record)
    const before = entries.get(key)
    const isNew = before === undefined && record.ttl > 0
    if (isNew && !hasRoom(entries, share)) refused += 1
    else if (record.ttl > 0) entries.set(key, entryOf(key, record, before?.source ?? source, at))
    else if (before !== undefined) entries.set(key, { ...before, expires: soon(before, at), goodbye: true })
    if (isNew) share += 1
  }
  return [{ ...link, cache: [...entries.values()] }, refused]
}

/** Where all is taken, the sender with the most makes room for one who has little. */
const hasRoom = (entries: Map<string, Entry>, share: number): boolean => {
  if (share >= Times.cachePerSenderMax) return false
  if (entries.size < Times.cacheMax) return true
  const shares = Map.groupBy(entries.values(), ({ source }) => source)
  const most = [...shares.values()].reduce((one, other) => other.length > one.length ? other : one, [])
  const oldest = most.reduce<Entry | undefined>(
    (one, other) => one && one.heard <= other.heard ? one : other,
    undefined
  )
  if (oldest === undefined || most.length <= Math.max(share + 1, Times.cachePerSenderKept)) return false
  return entries.delete(oldest.key)
}

const entryOf = (key: string, record: ResourceRecord, source: string, heard: number): Entry => {
  const instance = instanceIn(record.data.type === "PTR" ? record.data.target : record.name)
  return {
    key,
    owner: fold(record.name),
    instance: instance === undefined ? "" : fold(instance),
    record,
    source,
    heard,
    expires: heard + 1000 * Math.min(record.ttl, Times.otherTtl),
    asked: 0,
    goodbye: false,
    missed: undefined
  }
}

const soon = (entry: Entry, at: number): number => Math.min(entry.expires, at + Times.goodbyeGrace)

/** Who is there, where they listen, what they say; and the addresses of the machines on which they do. */
const relevant = (
  heard: ReadonlyArray<ResourceRecord>,
  cache: ReadonlyArray<Entry>
): ReadonlyArray<ResourceRecord> => {
  const ours = heard.filter(({ data, name }) =>
    data.type === "PTR"
      ? fold(name) === service && instanceIn(data.target) !== undefined
      : (data.type === "SRV" || data.type === "TXT") && instanceIn(name) !== undefined
  )
  const addresses = heard.filter(isAddress)
  if (addresses.length === 0) return ours
  const hosts = new Set([...cache.map(({ record }) => record), ...ours].flatMap(targetOf))
  return [...ours, ...addresses.filter(({ name }) => hosts.has(fold(name)))]
}

const targetOf = ({ data }: ResourceRecord): ReadonlyArray<string> => data.type === "SRV" ? [fold(data.target)] : []

export const isAddress = ({ data }: ResourceRecord): boolean => data.type === "A" || data.type === "AAAA"

/** Everybody has a pointer of the service: whoever sets the bit on it would have all others forgotten. */
const mayFlush = ({ data, flush: isSet, ttl }: ResourceRecord): boolean => isSet && ttl > 0 && data.type !== "PTR"

const setOf = ({ data, name }: ResourceRecord): string => `${fold(name)} ${data.type}`

/** §10.2: what was said more than a second ago is over in another second, unless it is said again now. */
const flush = (entry: Entry, flushed: ReadonlySet<string>, at: number): Entry => {
  const isOld = entry.heard + Times.goodbyeGrace < at &&
    flushed.has(`${entry.owner} ${entry.record.data.type}`)
  return isOld ? { ...entry, expires: soon(entry, at) } : entry
}

/** Without what has run out. */
export const expire = (link: Link, at: number): Link =>
  link.cache.some(({ expires }) => expires <= at)
    ? { ...link, cache: link.cache.filter(({ expires }) => expires > at) }
    : link

/** When a pointer is to be asked after, so that it does not run out while its owner is there. */
export const refreshTime = ({ asked, expires, goodbye, heard, record }: Entry): number | undefined => {
  const share = Times.refreshAt[asked]
  if (share === undefined || goodbye || record.data.type !== "PTR") return undefined
  return heard + share * (expires - heard)
}

/** One question does for all times that have passed. */
export const askedUntil = (entry: Entry, at: number): Entry => {
  const time = refreshTime(entry)
  return time === undefined || time > at ? entry : askedUntil({ ...entry, asked: entry.asked + 1 }, at)
}

/** §10.4: what belongs to an instance is over at `until`, unless it is heard again. */
export const doubt = (link: Link, instance: string, until: number): Link => ({
  ...link,
  cache: link.cache.map((entry) =>
    entry.instance === fold(instance) ? { ...entry, expires: Math.min(entry.expires, until) } : entry
  )
})

/**
 * §10.5: somebody asks all for those who are there. Who is known here, not to the asker, and has not answered twice in ten seconds, is
 * doubted.
 */
export const missing = (link: Link, answers: ReadonlyArray<ResourceRecord>, at: number): Link => {
  const known = new Set(answers.map(keyOf))
  const cache = link.cache.map((entry) =>
    entry.record.data.type !== "PTR" || known.has(entry.key)
      ? entry
      : { ...entry, missed: { since: entry.missed?.since ?? at, count: (entry.missed?.count ?? 0) + 1 } }
  )
  const lost = cache.filter(({ missed }) =>
    missed !== undefined && missed.count > Times.missedMax && missed.since + Times.reconfirmWithin <= at
  )
  return lost.reduce<Link>((next, { instance }) => doubt(next, instance, at + Times.reconfirmWithin), {
    ...link,
    cache
  })
}

export const forget = (link: Link, instance: string): Link => ({
  ...link,
  cache: link.cache.filter((entry) => entry.instance !== fold(instance))
})
