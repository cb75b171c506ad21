/**
 * The network of `MemoryNetwork` as a value: who is on which link, who announces what, and what each host has heard on each
 * of its interfaces. Everything that happens on it is a function from one network to the next, with what there is to do.
 *
 * @internal
 */
import * as Equal from "effect/Equal"
import type { DiscoveryEvent, Resolved } from "../DiscoveryEvent.ts"
import * as InstanceName from "../InstanceName.ts"

/** `link` is the wire or the air that several interfaces share. */
export interface Plug {
  readonly via: string
  readonly link: string
  readonly addresses: ReadonlyArray<string>
}

interface Port extends Plug {
  readonly isUp: boolean
  /** By announcement. */
  readonly heard: ReadonlyMap<number, Heard>
}

/** `fading` counts the times it fell silent: it is forgotten when it was still silent since then. */
interface Heard {
  readonly resolved: Resolved
  readonly isSilent: boolean
  readonly fading: number
}

interface Host {
  readonly isAlive: boolean
  readonly ports: ReadonlyArray<Port>
}

interface Standing {
  readonly host: number
  readonly wanted: InstanceName.InstanceName
  readonly name: InstanceName.InstanceName
  readonly port: number
  readonly txt: ReadonlyArray<string>
}

export interface Network {
  readonly hosts: ReadonlyArray<Host>
  readonly standing: ReadonlyMap<number, Standing>
  readonly next: number
}

export type Effort =
  | { readonly _tag: "Tell"; readonly host: number; readonly event: DiscoveryEvent }
  | { readonly _tag: "Name"; readonly announcement: number; readonly label: string }
  | ({ readonly _tag: "Fade" } & Fading)

export interface Fading {
  readonly host: number
  readonly via: string
  readonly announcement: number
  readonly fading: number
}

export type Move = readonly [efforts: ReadonlyArray<Effort>, network: Network]

export const empty: Network = { hosts: [], standing: new Map(), next: 0 }

/** It knows at once whom it can hear, and nobody listens there yet whom that could be told. */
export const withHost = (network: Network, plugs: ReadonlyArray<Plug>): readonly [host: number, network: Network] => {
  const joined = { isAlive: true, ports: plugs.map((plug) => ({ ...plug, isUp: true, heard: new Map() })) }
  const [, next] = settled({ ...network, hosts: [...network.hosts, joined] })
  return [network.hosts.length, next]
}

/** No answer when no name is free. */
export const announced = (
  network: Network,
  host: number,
  what: { readonly wanted: InstanceName.InstanceName; readonly port: number; readonly txt: ReadonlyArray<string> }
): { readonly answer: number | undefined; readonly move: Move } => {
  const name = freeName(network, host, undefined, what.wanted)
  if (name === undefined) return { answer: undefined, move: [[], network] }
  const standing = new Map(network.standing).set(network.next, { ...what, host, name })
  return { answer: network.next, move: settled({ ...network, standing, next: network.next + 1 }) }
}

export const updated = (network: Network, announcement: number, txt: ReadonlyArray<string>): Move => {
  const known = network.standing.get(announcement)
  return known === undefined ? [[], network] : settled(withStanding(network, announcement, { ...known, txt }))
}

/** With a goodbye to all who can hear it (LL-20). */
export const ended = (network: Network, announcement: number): Move => {
  const standing = new Map(network.standing)
  standing.delete(announcement)
  return settled({ ...network, standing })
}

/** Silently: the others notice when its records are too old. */
export const crashed = (network: Network, host: number): Move =>
  settled(withHostAt(network, host, (each) => ({ ...each, isAlive: false })))

export const plugged = (network: Network, host: number, via: string, isUp: boolean): Move => {
  const port = network.hosts[host]?.ports.find((each) => each.via === via)
  if (port === undefined || port.isUp === isUp) return [[], network]
  const changed = withHostAt(network, host, (each) => ({
    ...each,
    ports: each.ports.map((other) => other === port ? { ...port, isUp, heard: new Map() } : other)
  }))
  const told: Effort = { _tag: "Tell", host, event: { _tag: isUp ? "InterfaceUp" : "InterfaceDown", via } }
  const [renamings, renamed] = isUp ? renewed(changed, host) : [[], changed]
  const [efforts, next] = settled(renamed)
  return [[told, ...renamings, ...efforts], next]
}

/** It was silent for as long as its records live. */
export const faded = (network: Network, { announcement, fading, host, via }: Fading): Move => {
  const port = network.hosts[host]?.ports.find((each) => each.via === via)
  const known = port?.heard.get(announcement)
  if (port === undefined || known?.isSilent !== true || known.fading !== fading) return [[], network]
  const heard = new Map(port.heard)
  heard.delete(announcement)
  const event: DiscoveryEvent = { _tag: "Vanished", via, instance: known.resolved.instance, why: "expired" }
  return [[{ _tag: "Tell", host, event }], withHeard(network, host, via, heard)]
}

/** What a host knows already, as it would have been told. */
export const known = (network: Network, host: number): ReadonlyArray<DiscoveryEvent> =>
  upPorts(network, host).flatMap(({ heard, via }) => [
    { _tag: "InterfaceUp", via } as const,
    ...[...heard.values()].flatMap(({ resolved }) => arrivals(via, resolved))
  ])

export const isOn = (network: Network, host: number): boolean => upPorts(network, host).length > 0

export const resolved = (network: Network, host: number, instance: string): Resolved | undefined => {
  const name = InstanceName.parse(instance)
  return name && upPorts(network, host).flatMap(({ heard }) => [...heard.values()])
    .find((each) => !each.isSilent && keyOf(each.resolved.instance) === InstanceName.key(name))?.resolved
}

