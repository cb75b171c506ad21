/**
 * Who is on this network, told as people would tell it: a program over any `Discovery`, be it mDNS on real interfaces or a
 * network in memory.
 *
 * `node packages/examples/src/who-is-here.ts` tells what Juliet hears of Romeo, who comes and goes.
 *
 * @since 0.1.0
 */
import * as Discovery from "@xmpp-e2e/link-local/Discovery"
import * as MemoryNetwork from "@xmpp-e2e/link-local/MemoryNetwork"
import * as Presence from "@xmpp-e2e/link-local/Presence"
import * as Roster from "@xmpp-e2e/link-local/Roster"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { fileURLToPath } from "node:url"

/**
 * A sentence for each change, as long as somebody listens.
 *
 * @since 0.1.0
 * @category combinators
 */
export const told: Stream.Stream<string, Discovery.DiscoveryFailed, Discovery.Discovery> = Stream.unwrap(
  Effect.map(Discovery.Discovery, ({ browse }) =>
    Stream.mapAccum(browse, () => Roster.make(), (roster, event) => {
      const step = Roster.step(roster, event)
      return [step.roster, step.changes.map(sentence)] as const
    }))
)

/**
 * What is told of one visit, on a network in memory.
 *
 * @since 0.1.0
 * @category combinators
 */
export const visit = Effect.scoped(Effect.gen(function*() {
  const network = yield* MemoryNetwork.make()
  const at = (last: number) => [{ via: "eth0", link: "lan", addresses: [`192.0.2.${last}`] }]
  const forza = yield* network.host(at(1))
  const pronto = yield* network.host(at(2))
  const telling = yield* told.pipe(
    Stream.take(4),
    Stream.runCollect,
    Effect.provide(pronto.layer),
    Effect.forkChild({ startImmediately: true })
  )
  const txt = yield* Effect.fromResult(Presence.encode({ ...Presence.available, status: "dnd", nick: "Romeo" }))
  yield* Effect.scoped(forza.discovery.announce({ instance: "romeo@forza", port: 5298, txt }))
  return yield* Fiber.join(telling)
}))

const sentence = (change: Roster.Change): string => {
  if (change._tag === "Untold") return `${change.count} more things happened`
  const { entity } = change
  const who = Presence.displayName(entity.instance, entity.presence ?? Presence.available)
  switch (change._tag) {
    case "Came":
      return `${who} is here`
    case "ChangedPresence":
      return `${who} is ${words[entity.presence?.status ?? "avail"]}`
    case "Moved":
      return `${who} can be reached at ${entity.endpoints.map(({ address }) => address).join(", ") || "no address yet"}`
    case "Went":
      return `${who} is gone`
  }
}

const words = { avail: "available", away: "away", dnd: "not to be disturbed" } as const

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${(await Effect.runPromise(visit)).join("\n")}\n`)
}
