/**
 * Interfaces that come, change their addresses, and go.
 *
 * @internal
 */
import type { Action } from "../../mdns/Action.ts"
import type { Happening, LinkAddress } from "../../mdns/Event.ts"
import type { Link, State } from "../../mdns/State.ts"
import { canonical } from "../dns/addresses.ts"
import * as Types from "../dns/types.ts"
import * as Asking from "./asking.ts"
import { type Moment, type Move, onLink, stay } from "./move.ts"
import * as Owning from "./owning.ts"
import { service } from "./service.ts"
import * as Times from "./times.ts"

type Changed = Extract<Happening, { readonly _tag: "InterfaceChanged" }>

/** On one that is new, all begins anew; with other addresses, they are announced (RFC 6762 §8.4, §13). */
export const linkChanged = (state: State, { addresses, via }: Changed, now: Moment): Move => {
  const sound = addresses.flatMap(({ address, prefix }): ReadonlyArray<LinkAddress> => {
    const text = canonical(address)
    return text === undefined ? [] : [{ address: text, prefix }]
  }).slice(0, Times.addressesMax)
  const before = state.links.find((link) => link.via === via)
  if (before !== undefined) {
    if (sameAddresses(before.addresses, sound)) return stay(state)
    return stay(onLink(state, via, (link) => ({
      ...link,
      addresses: sound,
      duties: link.duties.map((duty) => duty.phase === "probing" ? duty : Owning.announcing(duty.id, now.at))
    })))
  }
  if (state.links.length >= Times.linksMax) return stay(state)
  const link = fresh(state, via, sound, now)
  return [{ ...state, links: [...state.links, link] }, told(state, { _tag: "InterfaceUp", via })]
}

/** What was heard there is not known any more. */
export const linkGone = (state: State, via: string): Move => {
  const links = state.links.filter((link) => link.via !== via)
  if (links.length === state.links.length) return stay(state)
  return [{ ...state, links }, told(state, { _tag: "InterfaceDown", via })]
}

const fresh = (state: State, via: string, addresses: ReadonlyArray<LinkAddress>, now: Moment): Link => {
  const link: Link = {
    via,
    addresses,
    duties: state.own.map(({ id }) => Owning.probing(id, now)),
    cache: [],
    known: [],
    replies: [],
    asks: [],
    sent: {},
    budget: { second: 0, little: 0, total: 0, by: {} }
  }
  if (!state.browsing) return link
  const first = now.at + Times.between(now.chance, Times.queryDelayMin, Times.queryDelayMax)
  return Asking.asking(link, Asking.ask(service, Types.PTR, first))
}

const told = ({ browsing }: State, event: Extract<Action, { readonly _tag: "Tell" }>["event"]): ReadonlyArray<Action> =>
  browsing ? [{ _tag: "Tell", event }] : []

const sameAddresses = (one: ReadonlyArray<LinkAddress>, other: ReadonlyArray<LinkAddress>): boolean =>
  one.length === other.length &&
  one.every((each) => other.some(({ address, prefix }) => address === each.address && prefix === each.prefix))