const keyOf = (label: string): string | undefined => {
  const name = InstanceName.parse(label)
  return name && InstanceName.key(name)
}

const arrivals = (via: string, resolved: Resolved): ReadonlyArray<DiscoveryEvent> => [
  { _tag: "Appeared", via, instance: resolved.instance },
  { _tag: "Resolved", via, ...resolved }
]

/** Every host has heard what can be heard. */
const settled = (network: Network): Move => {
  const efforts: Array<Effort> = []
  const hosts = network.hosts.map((each, host) =>
    each.isAlive
      ? { ...each, ports: each.ports.map((port) => port.isUp ? listening(network, host, port, efforts) : port) }
      : each
  )
  return [efforts, { ...network, hosts }]
}

const listening = (network: Network, host: number, port: Port, efforts: Array<Effort>): Port => {
  const { via } = port
  const heard = new Map(port.heard)
  const tell = (...events: ReadonlyArray<DiscoveryEvent>) =>
    efforts.push(...events.map((event): Effort => ({ _tag: "Tell", host, event })))
  const audible = audibleAt(network, host, port)
  for (const [announcement, known] of port.heard) {
    if (audible.has(announcement) || known.isSilent) continue
    if (!network.standing.has(announcement)) {
      heard.delete(announcement)
      tell({ _tag: "Vanished", via, instance: known.resolved.instance, why: "goodbye" })
      continue
    }
    const fading = known.fading + 1
    heard.set(announcement, { ...known, isSilent: true, fading })
    efforts.push({ _tag: "Fade", host, via, announcement, fading })
  }
  for (const [announcement, resolved] of audible) {
    const before = heard.get(announcement)
    heard.set(announcement, { resolved, isSilent: false, fading: before?.fading ?? 0 })
    if (before === undefined) tell(...arrivals(via, resolved))
    else if (before.resolved.instance !== resolved.instance) {
      tell({ _tag: "Vanished", via, instance: before.resolved.instance, why: "goodbye" }, ...arrivals(via, resolved))
    } else if (!Equal.equals(before.resolved, resolved)) tell({ _tag: "Resolved", via, ...resolved })
  }
  return { ...port, heard }
}

const audibleAt = (network: Network, host: number, { link, via }: Port): ReadonlyMap<number, Resolved> =>
  new Map([...network.standing].flatMap(([announcement, standing]) => {
    const port = standing.host === host ? undefined : upPorts(network, standing.host).find((each) => each.link === link)
    if (port === undefined) return []
    const addresses = port.addresses.map((each) => /^fe80:/i.test(each) ? `${each}%${via}` : each)
    const { machine } = InstanceName.parts(standing.name)
    const instance = standing.name.label
    return [[announcement, { instance, host: `${machine}.local.`, port: standing.port, addresses, txt: standing.txt }]]
  }))

/** Those of a host that comes to a link give way to those that are there. */
const renewed = (network: Network, host: number): Move => {
  let next = network
  const efforts: Array<Effort> = []
  for (const [announcement, standing] of network.standing) {
    if (standing.host !== host) continue
    const name = freeName(next, host, announcement, standing.wanted) ?? standing.name
    if (name.label === standing.name.label) continue
    next = withStanding(next, announcement, { ...standing, name })
    efforts.push({ _tag: "Name", announcement, label: name.label })
  }
  return [efforts, next]
}

/** LL-11: another host with this machine's name, or another of this host with the user's. */
const freeName = (
  network: Network,
  host: number,
  announcement: number | undefined,
  wanted: InstanceName.InstanceName
): InstanceName.InstanceName | undefined => {
  const others = [...network.standing].filter(([each]) => each !== announcement).map(([, standing]) => standing)
  const machines = new Set(
    others.filter((each) => each.host !== host && areNeighbours(network, host, each.host)).map(machineOf)
  )
  const keys = new Set(others.filter((each) => each.host === host).map(({ name }) => InstanceName.key(name)))
  const onMachine = firstFree(wanted, "machine", ({ address }) => !machines.has(address.domain))
  return onMachine && firstFree(onMachine, "user", (name) => !keys.has(InstanceName.key(name)))
}

const firstFree = (
  wanted: InstanceName.InstanceName,
  part: "machine" | "user",
  isFree: (name: InstanceName.InstanceName) => boolean
): InstanceName.InstanceName | undefined => {
  for (let count = 0; count <= triesMax; count++) {
    const name = count === 0 ? wanted : InstanceName.renamed(wanted, part, count)
    if (name !== undefined && isFree(name)) return name
  }
  return undefined
}

const machineOf = ({ name }: Standing): string => name.address.domain

const areNeighbours = (network: Network, one: number, other: number): boolean => {
  const links = new Set(upPorts(network, one).map(({ link }) => link))
  return upPorts(network, other).some(({ link }) => links.has(link))
}

const upPorts = (network: Network, host: number): ReadonlyArray<Port> => {
  const known = network.hosts[host]
  return known?.isAlive === true ? known.ports.filter(({ isUp }) => isUp) : []
}

const withHostAt = (network: Network, host: number, change: (host: Host) => Host): Network => ({
  ...network,
  hosts: network.hosts.map((each, at) => at === host ? change(each) : each)
})

const withHeard = (network: Network, host: number, via: string, heard: Port["heard"]): Network =>
  withHostAt(network, host, (each) => ({
    ...each,
    ports: each.ports.map((port) => port.via === via ? { ...port, heard } : port)
  }))

const withStanding = (network: Network, announcement: number, standing: Standing): Network => ({
  ...network,
  standing: new Map(network.standing).set(announcement, standing)
})

const triesMax = 1000
