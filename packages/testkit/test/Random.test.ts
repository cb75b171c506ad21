import { assert, describe, it } from "vitest"
import * as Random from "../src/Random.ts"

const draw = (random: Random.Random, count: number): ReadonlyArray<number> => Array.from({ length: count }, random.next)

describe("Random", () => {
  it("gives the same numbers for the same seed, and others for another", () => {
    assert.deepStrictEqual(draw(Random.make(7), 100), draw(Random.make(7), 100))
    assert.notDeepEqual(draw(Random.make(7), 100), draw(Random.make(8), 100))
  })

  it("a fork draws without changing what comes next", () => {
    const [one, other] = [Random.make(7), Random.make(7)]
    draw(one.fork(), 50)
    other.fork()
    assert.deepStrictEqual(draw(one, 20), draw(other, 20))
  })

  it("keeps to its bounds and comes everywhere between them", () => {
    const random = Random.make(1)
    const seen = new Set(Array.from({ length: 2_000 }, () => random.between([3, 12])))
    assert.deepStrictEqual([...seen].toSorted((one, other) => one - other), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    assert.strictEqual(random.below(0), 0)
    assert.isTrue(draw(random, 1_000).every((each) => Number.isInteger(each) && each >= 0 && each < 2 ** 32))
  })

  it("is as likely as it says", () => {
    const random = Random.make(2)
    const hits = Array.from({ length: 10_000 }, () => random.chance(30)).filter(Boolean).length
    assert.approximately(hits, 3_000, 200)
    assert.isFalse(random.chance(0))
    assert.isTrue(random.chance(100))
    assert.include(["a", "b"], random.pick(["a", "b"]))
  })
})
