/** Two processes and what is between them: a conversation, pings, sessions. And where time is said to go. */
import { describe, expect, it } from "vitest"
import * as Credentials from "../src/harness/credentials.ts"
import { open } from "../src/harness/pair.ts"
import { roomOf, shortOf } from "../src/harness/rooms.ts"
import { ownTimes } from "../src/harness/sampling.ts"
import * as OurPings from "../src/pings/ours.ts"
import * as TlsPings from "../src/pings/overTls.ts"
import * as OurSessions from "../src/sessions/ours.ts"
import * as TlsSessions from "../src/sessions/overTls.ts"

const credentials = await Credentials.make()

it("a conversation between two processes costs time and CPU, and can be watched", async () => {
  const pair = await open("ours", credentials)
  try {
    await pair.load({ seed: 1, kind: "chat", count: 50, sender: "recipient" })
    const cost = await pair.run("recipient")
    expect(cost.wallMillis).toBeGreaterThan(0)
    expect(cost.cpuMillis).toBeCloseTo(cost.senderCpuMillis + cost.receiverCpuMillis)
    const { receiver, sender } = await pair.watch("recipient", 1)
    expect([sender.length > 0, receiver.length > 0]).toEqual([true, true])
  } finally {
    await pair.end()
  }
}, 15_000)

describe.each([OurPings.ours, TlsPings.bare, TlsPings.jsonLines, TlsPings.saxes])("pings: $name", (pinger) => {
  it("are answered one after another", async () => {
    const port = await pinger.answer(credentials.recipient)
    const took = await (await pinger.ask(credentials.initiator, port))(5)
    expect(took.map((each) => each > 0)).toEqual(Array(5).fill(true))
  }, 15_000)
})

describe.each([OurSessions.ours, TlsSessions.bare, TlsSessions.saxes])("sessions: $name", ({ guest, host }) => {
  it("are established at both ends, and dropped", async () => {
    const hosting = await host(credentials.recipient)
    const visiting = await guest(credentials.initiator, hosting.port)
    await visiting.open()
    await visiting.open()
    await expect.poll(hosting.established, { timeout: 10_000 }).toBe(2)
    await visiting.dropAll()
    await hosting.dropAll()
  }, 15_000)
})

describe("a profile", () => {
  const frame = (id: number, functionName: string, url: string) => ({
    id,
    callFrame: { functionName, url, scriptId: "", lineNumber: 0, columnNumber: 0 }
  })

  it("gives each function its own time, without idleness", () => {
    const nodes = [frame(1, "(idle)", ""), frame(2, "step", "file:///x/packages/protocol/src/Step.ts")]
    expect(ownTimes({ nodes, startTime: 0, endTime: 60, samples: [2, 1, 2], timeDeltas: [10, 20, 30, 5] })).toEqual([
      { file: "file:///x/packages/protocol/src/Step.ts", name: "step", micros: 25 }
    ])
  })

  it.each([
    ["file:///x/packages/protocol/src/Step.ts", "@xmpp-e2e/protocol"],
    ["file:///x/packages/xml/src/Serialize.ts", "@xmpp-e2e/xml, writing"],
    ["file:///x/packages/xml/src/Reader.ts", "@xmpp-e2e/xml, reading"],
    ["file:///x/packages/xml/src/internal/lane/lane.ts", "@xmpp-e2e/xml, fast lane"],
    ["file:///x/node_modules/.pnpm/effect@4/node_modules/effect/dist/Effect.js", "effect"],
    ["node:internal/streams/readable", "Node's own JavaScript (streams, sockets)"],
    ["", "native code (TLS, sockets, V8)"]
  ])("%s belongs to: %s", (file, room) => {
    expect(roomOf({ file, name: "any" })).toBe(room)
  })

  it("names files without saying where they lie", () => {
    expect(shortOf("file:///x/packages/xml/src/Reader.ts")).toBe("xml/src/Reader.ts")
    expect(shortOf("file:///x/node_modules/.pnpm/effect@4/node_modules/effect/dist/Effect.js")).toBe(
      "effect/dist/Effect.js"
    )
  })
})
