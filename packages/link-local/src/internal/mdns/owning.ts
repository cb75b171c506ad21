/**
 * Our own names: probing for them, announcing them, and giving them up to others (RFC 6762 §8, §9; LL-11, LL-12). What we have is
 * answered for in `replying.ts`.
 *
 * @internal
 */
import type { Action } from "../../mdns/Action.ts"
import type { Source } from "../../mdns/Event.ts"
import type { Message, ResourceRecord } from "../../mdns/Message.ts"
import type { Duty, Link, Own, State } from "../../mdns/State.ts"
import { fold } from "../dns/names.ts"
import * as Types from "../dns/types.ts"
import { dataBytes } from "../dns/writing.ts"
import { denials, missingFamily } from "./denying.ts"
import { eachLink, empty, type Moment, type Move, onLink, responding, stay } from "./move.ts"
import { named } from "./naming.ts"
import { goodbye, markSent } from "./replying.ts"
import { instanceName, keyOf, pointer, uniqueRecords } from "./service.ts"
import * as Times from "./times.ts"

/** From the first probe on, after `wait`. */
export const probing = (id: number, { at, chance }: Moment, wait = 0): Duty => ({
  id,
  phase: "probing",
  done: 0,
  at: at + wait + Times.between(chance, 0, Times.probeDelayMax)
})

export const announcing = (id: number, at: number): Duty => ({ id, phase: "announcing", done: 0, at })

/** Probes and announcements that are due, and names that are ours from now on. */
export const carryOn = (state: State, at: number): Move => {
  const [after, actions] = eachLink(state, (link) => {
    let [next, sent]: readonly [Link, ReadonlyArray<Action>] = [link, []]
    for (const duty of link.duties) {
      const own = state.own.find(({ id }) => id === duty.id)
      if (own === undefined || duty.at > at || duty.phase === "standing") continue
      const [changed, done, ...more] = perform(own, next, duty, at)
      next = { ...changed, duties: changed.duties.map((each) => each.id === duty.id ? done : each) }
      sent = [...sent, ...more]
    }
    return [next, sent]
  })
  const [settled, names] = naming(after)
  return [settled, [...actions, ...names]]
}

const perform = (own: Own, link: Link, duty: Duty, at: number): readonly [Link, Duty, ...ReadonlyArray<Action>] => {
  if (duty.phase === "probing" && duty.done < Times.probesMax) {
    return [link, { ...duty, done: duty.done + 1, at: at + Times.probeInterval }, probe(own, link)]
  }
  const done = duty.phase === "probing" ? 1 : duty.done + 1
  const phase = done < Times.announcementsMax ? "announcing" : "standing"
  const all = uniqueRecords(own, link)
  const records = [pointer(own), ...all].filter((record) => isTime(link, record, at))
  const next: Duty = { ...duty, phase, done, at: at + Times.announceInterval }
  return records.length === 0
    ? [link, next]
    : [
      markSent(link, records, at),
      next,
      responding(link.via, records, missingFamily(records, [...all, ...denials(all)]))
    ]
}

/** §6: nothing goes to all twice in a second. */
const isTime = (link: Link, record: ResourceRecord, at: number): boolean =>
  at - (link.sent[keyOf(record)] ?? -Infinity) >= Times.replyInterval

/**
 * §8.1, with all that is going to be ours beside the questions. The answer is asked for to all, against §8.1's advice: our sockets are
 * bound to the group, because on a port that is shared with other programs an answer to one machine reaches one program of
 * it (§15.1), so that one of us would never hear that its name is taken.
 */
const probe = (own: Own, link: Link): Action => {
  const authorities = uniqueRecords(own, link).map((record) => ({ ...record, flush: false }))
  const questions = [instanceName(own.instance), own.host].map((name) => ({ name, type: Types.ANY, unicast: false }))
  return { _tag: "Send", via: link.via, message: { ...empty, questions, authorities } }
}

/** A name is ours when no interface is being probed for it any more. */
const naming = (state: State): Move => {
  const isOurs = ({ id, instance, named: last }: Own): boolean => {
    const duties = state.links.flatMap((link) => link.duties.filter((duty) => duty.id === id))
    return instance !== last && duties.length > 0 && duties.every(({ phase }) => phase !== "probing")
  }
  const fresh = state.own.filter(isOurs)
  if (fresh.length === 0) return stay(state)
  return [
    { ...state, own: state.own.map((own) => fresh.includes(own) ? { ...own, named: own.instance } : own) },
    fresh.map(({ id, instance }): Action => ({ _tag: "Named", id, instance }))
  ]
}

/** A response: what in it is about our names, and not from us. */
export const defend = (state: State, via: string, source: Source, message: Message, now: Moment): Move => {
  const heard = [...message.answers, ...message.additionals].filter(({ ttl }) => ttl > 0)
  const link = state.links.find((each) => each.via === via)
  if (link === undefined) return stay(state)
  return state.own.reduce<Move>((before, own) => {
    const duty = link.duties.find(({ id }) => id === own.id)
    const lost = duty && conflict(state, own, source, heard)
    if (lost === undefined || duty === undefined) return before
    const [after, actions] = before
    const [next, more] = duty.phase === "probing"
      ? rename(after, own, lost, now)
      : [reprobe(after, via, own.id, now), []]
    return [next, [...actions, ...more]]
  }, stay(state))
}

type Lost = "machine" | "instance"

