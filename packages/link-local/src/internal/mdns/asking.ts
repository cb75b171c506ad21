/**
 * Our questions on an interface: when each is due, and the message that asks it, with the answers that we have (RFC 6762 §5.2,
 * §7.1, §7.2).
 *
 * @internal
 */
import type { Action } from "../../mdns/Action.ts"
import type { Source } from "../../mdns/Event.ts"
import type { Message, Question, ResourceRecord } from "../../mdns/Message.ts"
import type { Ask, Link, State } from "../../mdns/State.ts"
import { fold } from "../dns/names.ts"
import * as Types from "../dns/types.ts"
import { askedUntil, refreshTime } from "./cache.ts"
import { empty } from "./move.ts"
import { mdnsPort } from "./replying.ts"
import { keyOf, pointer, service } from "./service.ts"
import * as Times from "./times.ts"

/** The question stands on this link from `at` on; it is not asked twice. */
export const asking = (link: Link, ...asks: ReadonlyArray<Ask>): Link => {
  const fresh = asks.filter((ask) => !link.asks.some((other) => other.type === ask.type && sameName(other, ask)))
  return { ...link, asks: [...link.asks, ...fresh].slice(0, Times.asksMax) }
}

export const ask = (name: string, type: number, at: number, left?: number): Ask => ({
  name,
  type,
  at,
  wait: Times.queryInterval,
  left,
  isSpared: false
})

/** §7.3: what another machine has asked all of, and knows no answer to that we do not know, is as if asked by us; but not twice on end. */
export const spared = (state: State, link: Link, { port }: Source, message: Message, at: number): Link => {
  if (port !== mdnsPort || message.truncated || message.authorities.length > 0) return link
  const isAsked = (ask: Ask): boolean =>
    !ask.isSpared &&
    message.questions.some((one) => !one.unicast && one.type === ask.type && fold(one.name) === fold(ask.name))
  if (!link.asks.some(isAsked)) return link
  const ours = new Set(knownAnswers(state, link, at).map(keyOf))
  if (!message.answers.every((record) => ours.has(keyOf(record)))) return link
  return {
    ...link,
    asks: link.asks.map((ask) => isAsked(ask) ? { ...ask, at: Math.max(ask.at, at + ask.wait), isSpared: true } : ask)
  }
}

export const unasked = (link: Link, name: string): Link => ({
  ...link,
  asks: link.asks.filter((each) => fold(each.name) !== fold(name))
})

/** What is due is asked in one message. */
export const query = (state: State, link: Link, at: number): readonly [Link, ReadonlyArray<Action>] => {
  const due = link.asks.filter((each) => each.at <= at)
  const stale = state.browsing && link.cache.some((entry) => (refreshTime(entry) ?? Infinity) <= at)
  if (due.length === 0 && !stale) return [link, []]
  const asksService = stale || due.some((each) => isService(each))
  const questions = [
    ...asksService ? [{ name: service, type: Types.PTR, unicast: false }] : [],
    ...due.filter((each) => !isService(each)).map(({ name, type }) => ({ name, type, unicast: false }))
  ]
  const messages = withKnownAnswers(questions, asksService ? knownAnswers(state, link, at) : [])
  return [
    {
      ...link,
      asks: link.asks.flatMap((each) => each.at <= at ? again(each, at) : [each]),
      cache: link.cache.map((entry) => askedUntil(entry, at))
    },
    messages.map((message): Action => ({ _tag: "Send", via: link.via, message }))
  ]
}

const again = (each: Ask, at: number): ReadonlyArray<Ask> => {
  const left = each.left === undefined ? undefined : each.left - 1
  if (left === 0) return []
  return [{ ...each, at: at + each.wait, wait: Math.min(2 * each.wait, Times.queryIntervalMax), left, isSpared: false }]
}

/** What lives for more than half of its time yet, and ourselves: nobody need tell us that. */
const knownAnswers = (state: State, link: Link, at: number): ReadonlyArray<ResourceRecord> => {
  const heard = link.cache.flatMap(({ expires, record }) => {
    const left = Math.floor((expires - at) / 1000)
    return record.data.type === "PTR" && left * 2 > record.ttl
      ? [{ ...record, flush: false, ttl: left }]
      : []
  })
  const own = state.own.filter(({ id }) => link.duties.some((duty) => duty.id === id && duty.phase !== "probing"))
  const names = new Set(heard.map(targetOf))
  return [...own.map(pointer).filter((record) => !names.has(targetOf(record))), ...heard].slice(
    0,
    Times.knownAnswersMax
  )
}

const targetOf = ({ data }: ResourceRecord): string => data.type === "PTR" ? fold(data.target) : ""

const withKnownAnswers = (
  questions: ReadonlyArray<Question>,
  answers: ReadonlyArray<ResourceRecord>
): ReadonlyArray<Message> =>
  Array.from({ length: Math.max(1, Math.ceil(answers.length / Times.knownAnswersPerMessage)) }, (_, at) => {
    const end = (at + 1) * Times.knownAnswersPerMessage
    return {
      ...empty,
      truncated: end < answers.length,
      questions: at === 0 ? questions : [],
      answers: answers.slice(end - Times.knownAnswersPerMessage, end)
    }
  })

const isService = ({ name, type }: Ask): boolean => type === Types.PTR && fold(name) === service

const sameName = (one: Ask, other: Ask): boolean => fold(one.name) === fold(other.name)
