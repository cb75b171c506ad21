import fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as Intent from "../src/chatIntent.ts"

describe("what is typed in chat", () => {
  it("is said, unless it begins with a stroke; two strokes are one that is said", () => {
    assert.deepStrictEqual(Intent.read("  But soft"), { _tag: "Say", text: "  But soft" })
    assert.deepStrictEqual(Intent.read("//etc/passwd"), { _tag: "Say", text: "/etc/passwd" })
    assert.deepStrictEqual(Intent.read("   "), { _tag: "Nothing" })
  })

  it.each([
    ["/to mira", { _tag: "Turn", to: "mira" }],
    ["/TO  mira@tansy ", { _tag: "Turn", to: "mira@tansy" }],
    ["/away back at three", { _tag: "Present", status: "away", message: "back at three" }],
    ["/back", { _tag: "Present", status: "avail" }],
    ["/verify", { _tag: "Verify" }],
    ["/verify oskar", { _tag: "Verify", peer: "oskar" }],
    ["/yes", { _tag: "Answer", isYes: true }],
    ["/no", { _tag: "Answer", isYes: false }],
    ["/quit", { _tag: "Quit" }]
  ])("%s", (line, meant) => assert.deepStrictEqual<unknown>(Intent.read(line), meant))

  it("what is not known is never said to anybody", () => {
    fc.assert(fc.property(fc.string(), (rest) => {
      const meant = Intent.read(`/${rest}`)
      if (meant._tag === "Say") assert.isTrue(rest.startsWith("/"))
    }))
    assert.match((Intent.read("/vreify") as { sentence: string }).sentence, /no \/vreify; \/help/)
  })

  it("is completed: commands, and names behind /to", () => {
    assert.deepStrictEqual(Intent.complete("/ve", []), [["/verify "], "/ve"])
    assert.deepStrictEqual(Intent.complete("/to MI", ["mira@tansy", "oskar@linden"]), [["mira@tansy"], "MI"])
    assert.deepStrictEqual(Intent.complete("mi", ["mira@tansy"]), [[], "mi"])
  })

  it("each command stands in the help, and is understood", () => {
    const named = Intent.help().flatMap((line) => /^ {2}\/(\w+)/.exec(line)?.[1] ?? [])
    assert.includeMembers(named, ["who", "to", "verify", "yes", "no", "away", "quit"])
    for (const name of named) assert.notInclude(JSON.stringify(Intent.read(`/${name} mira`)), "there is no")
  })
})
