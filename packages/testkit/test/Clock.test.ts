import { assert, describe, it } from "vitest"
import * as Random from "../src/Random.ts"
import * as Clock from "../src/simulator/Clock.ts"

describe("Clock", () => {
  it("runs tasks in the order of their times, and of their coming where these are equal", () => {
    const clock = Clock.make()
    const random = Random.make(3)
    const ran: Array<readonly [number, number]> = []
    const wanted = Array.from({ length: 500 }, (_, index) => [random.below(50), index] as const)
    for (const [millis, index] of wanted) clock.after(millis, () => void ran.push([clock.now(), index]))
    while (clock.next());
    assert.deepStrictEqual(ran, wanted.toSorted(([one], [other]) => one - other))
  })

  it("stands still until asked, and is done when nothing waits", () => {
    const clock = Clock.make()
    clock.after(3_600_000, () => {})
    assert.strictEqual(clock.now(), 0)
    assert.isTrue(clock.next())
    assert.strictEqual(clock.now(), 3_600_000)
    assert.isFalse(clock.next())
  })

  it("takes tasks back, and never goes backwards", () => {
    const clock = Clock.make()
    const ran: Array<string> = []
    const cancel = clock.after(5, () => void ran.push("cancelled"))
    clock.after(10, () => void clock.after(-5, () => void ran.push(`late at ${clock.now()}`)))
    cancel()
    while (clock.next());
    assert.deepStrictEqual(ran, ["late at 10"])
  })
})
