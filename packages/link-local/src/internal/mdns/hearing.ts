/**
 * A message from the network: whether it is taken at all, and who looks at it. Nothing from outside of the link, nothing in the name
 * of another port, and of everything only so much in a second.
 *
 * @internal
 */
import type { Action, IgnoredBecause } from "../../mdns/Action.ts"
import type { Happening, Source } from "../../mdns/Event.ts"
import type { Budget, Link, State } from "../../mdns/State.ts"
import { canonical, isLinkScoped, samePrefix } from "../dns/addresses.ts"
import { fold } from "../dns/names.ts"
import * as Types from "../dns/types.ts"
import * as Asking from "./asking.ts"
import * as Cache from "./cache.ts"
import { andThen, eachLink, type Moment, type Move, onLink } from "./move.ts"
import * as Owning from "./owning.ts"
import * as Replying from "./replying.ts"
import { service } from "./service.ts"
import * as Times from "./times.ts"

type Heard = Extract<Happening, { readonly _tag: "Heard" }>

export const hear = (state: State, { message, source, via }: Heard, now: Moment): Move => {
  const link = state.links.find((each) => each.via === via)
  const address = canonical(source.address)
  if (link === undefined || address === undefined || !isOnLink(link, address)) return [state, ignored(via, "notOnLink")]
  const from = { address, port: source.port }
  const budget = spend(link.budget, address, now.at)
  if (budget === undefined) return [state, ignored(via, "tooFast")]
  const counted = onLink(state, via, (each) => ({ ...each, budget }))
  if (!message.isResponse) return asked(counted, via, from, message, now)
  if (source.port !== Replying.mdnsPort) return [counted, ignored(via, "wrongPort")]
  return andThen(Owning.defend(counted, via, from, message, now), (next) => remembered(next, via, from, message, now))
}

const ignored = (via: string, reason: IgnoredBecause): ReadonlyArray<Action> => [{ _tag: "Ignored", via, reason }]

/** §11 */
const isOnLink = (link: Link, address: string): boolean =>
  link.addresses.some((own) => samePrefix(own.address, address, own.prefix)) ||
  (isLinkScoped(address) && link.addresses.some((own) => own.address.includes(":")))

/** Whoever has said little in this second is heard although others shout: a part of the room is for such as them. */
const spend = (budget: Budget, address: string, at: number): Budget | undefined => {
  const second = Math.floor(at / 1000)
  const { by, little, total }: Omit<Budget, "second"> = second === budget.second
    ? budget
    : { by: {}, little: 0, total: 0 }
  const share = Object.hasOwn(by, address) ? by[address] ?? 0 : 0
  const isLittle = share < Times.messagesLittle && little < Times.messagesKept
  if (!isLittle && (share >= Times.messagesPerSenderMax || total >= Times.messagesPerSecondMax)) return undefined
  return {
    second,
    little: little + (isLittle ? 1 : 0),
    total: total + (isLittle ? 0 : 1),
    by: { ...by, [address]: share + 1 }
  }
}

const asked = (state: State, via: string, source: Source, message: Heard["message"], now: Moment): Move => {
  const yielded = message.authorities.length === 0 ? state : Owning.yieldTo(state, via, message, now)
  return eachLink(
    yielded,
    (link) =>
      link.via === via
        ? Replying.answer(yielded, overheard(yielded, link, source, message, now.at), source, message, now)
        : [link, []]
  )
}

/** What another machine's question tells of others. Our own questions come back to us, and tell nothing. */
const overheard = (state: State, link: Link, source: Source, message: Heard["message"], at: number): Link => {
  if (state.links.some(({ addresses }) => addresses.some(({ address }) => address === source.address))) return link
  const spared = Asking.spared(state, link, source, message, at)
  return isForAll(message) ? Cache.missing(spared, message.answers, at) : spared
}

/** Whoever is there has to answer this to all, but for those it knows. */
const isForAll = ({ questions, truncated }: Heard["message"]): boolean =>
  !truncated && questions.some(({ name, type, unicast }) => !unicast && type === Types.PTR && fold(name) === service)

const remembered = (state: State, via: string, source: Source, message: Heard["message"], now: Moment): Move =>
  eachLink(state, (link) => {
    if (link.via !== via) return [link, []]
    const records = [...message.answers, ...message.additionals]
    const [next, refused] = Cache.remember(link, records, source.address, now.at)
    return [next, refused === 0 ? [] : ignored(via, "full")]
  })
