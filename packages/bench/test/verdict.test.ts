/** Those who run in the bench do what they are measured for, and the figures are what they are said to be. */
import { describe, expect, it } from "vitest"
import { measure } from "../src/harness/rates.ts"
import { type Chain, kinds, makeChain } from "../src/verdict/chain.ts"
import { contenders } from "../src/verdict/contenders.ts"

const flip = (octets: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  octets.map((each, at) => at === octets.length - 1 ? each ^ 1 : each)

const refused = async (isValid: (chain: Chain) => Promise<boolean>, chain: Chain): Promise<boolean> =>
  !await isValid(chain).catch(() => false)

describe.each(kinds)("a chain of %s", (kind) => {
  it.each(contenders)("is verified by: $name", async ({ isValid }) => {
    const chain = await makeChain(kind)
    const other = await makeChain(kind)
    expect(await isValid(chain)).toBe(true)
    expect(await refused(isValid, { ...chain, leaf: flip(chain.leaf) })).toBe(true)
    expect(await refused(isValid, { ...chain, anchor: other.anchor })).toBe(true)
    expect(await refused(isValid, { ...chain, now: chain.now + 10 * 365 * 86_400_000 })).toBe(true)
  })
})

const same = (value: number) => ({ median: value, least: value, most: value })

describe("measure", () => {
  it("takes turns, and gives medians of rates and of their ratios", async () => {
    let now = 0
    const order: Array<string> = []
    const entrant = (name: string, millis: number) => ({
      name,
      run: () => {
        order.push(name)
        now += millis
        return Promise.resolve()
      }
    })
    const figures = await measure([entrant("quick", 10), entrant("slow", 50)], {
      turns: 3,
      turnMillis: 50,
      clock: () => now
    })
    expect(order.slice(0, 7)).toEqual(["quick", "quick", "quick", "quick", "quick", "slow", "quick"])
    expect(figures).toEqual([
      { name: "quick", perSecond: same(100), besideFirst: same(1) },
      { name: "slow", perSecond: same(20), besideFirst: same(0.2) }
    ])
  })
})
