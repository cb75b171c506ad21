/** A network on which somebody means no good: real sockets, in network namespaces, and messages as no honest program sends them. */
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import * as Namespaces from "./contract/namespaces.ts"

const areNamespaces = Namespaces.areThere()
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const pace = 10_000
const eves = Array.from({ length: 12 }, (_, at) => `10.77.0.${100 + at}`)

interface Measured {
  readonly cpu: number
  readonly memory: number
  readonly lateness: number
  readonly entities: number
  readonly octets: number
}

const measured = ({ lines }: Namespaces.Running): ReadonlyArray<Measured> =>
  lines.flatMap(({ _tag, cpu, entities, lateness, memory, octets }) =>
    _tag === "Measured"
      ? [{
        cpu: Number(cpu),
        memory: Number(memory),
        lateness: Number(lateness),
        entities: Number(entities),
        octets: Number(octets)
      }]
      : []
  )

const most = (all: ReadonlyArray<Measured>, of: keyof Measured): number => Math.max(...all.map((each) => each[of]))

describe("a hostile network", () => {
  it.skipIf(!areNamespaces)(
    "LIM-01 LL-26 RFC 6762 §9 ten thousand messages a second cost little, and keep no honest peer out (needs network namespaces)",
    async () => {
      const network = Namespaces.make(3)
      try {
        for (const address of eves) network.ip(2, "addr", "add", `${address}/24`, "dev", "eth0")
        const victim = await network.program(1, script("floodedHost.ts"), "romeo@forza")
        await victim.line({ _tag: "Measured" })
        const [before] = measured(victim)
        const sender = await network.program(
          2,
          script("floodSender.ts"),
          `${pace}`,
          "romeo@forza",
          "juliet@pronto",
          ...eves
        )
        await sender.line({ _tag: "Sent" })
        const honest = await network.host(3, "mercutio@villa")
        const found = await victim.line({ _tag: "Measured", places: "mercutio@villa at 10.77.0.3 port 5562" })
        assert.isBelow(found.at - Number(honest.lines[0]?.at), 5000)
        await pause(2500)

        const sent = sender.lines.filter(({ _tag }) => _tag === "Sent").at(-1)
        const seconds = (Number(sent?.at) - Number(sender.lines[0]?.at)) / 1000
        assert.isAbove(Number(sent?.["count"]) / seconds, pace / 2)
        const all = measured(victim)
        // It was heard at all.
        assert.isAbove(most(all, "entities"), 50)
        assert.isAtMost(most(all, "entities"), 1000)
        assert.isAtMost(most(all, "octets"), 4 * 1024 * 1024)
        assert.isBelow(most(all, "memory") - Number(before?.memory), 150)
        assert.isBelow(most(all, "lateness"), 500)
        const under = all.slice(1)
        assert.isBelow(under.reduce((sum, { cpu }) => sum + cpu, 0) / under.length, 0.95)

        // Whoever keeps taking our names can have us renamed, but not have us give up.
        sender.process.kill("SIGKILL")
        const known = honest.lines.length
        const named = victim.lines.filter(({ _tag }) => _tag === "Named").at(-1)?.["name"]
        assert.match(String(named), /^romeo@forza(?:-[0-9]+)?$/)
        honest.process.stdin.write(`resolve ${String(named)}\n`)
        const answer = await honest.line({ _tag: "Answer" }, known)
        assert.include(JSON.stringify(answer["resolved"]), "10.77.0.1")
      } finally {
        network.remove()
      }
    },
    30_000
  )
})
