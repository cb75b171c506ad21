/**
 * Answers to the questions of others on an interface: which of our records, to whom, and when (RFC 6762 §6, §7). Records that are
 * still probed for are nobody's.
 *
 * @internal
 */
import type { Action } from "../../mdns/Action.ts"
import type { Source } from "../../mdns/Event.ts"
import type { Message, Question, ResourceRecord } from "../../mdns/Message.ts"
import type { Link, Reply, State } from "../../mdns/State.ts"
import { fold } from "../dns/names.ts"
import * as Types from "../dns/types.ts"
import { denials, denies, isDenial, missingFamily } from "./denying.ts"
import { empty, type Moment, responding } from "./move.ts"
import { enumeration, keyOf, pointer, uniqueRecords } from "./service.ts"
import * as Times from "./times.ts"

type Replied = readonly [link: Link, actions: ReadonlyArray<Action>]

/** A query of `source`: what is to be answered later, or at once to it alone. */
export const answer = (state: State, link: Link, source: Source, message: Message, now: Moment): Replied => {
  const records = standing(state, link)
  const known = new Set(message.answers.filter((record) => knownLongEnough(record, records)).map(keyOf))
  const waiting = withoutKnown(link, source, known)
  const questions = message.questions.slice(0, questionsMax)
  const matching = records.filter((record) =>
    !known.has(keyOf(record)) && questions.some((one) => isAnswer(one, record, records))
  )
  if (matching.length === 0) return [waiting, []]
  // §6.7: a simple resolver, which hears only what is sent to it.
  if (source.port !== mdnsPort) return [waiting, [legacy(link, source, message, matching, records)]]
  const alone = matching.filter((record) =>
    questions.every((one) => one.unicast || !isAnswer(one, record, records)) && recentlySent(link, record, now.at)
  )
  const toAll = matching.filter((record) => !alone.includes(record))
  return [
    toAll.reduce((before, record) => scheduled(before, record, source, message, toAll, now), waiting),
    alone.length === 0 ? [] : [{ ...responding(link.via, alone), to: source } as Action]
  ]
}

/** What is due goes to all in one message. */
export const reply = (state: State, link: Link, at: number): Replied => {
  const due = new Set(link.replies.filter((each) => each.at <= at).map(({ key }) => key))
  if (due.size === 0) return [link, []]
  const records = standing(state, link)
  const answers = records.filter((record) => due.has(keyOf(record)))
  const waiting = { ...link, replies: link.replies.filter((each) => each.at > at) }
  if (answers.length === 0) return [waiting, []]
  const additionals = supplements(answers, records)
  return [markSent(waiting, [...answers, ...additionals], at), [responding(link.via, answers, additionals)]]
}

/** What has just gone to all has answered whoever waited for it. */
export const markSent = (link: Link, records: ReadonlyArray<ResourceRecord>, at: number): Link => {
  const keys = new Set(records.map(keyOf))
  return {
    ...link,
    replies: link.replies.filter(({ key }) => !keys.has(key)),
    sent: {
      // After a quarter of its time it is as if it had never been sent (§5.4).
      ...Object.fromEntries(Object.entries(link.sent).filter(([, sent]) => at - sent < 250 * Times.otherTtl)),
      ...Object.fromEntries(Array.from(keys, (key) => [key, at]))
    }
  }
}

/** §10.1: what was said is over. */
export const goodbye = (via: string, records: ReadonlyArray<ResourceRecord>): Action =>
  responding(via, records.map((record) => ({ ...record, ttl: 0 })))

const standing = (state: State, link: Link): ReadonlyArray<ResourceRecord> => {
  const owns = state.own.filter(({ id }) => link.duties.some((duty) => duty.id === id && duty.phase !== "probing"))
  const records = owns.flatMap((own) => [pointer(own), ...uniqueRecords(own, link)])
  // Two announcements of one machine have its addresses in common.
  const once = new Map([...records, ...owns.length === 0 ? [] : [enumeration]].map((record) => [keyOf(record), record]))
  return [...once.values(), ...denials([...once.values()].filter(({ flush }) => flush))]
}

const isAnswer = (one: Question, record: ResourceRecord, records: ReadonlyArray<ResourceRecord>): boolean =>
  isDenial(record) ? denies(record, one, records) : asksFor(one, record)

