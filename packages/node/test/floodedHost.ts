/**
 * Somebody under attack, for the tests of discovery: announces a name, keeps a roster as programs do, and tells twice a second what
 * that costs: the share of a processor, memory in mebibytes, by how many milliseconds a timer of 50 was late at worst, how much is in
 * the roster, and where those are whose names do not begin with `eve`.
 */
import * as Discovery from "@xmpp-e2e/link-local/Discovery"
import * as Roster from "@xmpp-e2e/link-local/Roster"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as NodeDiscovery from "../src/NodeDiscovery.ts"

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify({ ...line, at: Date.now() })}\n`)
}

const [instance = ""] = process.argv.slice(2)
let roster = Roster.make({ own: [instance] })
let [lateness, ticked] = [0, performance.now()]
setInterval(() => {
  const now = performance.now()
  lateness = Math.max(lateness, now - ticked - 50)
  ticked = now
}, 50)

let [cpu, since] = [process.cpuUsage(), performance.now()]
const measure = (): void => {
  const [used, millis] = [process.cpuUsage(cpu), performance.now() - since]
  ;[cpu, since] = [process.cpuUsage(), performance.now()]
  const entities = Roster.entities(roster)
  say({
    _tag: "Measured",
    cpu: (used.user + used.system) / 1000 / millis,
    memory: process.memoryUsage.rss() / 2 ** 20,
    lateness,
    entities: entities.length,
    octets: roster.octets,
    places: entities.filter(({ instance }) => !instance.startsWith("eve")).flatMap(({ endpoints, instance }) =>
      endpoints.map(({ address, port }) => `${instance} at ${address} port ${port}`)
    )
  })
  roster = Roster.refresh(roster).roster
  lateness = 0
}

const program = Effect.gen(function*() {
  const discovery = yield* Discovery.Discovery
  const { instances } = yield* discovery.announce({ instance, port: 5562, txt: [btoa("txtvers=1")] })
  yield* Effect.forkScoped(
    Stream.runForEach(instances, (name) => Effect.sync(() => say({ _tag: "Named", name })))
  )
  say({ _tag: "Ready" })
  setInterval(measure, 500)
  yield* Stream.runForEach(discovery.browse, (event) =>
    Effect.sync(() => {
      roster = Roster.step(roster, event).roster
    }))
}).pipe(Effect.scoped, Effect.provide(NodeDiscovery.layer))

Effect.runFork(program)
