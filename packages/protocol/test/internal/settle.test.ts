import { describe, expect, it } from "vitest"
import { settle } from "../../src/internal/settle.ts"

const refused = { _tag: "Refused" }

describe("RFC 8264 §7", () => {
  it("applies the rules until nothing changes", () => {
    expect(settle("a", (text) => text)).toBe("a")
    expect(settle("a", () => "b")).toBe("b")
    expect(settle("aaa", (text) => text.replace(/aa/, "a"))).toBe("a")
  })

  it("gives up after three rounds more than one", () => {
    const longer = (max: number) => (text: string) => text.length < max ? `${text}a` : text
    expect([2, 3, 4, 5, 6].map((max) => settle("a", longer(max)))).toEqual(["aa", "aaa", "aaaa", undefined, undefined])
    let rounds = 0
    expect(settle("a", (text) => {
      rounds += 1
      return `${text}a`
    })).toBeUndefined()
    expect(rounds).toBe(4)
  })

  it("ends with the first refusal, whichever round it comes in", () => {
    expect(settle("a", () => refused)).toBe(refused)
    expect(settle("a", (text) => text === "aa" ? refused : `${text}a`)).toBe(refused)
  })
})
