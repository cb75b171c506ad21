/** Medians, ratios, lines through points, and turns. */
import { expect, it } from "vitest"
import { besides, exponent, median, slope, summarise } from "../src/harness/statistics.ts"
import { takeTurns } from "../src/harness/turns.ts"

it("the median of an even number is between the two in the middle", () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, 0])
})

it("a summary has the least and the most", () => {
  expect(summarise([3, 1, 2])).toEqual({ least: 1, median: 2, most: 3 })
  expect(summarise([])).toEqual({ least: 0, median: 0, most: 0 })
})

it("ratios are taken turn by turn", () => {
  expect(besides([2, 20, 200], [1, 10, 50])).toEqual({ least: 2, median: 2, most: 4 })
})

it("a line through points has a slope, and growth an exponent", () => {
  expect(slope([[1, 5], [2, 7], [3, 9]])).toBeCloseTo(2)
  expect(exponent([[1, 3], [10, 300], [100, 30_000]])).toBeCloseTo(2)
})

const counting = (order: Array<string>) =>
  ["one", "other"].map((name) => ({
    name,
    run: async () => order.push(name)
  }))

it("everybody takes turns, and the first does not count", async () => {
  const order: Array<string> = []
  expect(await takeTurns(counting(order), 2)).toEqual([[3, 5], [4, 6]])
  expect(order).toEqual(["one", "other", "one", "other", "one", "other"])
})

it("unless there is nothing to warm up", async () => {
  expect(await takeTurns(counting([]), 1, undefined, { warms: false })).toEqual([[1], [2]])
})
