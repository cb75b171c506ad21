import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Desk from "../src/chatDesk.ts"

const make = () => {
  const shown: Array<string> = []
  const answered: Array<string> = []
  const desk = Desk.make((lines) => Effect.sync(() => void shown.push(...lines)))
  const ask = (name: string) =>
    desk.ask(name, {
      lines: [`${name}?`],
      answer: (isYes) => Effect.sync(() => void answered.push(`${name} ${isYes ? "yes" : "no"}`))
    })
  return { answered, ask, desk, shown }
}

describe("questions in chat", () => {
  it.effect("are put one at a time, in the order in which they came", () =>
    Effect.gen(function*() {
      const { answered, ask, desk, shown } = make()
      yield* ask("first")
      yield* ask("second")
      assert.deepStrictEqual(shown, ["first?"])
      assert.isTrue(yield* desk.answer(true))
      assert.deepStrictEqual(shown, ["first?", "second?"])
      assert.isTrue(yield* desk.answer(false))
      assert.deepStrictEqual(answered, ["first yes", "second no"])
      assert.isFalse(yield* desk.answer(true))
    }))

  it.effect("that nobody has to answer any more are withdrawn; the next one is put", () =>
    Effect.gen(function*() {
      const { answered, ask, desk, shown } = make()
      yield* ask("first")
      yield* ask("second")
      yield* desk.withdraw("first")
      assert.deepStrictEqual(shown, ["first?", "second?"])
      yield* desk.withdraw("first")
      yield* desk.answer(true)
      assert.deepStrictEqual(answered, ["second yes"])
    }))

  it.effect("another one under the same key takes its place", () =>
    Effect.gen(function*() {
      const { desk, shown } = make()
      const told: Array<number> = []
      for (const each of [1, 2]) {
        yield* desk.ask("key", { lines: [`${each}?`], answer: () => Effect.sync(() => void told.push(each)) })
      }
      yield* desk.answer(true)
      assert.deepStrictEqual([shown, told], [["1?", "2?"], [2]])
    }))
})