/**
 * §9, LL-11. Whose word it is says which part is lost, whatever is in the message: an answer may come in two, the instance in one
 * and the machine in the other. Another machine has the name of ours; on this machine there is another user of our name.
 */
const conflict = (
  state: State,
  own: Own,
  source: Source,
  heard: ReadonlyArray<ResourceRecord>
): Lost | undefined => {
  const addresses = new Set(state.links.flatMap((link) => link.addresses.map(({ address }) => address)))
  const isHere = addresses.has(source.address)
  const isOther = ({ data }: ResourceRecord): boolean => "address" in data && !addresses.has(data.address)
  // Other programs on this machine have every right to its name, and may have learnt of an address before us.
  const isHost = !isHere && heard.some((record) => fold(record.name) === fold(own.host) && isOther(record))
  const name = fold(instanceName(own.instance))
  const ours = new Set([...state.links.flatMap((link) => uniqueRecords(own, link).map(keyOf)), ...own.former])
  const isTaken = isHost ||
    heard.some((record) =>
      fold(record.name) === name && (record.data.type === "SRV" || record.data.type === "TXT") &&
      !ours.has(keyOf(record))
    )
  if (!isTaken) return undefined
  return isHere ? "instance" : "machine"
}

/** §9: a name that was ours is probed for once more, and whoever still has it will say so. */
const reprobe = (state: State, via: string, id: number, now: Moment): State =>
  onLink(state, via, (link) => ({
    ...link,
    duties: link.duties.map((duty) => duty.id === id ? { ...probing(id, now), at: now.at } : duty)
  }))

const rename = (state: State, own: Own, lost: Lost, now: Moment): Move => {
  const tried = [
    own.userSuffix + (lost === "instance" ? 1 : 0),
    own.machineSuffix + (lost === "machine" ? 1 : 0)
  ] as const
  const isHopeless = tried[0] + tried[1] > Times.triesMax
  // Who once had a name is not to be talked out of all of them for good, but begins again.
  const [userSuffix, machineSuffix] = isHopeless ? [0, 0] : tried
  const conflicts = [...state.conflicts, now.at].slice(-Times.conflictsMax)
  const isSlow = isTooOften(conflicts) || (state.isSlow && now.at - (state.conflicts.at(-1) ?? 0) < Times.conflictRest)
  const names = named(own.wanted, userSuffix, machineSuffix)
  if (names === undefined || (isHopeless && own.named === undefined)) {
    const refused: Action = { _tag: "NameRefused", id: own.id, reason: "noFreeName" }
    return [without({ ...state, conflicts, isSlow }, own.id), [refused]]
  }
  const next = { ...own, ...names }
  const wait = isSlow ? Times.conflictWait : 0
  // What others have under the old name is theirs; the old name on the new machine is nobody's any more.
  const over = lost === "machine" && own.named === own.instance ? [pointer(own)] : []
  return eachLink(
    { ...state, conflicts, isSlow, own: state.own.map((each) => each.id === own.id ? next : each) },
    (link) => [
      { ...link, duties: link.duties.map((duty) => duty.id === own.id ? probing(own.id, now, wait) : duty) },
      over.length === 0 ? [] : [goodbye(link.via, over)]
    ]
  )
}

const isTooOften = (conflicts: ReadonlyArray<number>): boolean =>
  conflicts.length >= Times.conflictsMax && (conflicts.at(-1) ?? 0) - (conflicts[0] ?? 0) < Times.conflictWindow

export const without = (state: State, id: number): State => ({
  ...state,
  own: state.own.filter((own) => own.id !== id),
  links: state.links.map((link) => ({ ...link, duties: link.duties.filter((duty) => duty.id !== id) }))
})

/** §8.2: who probes at the same time for the same name, and has the later records, has it; the other waits and sees. */
export const yieldTo = (state: State, via: string, message: Message, now: Moment): State =>
  onLink(state, via, (link) => ({
    ...link,
    duties: link.duties.map((duty) => {
      const own = duty.phase === "probing" ? state.own.find(({ id }) => id === duty.id) : undefined
      if (own === undefined) return duty
      const ours = uniqueRecords(own, link)
      const loses = [instanceName(own.instance), own.host].some((name) => {
        const [theirs, mine] = [message.authorities, ours].map((records) => ordered(records, name))
        return theirs !== undefined && mine !== undefined && theirs.length > 0 && compareSets(mine, theirs) < 0
      })
      return loses ? { ...duty, done: 0, at: now.at + Times.tieWait } : duty
    })
  }))

type Comparable = ReadonlyArray<number>

const ordered = (records: ReadonlyArray<ResourceRecord>, name: string): ReadonlyArray<Comparable> =>
  records.filter((record) => fold(record.name) === fold(name))
    .slice(0, comparedMax)
    .map(({ data }) => [Types.typeOf(data), ...dataBytes(data)])
    .toSorted(compare)

const compareSets = (one: ReadonlyArray<Comparable>, other: ReadonlyArray<Comparable>): number => {
  for (const [at, mine] of one.entries()) {
    const theirs = other[at]
    const order = theirs === undefined ? 1 : compare(mine, theirs)
    if (order !== 0) return order
  }
  return one.length - other.length
}

const compare = (one: Comparable, other: Comparable): number => {
  for (const [at, mine] of one.entries()) {
    const theirs = other[at]
    if (theirs === undefined) return 1
    if (mine !== theirs) return mine - theirs
  }
  return one.length - other.length
}

const comparedMax = 64
