import { assert, describe, it } from "@effect/vitest"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import * as Txt from "../src/Txt.ts"

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const texts = (...strings: ReadonlyArray<string>): Txt.Txt => Txt.parse(strings.map(octets))

const anyOctets = fc.uint8Array({ maxLength: 300 })
const key = fc.stringMatching(/^[ -<>-~]{1,20}$/)
const ownEntry = fc.tuple(
  key.filter((each) => each.toLowerCase() !== "txtvers"),
  fc.option(fc.uint8Array({ maxLength: 60 }), { nil: undefined })
).map(([key, value]): Txt.Entry => value === undefined ? { key: key.toLowerCase() } : { key: key.toLowerCase(), value })
const ownTxt = fc.uniqueArray(ownEntry, { selector: (entry) => entry.key, maxLength: 12 })

describe("reading", () => {
  it("LL-03 splits at the first equals sign, and keeps what follows as octets", () => {
    assert.deepStrictEqual(texts("msg=a=b", "free", "empty=", "=nothing", ""), [
      { key: "msg", value: octets("a=b") },
      { key: "free" },
      { key: "empty", value: octets("") }
    ])
    assert.deepStrictEqual(Txt.parse([Uint8Array.of(0x6b, 0x3d, 0xff, 0x00)]), [
      { key: "k", value: Uint8Array.of(0xff, 0x00) }
    ])
  })

  it("LL-04 keys are printable ASCII and compared without case, with their spaces", () => {
    assert.deepStrictEqual(texts("NICK=a", "ni ck=b", " nick=c").map(({ key }) => key), ["nick", "ni ck", " nick"])
    assert.deepStrictEqual(texts("é=1", "a\tb=2", "\u007f=3"), [])
    assert.strictEqual(Txt.text(texts("Status=away"), "STATUS"), "away")
  })

  it("LL-05 of a key that comes twice, only the first counts", () => {
    assert.strictEqual(Txt.text(texts("status=away", "STATUS=dnd", "status"), "status"), "away")
    assert.strictEqual(Txt.text(texts("status", "status=dnd"), "status"), undefined)
  })

  it.each([
    ["txtvers=1", "a"],
    ["txtvers=01", "a"],
    ["txtvers=one", "a"],
    ["txtvers", "a"],
    ["txtvers=2", undefined],
    ["TXTVERS=10", undefined]
  ])("LL-06 after %s the nick is %s", (version, nick) => {
    assert.strictEqual(Txt.text(texts(version, "nick=a"), "nick"), nick)
    assert.strictEqual(Txt.text(texts("nick=a", version), "nick"), nick)
  })

  it("LL-02 no string and an empty one are the same: no keys", () => {
    assert.deepStrictEqual([Txt.decode([]), Txt.decode([""]), texts()], [[], [], []])
  })

  it("LL-03, LL-07 never fails, whatever the octets, and has each key once", () => {
    fc.assert(fc.property(fc.array(fc.oneof(anyOctets, fc.string().map(octets))), (strings) => {
      const txt = Txt.parse(strings)
      assert.strictEqual(new Set(txt.map((entry) => entry.key)).size, txt.length)
      for (const each of txt) {
        assert.match(each.key, /^[ -<>-~]+$/)
        assert.isTrue(strings.some((string) => string.length >= each.key.length + (each.value?.length ?? 0)))
      }
      assert.deepStrictEqual(Txt.decode(strings.map((each) => Base64.encode(each))), txt)
    }))
  })

  it("LL-03 a text that is no base64 is passed over", () => {
    assert.deepStrictEqual(Txt.decode(["?", Base64.encode("a=b"), "===="]), [{ key: "a", value: octets("b") }])
    fc.assert(fc.property(fc.array(fc.string()), (strings) => void Txt.decode(strings)))
  })

  it("LL-08 looks at no more than a record can have", () => {
    const many = Array.from({ length: 70_000 }, (_, at) => octets(`k${at}`))
    assert.isBelow(Txt.parse(many).length, 20_000)
  })
})

describe("writing", () => {
  it("LL-02 without an entry it is one empty string", () => {
    assert.deepStrictEqual(Txt.encode([]), Result.succeed([""]))
    assert.strictEqual(Txt.octets([""]), 1)
  })

  it("LL-03 what was written is read again, octet by octet", () => {
    fc.assert(fc.property(ownTxt, (txt) => {
      const strings = Result.getOrThrow(Txt.encode(txt))
      assert.deepStrictEqual(Txt.decode(strings), txt)
      assert.isTrue(strings.every((each) => Result.getOrThrow(Base64.decode(each)).length <= 255))
    }))
  })

  it("LL-08 refuses a string of more than 255 octets, and a record of more than 1300", () => {
    const long = (length: number) => Txt.encode([{ key: "k", value: new Uint8Array(length) }])
    assert.isTrue(Result.isSuccess(long(253)))
    assert.deepStrictEqual(
      Result.getFailure(long(254)).pipe((each) => each._tag === "Some" ? each.value : undefined),
      new Txt.TxtTooLarge({ key: "k", octets: 256, octetsMax: 255 })
    )
    const many = (last: number) =>
      Txt.encode(Array.from({ length: 6 }, (_, at) => ({
        key: `k${at}`,
        value: new Uint8Array(at < 5 ? 252 : last)
      })))
    assert.strictEqual(Txt.octets(Result.getOrThrow(many(16))), 1300)
    const refused = many(17)
    assert.isTrue(Result.isFailure(refused) && refused.failure._tag === "TxtTooLarge")
    assert.match(Result.isFailure(refused) ? refused.failure.message : "", /1301 octets, and 1300 are the most/)
  })

  it("LL-05 refuses a key that is there twice, whatever its case", () => {
    const refused = Txt.encode([{ key: "a" }, Txt.entry("A", "b")])
    assert.deepStrictEqual(refused, Result.fail(new Txt.TxtUnsound({ key: "A", reason: "repeatedKey" })))
    assert.match(Result.isFailure(refused) ? refused.failure.message : "", /only the first/)
  })

  it("LL-04 refuses what is no key", () => {
    for (const key of ["", "a=b", "é", "a\n"]) {
      assert.deepStrictEqual(Txt.encode([{ key }]), Result.fail(new Txt.TxtUnsound({ key, reason: "badKey" })))
    }
  })

  it("LL-08 says how a size fits", () => {
    assert.deepStrictEqual([200, 201, 400, 401, 1300, 1301].map(Txt.fit), [
      "small",
      "message",
      "message",
      "large",
      "large",
      "excessive"
    ])
    fc.assert(fc.property(fc.array(anyOctets), (strings) => {
      const encoded = strings.map((each) => Base64.encode(each))
      assert.strictEqual(Txt.octets(encoded), strings.reduce((sum, each) => sum + 1 + each.length, 0))
    }))
  })
})
