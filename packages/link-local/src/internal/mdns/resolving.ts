/**
 * Where an entity listens, asked for when somebody is about to talk to it (LL-15): SRV and TXT of the instance, then the addresses of
 * its machine, on every interface; the first that knows answers.
 *
 * @internal
 */
import type { Happening } from "../../mdns/Event.ts"
import type { Name } from "../../mdns/Message.ts"
import type { Link, Resolving, State } from "../../mdns/State.ts"
import { fold } from "../dns/names.ts"
import * as Types from "../dns/types.ts"
import * as Asking from "./asking.ts"
import * as Cache from "./cache.ts"
import type { Move } from "./move.ts"
import { instanceIn, instanceName } from "./service.ts"
import * as Times from "./times.ts"
import * as View from "./view.ts"

type Requested = Extract<Happening, { readonly _tag: "ResolveRequested" }>

/** AMB-15: the name that is asked for is the instance's below the service. */
export const begin = (state: State, { id, instance }: Requested, at: number): State => {
  const isKnown = state.resolving.some((each) => each.id === id)
  const name = instanceName(instance)
  if (isKnown || state.resolving.length >= Times.resolvingMax || instanceIn(name) === undefined) return state
  const isFresh = (link: Link): boolean =>
    (View.located(link, instance, at - Times.freshFor)?.addresses.length ?? 0) > 0
  const links = state.links.some(isFresh) ?
    state.links :
    state.links.map((link) =>
      Asking.asking(link, Asking.ask(name, Types.SRV, at, asksMax), Asking.ask(name, Types.TXT, at, asksMax))
    )
  return { ...state, resolving: [...state.resolving, { id, instance, since: at, host: undefined }], links }
}

/** Without an answer: RFC 6762 §10.4. A pointer that is to run out so soon is asked for again by itself. */
export const end = (state: State, id: number): State => {
  const ended = state.resolving.find((each) => each.id === id)
  if (ended === undefined) return state
  const rest = settled(state, ended)
  const links = rest.links.map((link) => {
    const isKnown = link.cache.some(({ record: { data } }) =>
      data.type === "PTR" && fold(data.target) === fold(instanceName(ended.instance))
    )
    return isKnown ? Cache.doubt(link, ended.instance, ended.since + Times.reconfirmWithin) : link
  })
  return { ...rest, links }
}

/** Those whose answer is there have it; where only the addresses are missing, they are asked for. */
export const carryOn = (state: State, at: number): Move => {
  let next = state
  const actions = state.resolving.flatMap((each) => {
    const since = each.since - Times.freshFor
    const found = state.links.flatMap((link) => View.located(link, each.instance, since) ?? [])
    const resolved = found.find(({ addresses }) => addresses.length > 0)
    if (resolved === undefined) {
      next = withHost(next, each, found[0]?.host, at)
      return []
    }
    next = settled(next, each)
    return [{ _tag: "Answered", id: each.id, resolved } as const]
  })
  return [next, actions]
}

/** Once for each host. */
const withHost = (state: State, one: Resolving, host: Name | undefined, at: number): State => {
  if (host === undefined || host === one.host) return state
  return {
    ...state,
    resolving: state.resolving.map((each) => each === one ? { ...one, host } : each),
    links: state.links.map((link) =>
      Asking.asking(link, Asking.ask(host, Types.A, at, asksMax), Asking.ask(host, Types.AAAA, at, asksMax))
    )
  }
}

/** LL-15: what is answered is asked for no more. */
const settled = (state: State, done: Resolving): State => {
  const resolving = state.resolving.filter(({ id }) => id !== done.id)
  const isWanted = resolving.some(({ instance }) => fold(instance) === fold(done.instance))
  if (isWanted) return { ...state, resolving }
  const links = state.links.map((link) =>
    namesOf(link, done.instance).reduce((left, name) => Asking.unasked(left, name), link)
  )
  return { ...state, resolving, links }
}

const namesOf = (link: Link, instance: string): ReadonlyArray<Name> => {
  const host = View.located(link, instance, -Infinity)?.host
  return [instanceName(instance), ...host === undefined ? [] : [host]]
}

const asksMax = 3
