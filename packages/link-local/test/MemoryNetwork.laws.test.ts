/** Whatever happens on the network in memory, everybody's roster is what can be heard there. */
import { assert, it } from "@effect/vitest"
import * as fc from "fast-check"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import * as InstanceName from "../src/InstanceName.ts"
import * as Network from "../src/internal/network.ts"
import * as Roster from "../src/Roster.ts"
import { fold } from "./hearing.ts"

const hosts = 4
const plugs: ReadonlyArray<Network.Plug> = [
  { via: "eth0", link: "lan", addresses: ["192.0.2.1"] },
  { via: "wlan0", link: "air", addresses: ["fe80::1"] }
]

type Act = (network: Network.Network) => Network.Move

const host = fc.nat({ max: hosts - 1 })
const via = fc.constantFrom("eth0", "wlan0")
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(host, fc.constantFrom("romeo@forza", "juliet@forza", "romeo@pronto")).map(
    ([host, label]): Act => (network) => {
      const wanted = InstanceName.parse(label)
      if (wanted === undefined) throw new Error(label)
      return Network.announced(network, host, { wanted, port: 5298 + host, txt: [] }).move
    }
  ),
  fc.nat({ max: 9 }).map((announcement): Act => (network) => Network.ended(network, announcement)),
  fc.nat({ max: 9 }).map((announcement): Act => (network) => Network.updated(network, announcement, ["YT1i"])),
  fc.tuple(host, via, fc.boolean()).map(([host, via, isUp]): Act => (network) =>
    Network.plugged(network, host, via, isUp)
  ),
  { weight: 1, arbitrary: host.map((host): Act => (network) => Network.crashed(network, host)) }
)

interface World {
  readonly network: Network.Network
  readonly heard: ReadonlyMap<number, ReadonlyArray<DiscoveryEvent>>
}

const start: World = Array.from({ length: hosts }).reduce<World>(({ heard, network }) => {
  const [host, next] = Network.withHost(network, plugs)
  return { network: next, heard: new Map(heard).set(host, plugs.map(({ via }) => ({ _tag: "InterfaceUp", via }))) }
}, { network: Network.empty, heard: new Map() })

/** What falls silent is forgotten before anything else happens, unless `isForgetting` is false. */
const perform = (world: World, act: Act, isForgetting = true): World => {
  const [efforts, network] = act(world.network)
  const told = efforts.reduce<World>((each, effort) =>
    effort._tag === "Tell"
      ? { ...each, heard: new Map(each.heard).set(effort.host, [...each.heard.get(effort.host) ?? [], effort.event]) }
      : each, { ...world, network })
  const fading = isForgetting ? efforts.flatMap((effort) => effort._tag === "Fade" ? [effort] : []) : []
  return fading.reduce((each, effort) => perform(each, (network) => Network.faded(network, effort)), told)
}

const isUp = (network: Network.Network, host: number, via: string): boolean =>
  network.hosts[host]?.isAlive === true && network.hosts[host].ports.some((port) => port.via === via && port.isUp)

/** Names that can be heard, with the interfaces on which they can. */
const audible = (network: Network.Network, listener: number): ReadonlyArray<string> =>
  [
    ...new Set(
      [...network.standing.values()].filter(({ host }) => host !== listener).flatMap(({ host, name }) =>
        plugs.filter(({ via }) => isUp(network, host, via) && isUp(network, listener, via))
          .map(({ via }) => `${name.label} ${via}`)
      )
    )
  ].sort()

const heardBy = ({ heard }: World, listener: number): ReadonlyArray<string> =>
  Roster.entities(fold(heard.get(listener) ?? [])).flatMap(({ instance, via }) =>
    via.map((each) => `${instance} ${each}`)
  )
    .sort()

const agree = (world: World): boolean =>
  world.network.hosts.every(({ isAlive }, host) =>
    !isAlive || JSON.stringify(heardBy(world, host)) === JSON.stringify(audible(world.network, host))
  )

it("LL-14, LL-19, LL-20 everybody's roster is what can be heard, whatever happened", () => {
  fc.assert(fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
    const world = acts.reduce((each, act) => perform(each, act), start)
    assert.isTrue(agree(world))
    for (let host = 0; host < hosts; host++) {
      const known = fold(Network.known(world.network, host))
      assert.deepStrictEqual(Roster.entities(known).map(({ instance }) => instance), [
        ...new Set(audible(world.network, host).map((each) => each.split(" ")[0]))
      ])
    }
  }))
})

it("LL-14 finds a network that never forgets", () => {
  const forgetless = fc.property(
    fc.array(act, { maxLength: 30 }),
    (acts) => agree(acts.reduce((each, act) => perform(each, act, false), start))
  )
  assert.isTrue(fc.check(forgetless, { numRuns: 300 }).failed)
})

it("LL-11 no two that hear each other have one name, nor one machine", () => {
  fc.assert(fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
    const { network } = acts.reduce((each, act) => perform(each, act), start)
    const standing = [...network.standing.values()]
    for (const one of standing) {
      for (const other of standing) {
        const areNeighbours = plugs.some(({ via }) => isUp(network, one.host, via) && isUp(network, other.host, via))
        if (one === other || !areNeighbours) continue
        assert.notStrictEqual(InstanceName.key(one.name), InstanceName.key(other.name))
        if (one.host !== other.host) assert.notStrictEqual(one.name.address.domain, other.name.address.domain)
      }
    }
  }))
})
