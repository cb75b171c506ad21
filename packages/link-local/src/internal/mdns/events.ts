/**
 * What each event changes by itself, and what is due afterwards, whatever the event was.
 *
 * @internal
 */
import type { Action } from "../../mdns/Action.ts"
import type { Event, Happening } from "../../mdns/Event.ts"
import type { Link, Own, State } from "../../mdns/State.ts"
import * as Types from "../dns/types.ts"
import * as Asking from "./asking.ts"
import * as Cache from "./cache.ts"
import { hear } from "./hearing.ts"
import { linkChanged, linkGone } from "./links.ts"
import { andThen, eachLink, type Moment, type Move, onLink, stay } from "./move.ts"
import { named } from "./naming.ts"
import * as Owning from "./owning.ts"
import * as Replying from "./replying.ts"
import * as Resolving from "./resolving.ts"
import { keyOf, pointer, service, uniqueRecords } from "./service.ts"
import { soundPort, soundTxt } from "./soundness.ts"
import * as Times from "./times.ts"
import * as View from "./view.ts"

export const dispatch = (state: State, event: Event): Move => {
  switch (event._tag) {
    case "InterfaceChanged":
      return linkChanged(state, event, event)
    case "InterfaceGone":
      return linkGone(state, event.via)
    case "Heard":
      return hear(state, event, event)
    case "AnnounceRequested":
      return announce(state, event, event)
    case "UpdateRequested":
      return update(state, event, event)
    case "WithdrawRequested":
      return withdraw(state, event.id)
    case "BrowseRequested":
      return stay(state.browsing ? state : browsing(state, event))
    case "BrowseEnded":
      return stay(notBrowsing(state))
    case "ResolveRequested":
      return stay(Resolving.begin(state, event, event.at))
    case "ResolveEnded":
      return stay(Resolving.end(state, event.id))
    case "Woke":
      return stay(state)
  }
}

/** Time goes on: what has run out, what is due, and what those who browse are to be told of it. */
export const settle = (before: State, state: State, { at, _tag }: Event): Move => {
  const withTime = { ...state, links: state.links.map((link) => Cache.expire(link, at)) }
  const done = andThen(
    andThen(Owning.carryOn(withTime, at), (next) => eachLink(next, (link) => Replying.reply(next, link, at))),
    (next) => andThen(Resolving.carryOn(next, at), (after) => eachLink(after, (link) => Asking.query(after, link, at)))
  )
  const isTold = before.browsing || _tag === "BrowseRequested"
  return isTold ? andThen(done, (next) => telling(before, next)) : done
}

const telling = (before: State, state: State): Move => {
  if (!state.browsing) return stay(state)
  return eachLink(state, (link) => {
    const old = before.links.find(({ via }) => via === link.via)
    const isAnew = !before.browsing || before.own !== state.own || old?.duties !== link.duties
    if (!isAnew && old.cache === link.cache) return [link, []]
    const [next, events] = View.tell(state, link, old?.cache ?? [], isAnew)
    return [next, events.map((event): Action => ({ _tag: "Tell", event }))]
  })
}

type Of<Tag extends Happening["_tag"]> = Extract<Happening, { readonly _tag: Tag }>

const announce = (state: State, { id, instance, port, txt }: Of<"AnnounceRequested">, now: Moment): Move => {
  const isKnown = state.own.some((own) => own.id === id)
  if (isKnown) return stay(state)
  const names = named(instance, 0, 0)
  if (names === undefined || !soundPort(port) || !soundTxt(txt) || state.own.length >= Times.ownMax) {
    return [state, [{ _tag: "NameRefused", id, reason: "unsound" }]]
  }
  const own: Own = { id, port, txt, named: undefined, former: [], ...names }
  const links = state.links.map((link) => ({ ...link, duties: [...link.duties, Owning.probing(id, now)] }))
  return stay({ ...state, own: [...state.own, own], links })
}

/** LL-22: presence. It is said at once, and once more; not more often than four times a second. */
const update = (state: State, { id, txt }: Of<"UpdateRequested">, { at }: Moment): Move => {
  const own = state.own.find((each) => each.id === id)
  if (own === undefined || !soundTxt(txt)) return [state, [{ _tag: "UpdateRefused", id }]]
  const next: Own = { ...own, txt }
  const links = state.links.map((link): Link => {
    const texts = [own, next].flatMap((each) => uniqueRecords(each, link).filter(({ data }) => data.type === "TXT"))
    const keys = new Set(texts.map(keyOf))
    const last = Math.max(...[...keys].map((key) => link.sent[key] ?? -Infinity))
    const sent = Object.fromEntries(Object.entries(link.sent).filter(([key]) => !keys.has(key)))
    const duties = link.duties.map((duty) => {
      // One that is waiting already says what is new.
      const isWaiting = duty.phase === "announcing" && duty.done === 0
      if (duty.id !== id || duty.phase === "probing" || isWaiting) return duty
      return Owning.announcing(id, Math.max(at, last + updateInterval))
    })
    return { ...link, sent, duties }
  })
  const said = state.links.flatMap((link) =>
    uniqueRecords(own, link).filter(({ data }) => data.type === "TXT").map(keyOf)
  )
  const former = [...new Set([...own.former, ...said])].slice(-formerMax)
  return stay({ ...state, links, own: state.own.map((each) => each.id === id ? { ...next, former } : each) })
}

/** LL-20. The addresses of the machine may be those of others too, and stay. */
const withdraw = (state: State, id: number): Move => {
  const own = state.own.find((each) => each.id === id)
  if (own === undefined) return stay(state)
  const said = state.links.filter(({ duties }) => duties.some((duty) => duty.id === id && duty.phase !== "probing"))
  const goodbyes = said.map((link) =>
    Replying.goodbye(link.via, [
      pointer(own),
      ...uniqueRecords(own, link).filter(({ data }) => data.type === "SRV" || data.type === "TXT")
    ])
  )
  const left = Owning.without(state, id)
  return [said.reduce((next, { via }) => onLink(next, via, (link) => Cache.forget(link, own.instance)), left), goodbyes]
}

/** §5.2: after a moment that differs from one to the next, so that those who start together do not ask together. */
const browsing = (state: State, { at, chance }: Moment): State => {
  const first = at + Times.between(chance, Times.queryDelayMin, Times.queryDelayMax)
  const links = state.links.map((link) => Asking.asking(link, Asking.ask(service, Types.PTR, first)))
  return { ...state, browsing: true, links }
}

const notBrowsing = (state: State): State => ({
  ...state,
  browsing: false,
  links: state.links.map((link) => ({ ...Asking.unasked(link, service), known: [] }))
})

const updateInterval = 250
const formerMax = 16