const asksFor = ({ name, type }: Question, record: ResourceRecord): boolean =>
  (type === Types.ANY || type === Types.typeOf(record.data)) && fold(name) === fold(record.name)

/** §7.1: less than half of its time, and it wants to hear it again. */
const knownLongEnough = (record: ResourceRecord, records: ReadonlyArray<ResourceRecord>): boolean => {
  const ours = records.find((each) => keyOf(each) === keyOf(record))
  return ours !== undefined && record.ttl * 2 >= ours.ttl
}

/** §7.2: known answers may come in further messages. */
const withoutKnown = (link: Link, source: Source, known: ReadonlySet<string>): Link => {
  if (known.size === 0 || link.replies.length === 0) return link
  const isKnown = ({ askers, key }: Reply): boolean => known.has(key) && askers.every((one) => one === source.address)
  return { ...link, replies: link.replies.filter((each) => !isKnown(each)) }
}

/** §5.4: whoever asks for an answer of its own gets one, unless all others have not heard it for long. */
const recentlySent = (link: Link, record: ResourceRecord, at: number): boolean => {
  const sent = link.sent[keyOf(record)]
  return sent !== undefined && at - sent < (record.ttl * 1000) / 4
}

const scheduled = (
  link: Link,
  record: ResourceRecord,
  { address }: Source,
  message: Message,
  together: ReadonlyArray<ResourceRecord>,
  { at, chance }: Moment
): Link => {
  const key = keyOf(record)
  const isProbe = message.authorities.length > 0
  const interval = isProbe ? Times.probeReplyInterval : Times.replyInterval
  const due = Math.max(at + delay(message, together, chance), (link.sent[key] ?? -Infinity) + interval)
  const before = link.replies.find((each) => each.key === key)
  const askers = [...new Set([...before?.askers ?? [], address])].slice(0, askersMax)
  const others = link.replies.filter((each) => each !== before).slice(0, Times.repliesMax - 1)
  return { ...link, replies: [...others, { key, at: Math.min(due, before?.at ?? due), askers }] }
}

/** §6: who alone has the name answers at once; for what others have too, each takes its time. */
const delay = (message: Message, together: ReadonlyArray<ResourceRecord>, chance: number): number => {
  if (message.truncated) return Times.between(chance, Times.truncatedDelayMin, Times.truncatedDelayMax)
  return together.every(({ flush }) => flush) ? 0 : Times.between(chance, Times.replyDelayMin, Times.replyDelayMax)
}

/** 6763 §12 (LL-16): with a pointer goes what one would ask next, and with an address the other family (§6.2). */
const supplements = (
  answers: ReadonlyArray<ResourceRecord>,
  records: ReadonlyArray<ResourceRecord>
): ReadonlyArray<ResourceRecord> => {
  const following = (some: ReadonlyArray<ResourceRecord>): ReadonlyArray<ResourceRecord> => {
    const names = new Set(some.flatMap(({ data }) => "target" in data ? [fold(data.target)] : []))
    return records.filter((record) =>
      record.flush && !isDenial(record) && names.has(fold(record.name)) && !some.includes(record)
    )
  }
  const next = following(answers)
  const hosts = new Set(answers.flatMap(({ data, name }) => "address" in data ? [fold(name)] : []))
  const others = records.filter(({ data, name }) => "address" in data && hosts.has(fold(name)))
  const more = [...next, ...following([...answers, ...next]), ...others].filter((each, at, all) =>
    !answers.includes(each) && all.indexOf(each) === at
  )
  return [...more, ...missingFamily([...answers, ...more], records).filter((each) => !answers.includes(each))]
}

const legacy = (
  { via }: Link,
  to: Source,
  { id, questions }: Message,
  answers: ReadonlyArray<ResourceRecord>,
  records: ReadonlyArray<ResourceRecord>
): Action => {
  const short = (record: ResourceRecord): ResourceRecord => ({
    ...record,
    flush: false,
    ttl: Math.min(record.ttl, Times.legacyTtl)
  })
  const asked = questions.slice(0, questionsMax).map((one) => ({ ...one, unicast: false }))
  const message = {
    ...empty,
    id,
    isResponse: true,
    questions: asked,
    answers: answers.map(short),
    additionals: supplements(answers, records).map(short)
  }
  return { _tag: "Send", via, to, message }
}

export const mdnsPort = 5353
const questionsMax = 32
const askersMax = 16
