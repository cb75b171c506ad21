import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Step from "@xmpp-e2e/protocol/Step"
import { assert, describe, it } from "vitest"
import * as Configs from "../src/Configs.ts"
import * as Menu from "../src/Menu.ts"
import * as Random from "../src/Random.ts"
import * as Run from "../src/Run.ts"

describe("Menu", () => {
  it("offers on every state the events of every class, and begins anew beyond the end", () => {
    const states = new Map<string, State>()
    const random = Random.make(11)
    for (let index = 0; index < 3_000; index++) {
      const { trace } = Run.decode(Configs.at(index), Run.draw(random, 30))
      for (const { after } of trace) states.set(label(after), after)
    }
    assert.isAbove(states.size, 15)
    for (const state of states.values()) {
      const size = Menu.sizeOf(state)
      const tags = new Set(Array.from({ length: size }, (_, choice) => Menu.guided(state, choice, 7)._tag))
      for (const tag of ["ElementReceived", "FooterReceived", "SendRequested", "CloseRequested", "TransportLost"]) {
        assert.isTrue(tags.has(tag as never), `${label(state)} offers no ${tag}`)
      }
      assert.deepStrictEqual(Menu.guided(state, size, 7), Menu.guided(state, 0, 7))
      assert.isAtMost(size, Run.choicesMax + 1)
    }
  })

  it("small numbers lead to an established stream", () => {
    const settled = Configs.all.filter(({ policy }) => policy.tls === "required" && policy.sasl === "ifUsable")
    const ways = settled.map((config) => Run.decode(config, Array.from({ length: 14 }, () => 0)).trace)
    const reached = ways.filter((trace) => trace.some(({ after }) => after._tag === "Established"))
    assert.isAbove(reached.length, settled.length / 3)
  })

  it("anyEvent gives the same event for the same seed, and all tags for many", () => {
    const state = Step.initial(Configs.at(0))
    const tags = new Set<string>()
    for (let seed = 0; seed < 2_000; seed++) {
      const event = Menu.anyEvent(state, seed, 0)
      assert.deepStrictEqual(event, Menu.anyEvent(state, seed, 0))
      tags.add(event._tag)
    }
    assert.isAtLeast(tags.size, 20)
  })
})
