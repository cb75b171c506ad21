import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Language from "../src/Language.ts"

const subtags = fc.array(fc.stringMatching(/^[A-Za-z0-9]{1,8}$/), { maxLength: 4 })
const tags = fc.tuple(fc.stringMatching(/^[A-Za-z]{2,8}$/), subtags).map(([first, rest]) => [first, ...rest].join("-"))

describe("isTag", () => {
  it("LANG-03 takes tags of RFC 5646", () => {
    for (
      const tag of [
        "en",
        "de-CH",
        "zh-Hant-TW",
        "sr-Latn",
        "es-419",
        "de-CH-1996",
        "x-whatever",
        "i-klingon",
        "I-Klingon",
        "X-Whatever",
        "sl-rozaj-biske"
      ]
    ) {
      expect([tag, Language.isTag(tag)]).toEqual([tag, true])
    }
    fc.assert(fc.property(tags, Language.isTag))
  })

  it("LANG-03 and nothing else", () => {
    for (
      const text of [
        "",
        "e",
        "en_US",
        "en-",
        "-en",
        "en--US",
        "en US",
        " en",
        "en\n",
        "abcdefghi",
        "en-abcdefghi",
        "é",
        "12"
      ]
    ) {
      expect([text, Language.isTag(text)]).toEqual([text, false])
    }
  })
})

describe("lookup", () => {
  it("LANG-02 the tag itself, in our spelling", () => {
    expect(Language.lookup("DE-ch", ["en", "de-CH"], "en")).toBe("de-CH")
  })

  it("LANG-02 else what is left when subtags drop from the right, a dangling letter with them", () => {
    expect(Language.lookup("de-CH-1996", ["en", "de"], "en")).toBe("de")
    expect(Language.lookup("zh-Hant-CN-x-private1-private2", ["zh-Hant"], "en")).toBe("zh-Hant")
    expect(Language.lookup("zh-Hant-CN-x-private1", ["zh-Hant-CN-x", "zh-Hant-CN"], "en")).toBe("zh-Hant-CN")
  })

  it("LANG-02 else our own; never something narrower than was asked for", () => {
    expect(Language.lookup("de", ["en", "de-CH"], "en")).toBe("en")
    expect(Language.lookup("fr", ["de"], "en")).toBe("en")
    expect(Language.lookup(undefined, ["de"], "en")).toBe("en")
    expect(Language.lookup("x", [], "en")).toBe("en")
  })

  it("LANG-02 answers with one that we have", () => {
    fc.assert(fc.property(tags, fc.array(tags), tags, (wanted, supported, own) => {
      const found = Language.lookup(wanted, supported, own)
      expect([own, ...supported]).toContain(found)
      const prefix = `${wanted}-`.toLowerCase().startsWith(`${found}-`.toLowerCase())
      expect(found === own || prefix).toBe(true)
    }))
  })
})
