import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Unread from "../../src/internal/unread.ts"
import { joinBytes, runs } from "../arbitrary.ts"

describe("unread", () => {
  it("P-20 gives every byte once, in order, to the reader or to whoever takes the rest", () => {
    const pushes = fc.array(fc.tuple(fc.uint8Array({ maxLength: 5 }), fc.nat({ max: 7 })), { maxLength: 10 })
    fc.assert(
      fc.property(pushes, (pushes) => {
        const unread = Unread.make()
        const seen: Array<number> = []
        for (const [bytes, reads] of pushes) {
          Unread.push(unread, bytes)
          for (let left = reads; left > 0 && unread.at < unread.size; left--) seen.push(unread.bytes[unread.at++]!)
        }
        expect([...seen, ...Unread.take(unread)]).toEqual([...joinBytes(pushes.map(([bytes]) => bytes))])
        expect(unread).toEqual(Unread.make())
      }),
      runs
    )
  })

  it("LIM-05 many small pieces take no more room than twice what is there", () => {
    const unread = Unread.make()
    for (let each = 0; each < 100_000; each++) Unread.push(unread, Uint8Array.of(each))
    expect(unread.size).toBe(100_000)
    expect(unread.bytes.length).toBeLessThan(400_000)
    unread.at = 99_999
    for (let each = 0; each < 1_000_000; each++) {
      Unread.push(unread, Uint8Array.of(each))
      unread.at++
    }
    expect(unread.bytes.length).toBeLessThan(400_000)
  })

  it("LIM-05 holds no piece once all is read and cleared", () => {
    const unread = Unread.make()
    Unread.push(unread, new Uint8Array(3))
    unread.at = 3
    Unread.clear(unread)
    expect(unread).toEqual(Unread.make())
  })
})
