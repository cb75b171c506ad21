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
          for (let left = reads; left > 0 && Unread.ready(unread); left--) seen.push(unread.bytes[unread.at++]!)
        }
        expect([...seen, ...Unread.take(unread)]).toEqual([...joinBytes(pushes.map(([bytes]) => bytes))])
        expect(Unread.ready(unread)).toBe(false)
      }),
      runs
    )
  })

  it("LIM-05 holds no piece that was read", () => {
    const unread = Unread.make()
    Unread.push(unread, new Uint8Array(3))
    Unread.ready(unread)
    unread.at = 3
    expect(Unread.ready(unread)).toBe(false)
    expect(unread).toEqual(Unread.make())
  })
})
