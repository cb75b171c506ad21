/** Names of files that others have chosen. */
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as SafeName from "../src/SafeName.ts"

const nasty = fc.constantFrom(
  ..."/ \\ .. . : CON nul. COM1 COM¹ LPT9.txt \u202e \u2066 \u200b \ufeff \u0000 \n - ~ * ? ️ \u3164 e\u0301 \ud800 ／ .txt"
    .split(" "),
  " "
)
const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc.array(fc.oneof(nasty, fc.string({ maxLength: 5 })), { maxLength: 12 }).map((parts) => parts.join(""))
)

/** What the head of the module says, written down again. */
const isSafe = (name: string): boolean =>
  new TextEncoder().encode(name).length <= 200
  && name.length > 0
  && name.isWellFormed()
  && !/[/\\<>:"|?*\uff0f]|[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(name)
  && !/^[ .~-]|[ .]$/.test(name)
  && !/^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i.test(name)
  && name === name.normalize("NFC")

describe("safe names", () => {
  it("are safe, whatever was offered, and stay as they are", () => {
    fc.assert(
      fc.property(name, (offered) => {
        const safe = SafeName.fromOffered(offered)
        assert.isTrue(isSafe(safe), JSON.stringify(safe))
        assert.strictEqual(SafeName.fromOffered(safe), safe)
      }),
      { numRuns: 3000 }
    )
  })

  it("that are safe already are not changed", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-zA-Zäöüשл0-9_][a-zA-Zäöüשл0-9_ -]{0,20}x\.(?:txt|jpeg|tar)$/),
        (offered) => assert.strictEqual(SafeName.fromOffered(offered), offered.replace(/ +/g, " "))
      )
    )
  })

  it("with a number are safe, other than without, and other than with another number", () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 2, max: 1e9 }), fc.integer({ min: 2, max: 1e9 }), (offered, one, other) => {
        const safe = SafeName.fromOffered(offered)
        const first = SafeName.numbered(offered, one)
        assert.isTrue(isSafe(first), JSON.stringify(first))
        assert.strictEqual(first === SafeName.numbered(offered, other), one === other)
        assert.strictEqual(SafeName.numbered(offered, 1), safe)
      }),
      { numRuns: 2000 }
    )
  })

  it("never hit one that is there", () => {
    fc.assert(
      fc.property(fc.array(name, { maxLength: 8 }), name, fc.nat(5), (there, offered, more) => {
        const taken = [...there, ...Array.from({ length: more }, (_, at) => SafeName.numbered(offered, at + 1))]
        const free = SafeName.free(offered, taken)
        assert.isTrue(isSafe(free))
        assert.isFalse(taken.some((each) => each.toLowerCase() === free.toLowerCase()))
      })
    )
  })

  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\romeo\\letter.doc", "letter.doc"],
    ["/", "file"],
    ["..", "file"],
    [".bashrc", "bashrc"],
    ["-rf", "rf"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["letter.txt\u0000.exe", "letter.txt.exe"],
    ["con", "_con"],
    ["NUL.tar.gz", "_NUL.tar.gz"],
    ["COM¹", "_COM¹"],
    ["letter.txt. . .", "letter.txt"],
    ["letter.txt:stream", "letter.txt_stream"],
    ["a\u00a0\u2003 b", "a b"],
    ["e\u0301te\u0301.txt", "été.txt"],
    [`${"é".repeat(150)}.txt`, `${"é".repeat(97)}.txt`],
    ["שלום.txt", "שלום.txt"]
  ])("%j is kept as %j", (offered, safe) => assert.strictEqual(SafeName.fromOffered(offered), safe))

  it.each([
    ["letter.txt", ["LETTER.TXT"], "letter (2).txt"],
    ["letter.txt", ["letter.txt", "letter (2).txt"], "letter (3).txt"],
    ["a.tar.gz", ["a.tar.gz"], "a.tar (2).gz"],
    ["letter", [], "letter"]
  ])("%s beside %j is kept as %s", (offered, taken, free) => assert.strictEqual(SafeName.free(offered, taken), free))
})
