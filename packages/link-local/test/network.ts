/**
 * A network for the machine of multicast DNS: hosts, the wires that they are on, a clock that jumps from one event to the next. What
 * is sent goes through its bytes, comes back to the sender too, and needs a millisecond.
 */
import * as Result from "effect/Result"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import type { Action } from "../src/mdns/Action.ts"
import type { Happening, Source } from "../src/mdns/Event.ts"
import * as Message from "../src/mdns/Message.ts"
import type { State } from "../src/mdns/State.ts"
import * as Step from "../src/mdns/Step.ts"

export interface Sent {
  readonly at: number
  readonly host: string
  readonly via: string
  readonly to: Source | undefined
  readonly message: Message.Message
}

interface Host {
  readonly name: string
  state: State
  readonly actions: Array<Action & { readonly at: number }>
}

export interface Network {
  now: number
  readonly hosts: Map<string, Host>
  readonly sent: Array<Sent>
  /** Who gets what a host sends on an interface: other hosts with theirs. */
  readonly wires: Map<string, ReadonlySet<string>>
  readonly pending: Array<{ readonly at: number; readonly host: string; readonly happening: Happening }>
  chance: number
}

export const make = (seed = 1): Network => ({
  now: 1_000_000,
  hosts: new Map(),
  sent: [],
  wires: new Map(),
  pending: [],
  chance: seed
})

export const addressOf = (name: string): string =>
  `10.0.0.${[...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 250 + 1}`

export const host = (network: Network, name: string, address = addressOf(name), wire = "wire"): void => {
  if (!network.hosts.has(name)) network.hosts.set(name, { name, state: Step.initial, actions: [] })
  plug(network, name, address, wire)
}

/** An interface has the name of its wire. */
export const plug = (network: Network, name: string, address = addressOf(name), wire = "wire"): void => {
  network.wires.set(wire, new Set([...network.wires.get(wire) ?? [], name]))
  apply(network, name, { _tag: "InterfaceChanged", via: wire, addresses: [{ address, prefix: 24 }] })
}

export const unplug = (network: Network, name: string, wire = "wire"): void => {
  network.wires.set(wire, new Set([...network.wires.get(wire) ?? []].filter((each) => each !== name)))
  apply(network, name, { _tag: "InterfaceGone", via: wire })
}

/** Gone without a word. */
export const kill = (network: Network, name: string): void => {
  network.hosts.delete(name)
}

export const apply = (network: Network, name: string, happening: Happening): void => {
  const one = network.hosts.get(name)
  if (one === undefined) return
  network.chance = (network.chance * 16_807) % 2_147_483_647
  const event = { ...happening, at: network.now, chance: network.chance / 2_147_483_647 }
  const [state, actions] = Step.step(one.state, event)
  one.state = state
  for (const action of actions) {
    one.actions.push({ ...action, at: network.now })
    if (action._tag === "Send") send(network, one, action)
  }
}

const send = (network: Network, from: Host, { message, to, via }: Extract<Action, { readonly _tag: "Send" }>): void => {
  network.sent.push({ at: network.now, host: from.name, via, to, message })
  const source = { address: ownAddress(from, via), port: 5353 }
  const bytes = Result.getOrThrow(Message.encode(message))
  for (const name of network.wires.get(via) ?? []) {
    const other = network.hosts.get(name)
    if (other === undefined || (to !== undefined && ownAddress(other, via) !== to.address)) continue
    const heard = Result.getOrThrow(Message.decode(bytes))
    network.pending.push({ at: network.now + 1, host: name, happening: { _tag: "Heard", via, source, message: heard } })
  }
}

const ownAddress = ({ state }: Host, via: string): string =>
  state.links.find((link) => link.via === via)?.addresses[0]?.address ?? ""

/** All that happens in so many milliseconds. */
export const pass = (network: Network, millis: number): void => {
  const end = network.now + millis
  while (true) {
    const wakes = [...network.hosts.values()].map(({ state }) => Step.wakeAt(state) ?? Infinity)
    const next = Math.min(...wakes, ...network.pending.map(({ at }) => at))
    if (next > end) break
    network.now = Math.max(network.now, next)
    const due = network.pending.filter(({ at }) => at <= network.now)
    network.pending.splice(0, network.pending.length, ...network.pending.filter(({ at }) => at > network.now))
    for (const { happening, host: name } of due) apply(network, name, happening)
    for (const name of [...network.hosts.keys()]) {
      const wake = Step.wakeAt(network.hosts.get(name)?.state ?? Step.initial) ?? Infinity
      if (wake <= network.now) apply(network, name, { _tag: "Woke" })
    }
  }
  network.now = end
}

export const announce = (
  network: Network,
  name: string,
  instance: string,
  txt: ReadonlyArray<string> = ["YQ=="],
  id = 1
): void => apply(network, name, { _tag: "AnnounceRequested", id, instance, port: 5562, txt })

export const browse = (network: Network, name: string): void => apply(network, name, { _tag: "BrowseRequested" })

export const actions = <Tag extends Action["_tag"]>(
  network: Network,
  name: string,
  tag: Tag
): ReadonlyArray<Extract<Action, { readonly _tag: Tag }> & { readonly at: number }> =>
  (network.hosts.get(name)?.actions ?? []).filter((
    action
  ): action is Extract<Action, { readonly _tag: Tag }> & { readonly at: number } => action._tag === tag)

export const told = (network: Network, name: string): ReadonlyArray<DiscoveryEvent> =>
  actions(network, name, "Tell").map(({ event }) => event)

export const names = (network: Network, name: string): ReadonlyArray<string> =>
  actions(network, name, "Named").map(({ instance }) => instance)

/** The roster that follows from what was told on one interface. */
export const present = (events: ReadonlyArray<DiscoveryEvent>): ReadonlyArray<string> => {
  const there = new Set<string>()
  for (const event of events) {
    if (event._tag === "Appeared") there.add(event.instance)
    if (event._tag === "Vanished") there.delete(event.instance)
    if (event._tag === "InterfaceDown") there.clear()
  }
  return [...there].toSorted()
}
