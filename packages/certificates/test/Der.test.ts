import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Der from "../src/Der.ts"
import * as Encode from "./encode.ts"
import { bytes } from "./making.ts"

const decode = (hex: string) => Der.decode(bytes(hex))
const ruleOf = (read: Der.Read<unknown>): string =>
  Result.match(read, { onFailure: ({ rule }) => rule, onSuccess: () => "ok" })
const value = (hex: string): Der.Value => Result.getOrThrow(decode(hex))

const tree: fc.Arbitrary<Uint8Array> = fc.letrec<{ value: Uint8Array }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: "small" },
    fc.uint8Array({ maxLength: 300 }).map((each) => Encode.octetString(each)),
    fc.nat().map(Encode.integer),
    fc.string().map(Encode.utf8),
    fc.array(tie("value"), { maxLength: 5 }).map((each) => Encode.sequence(...each))
  )
})).value

describe("values", () => {
  it.each([
    ["CERT-20", "a length beyond the end", "04 03 01 02"],
    ["CERT-20", "bytes after the value", "04 01 01 00"],
    ["CERT-20", "nothing at all", ""],
    ["CERT-20", "a tag alone", "30"],
    ["CERT-20", "a length cut off", "04 82 01"],
    ["CERT-20", "an inner length beyond its parent", "30 03 04 02 01"],
    ["CERT-20", "an inner length that does not fill its parent", "30 04 04 01 00 04"],
    ["CERT-21", "an indefinite length", "30 80 00 00"],
    ["CERT-21", "a length of four octets", "04 84 00 00 00 01 00"],
    ["CERT-21", "a long form for a short length", "04 81 7f"],
    ["CERT-21", "a leading zero in a length", "04 82 00 80"],
    ["CERT-21", "a tag number of 31", "1f 01 00"],
    ["CERT-21", "a tag number of 31 within", "30 03 bf 01 00"]
  ])("%s refuses %s", (rule, _, hex) => {
    expect(ruleOf(decode(hex))).toBe(rule)
  })

  it("CERT-23 nests 32 deep and no deeper", () => {
    const nested = (depth: number): Uint8Array =>
      Array.from({ length: depth - 1 }).reduce<Uint8Array>((inner) => Encode.sequence(inner), Encode.sequence())
    expect(ruleOf(Der.decode(nested(32)))).toBe("ok")
    expect(ruleOf(Der.decode(nested(33)))).toBe("CERT-23")
    expect(ruleOf(Der.decode(nested(20_000)))).toBe("CERT-23")
  })

  it("CERT-23 answers every byte string", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (input) => {
      expect(["ok", "CERT-20", "CERT-21", "CERT-23"]).toContain(ruleOf(Der.decode(input)))
    }))
  })

  it("CERT-20 a value is what it was read from, down to the last octet", () => {
    fc.assert(fc.property(tree, (input) => {
      const read = Result.getOrThrow(Der.decode(input))
      const write = (each: Der.Value): Uint8Array =>
        each.tag === Der.tags.sequence
          ? Encode.sequence(...each.children.map(write))
          : Encode.value(each.tag, each.content)
      expect(write(read)).toEqual(input)
      expect(read.raw).toEqual(input)
    }))
  })

  it("CERT-20 no value is cut short or made longer unnoticed", () => {
    fc.assert(fc.property(tree, fc.uint8Array({ minLength: 1, maxLength: 3 }), (input, more) => {
      expect(ruleOf(Der.decode(input.subarray(0, input.length - 1)))).not.toBe("ok")
      expect(ruleOf(Der.decode(Uint8Array.from([...input, ...more])))).not.toBe("ok")
    }))
  })
})

describe("types", () => {
  it("CERT-21 an INTEGER is minimal", () => {
    expect(Der.integer(value("02 02 00 80"), "n")).toEqual(Result.succeed(Uint8Array.of(0, 0x80)))
    expect(["02 00", "02 02 00 7f", "02 02 ff 80", "04 01 00"].map((each) => ruleOf(Der.integer(value(each), "n"))))
      .toEqual([
        "CERT-20",
        "CERT-21",
        "CERT-21",
        "CERT-20"
      ])
    expect(Result.getOrThrow(Der.smallInteger(value("02 04 7f ff ff ff"), "n"))).toBe(0x7fffffff)
    expect(["02 05 01 00 00 00 00", "02 01 ff"].map((each) => ruleOf(Der.smallInteger(value(each), "n")))).toEqual([
      "CERT-20",
      "CERT-20"
    ])
  })

  it("CERT-21 a BOOLEAN is 00 or FF", () => {
    expect(Result.getOrThrow(Der.boolean(value("01 01 ff"), "b"))).toBe(true)
    expect(Result.getOrThrow(Der.boolean(value("01 01 00"), "b"))).toBe(false)
    expect(["01 01 01", "01 00", "01 02 ff ff"].map((each) => ruleOf(Der.boolean(value(each), "b")))).toEqual([
      "CERT-21",
      "CERT-21",
      "CERT-21"
    ])
  })

  it("CERT-29 an OBJECT IDENTIFIER reads as dotted numbers and is written back the same", () => {
    expect(Result.getOrThrow(Der.oid(value("06 08 2b 06 01 05 05 07 08 05"), "o"))).toBe("1.3.6.1.5.5.7.8.5")
    expect(Result.getOrThrow(Der.oid(value("06 03 88 37 03"), "o"))).toBe("2.999.3")
    expect(["06 00", "06 02 2b 86", "06 03 2b 80 01"].map((each) => ruleOf(Der.oid(value(each), "o")))).toEqual([
      "CERT-20",
      "CERT-20",
      "CERT-21"
    ])
    const uuid = `06 14 69 83 ${"ff ".repeat(17)}7f`
    expect(Result.getOrThrow(Der.oid(value(uuid), "o"))).toBe("2.25.340282366920938463463374607431768211455")
    const arcs = fc.tuple(fc.constantFrom(0, 1), fc.nat(39), fc.array(fc.nat(), { maxLength: 8 }))
    fc.assert(fc.property(arcs, ([first, second, rest]) => {
      const dotted = [first, second, ...rest].join(".")
      expect(Der.oid(Result.getOrThrow(Der.decode(Encode.oid(dotted))), "o")).toEqual(Result.succeed(dotted))
    }))
  })

  it("CERT-20 an OBJECT IDENTIFIER is short enough for a sentence", () => {
    const long = (octets: number) =>
      Der.oid(Result.getOrThrow(Der.decode(Encode.value(6, new Uint8Array(octets).fill(0x7f)))), "o")
    expect(Result.getOrThrow(long(255)).length).toBeLessThan(1100)
    expect(ruleOf(long(256))).toBe("CERT-20")
  })

  it("CERT-20 CERT-21 a BIT STRING counts its unused bits, and they are zero", () => {
    expect(Result.getOrThrow(Der.bits(value("03 02 07 80"), "b"))).toEqual({ octets: Uint8Array.of(0x80), unused: 7 })
    const bad = ["03 00", "03 01 01", "03 02 08 00", "03 02 07 c0"].map((each) => ruleOf(Der.bits(value(each), "b")))
    expect(bad).toEqual(["CERT-20", "CERT-20", "CERT-20", "CERT-21"])
    expect(ruleOf(Der.bitOctets(value("03 02 07 80"), "b"))).toBe("CERT-20")
  })

  it("T48 CERT-20 times are those of RFC 5280", () => {
    const yearOf = (tag: number, text: string): number =>
      new Date(
        Result.getOrThrow(
          Der.time(Result.getOrThrow(Der.decode(Encode.value(tag, new TextEncoder().encode(text)))), "t")
        )
      ).getUTCFullYear()
    expect(yearOf(0x17, "491231235959Z")).toBe(2049)
    expect(yearOf(0x17, "500101000000Z")).toBe(1950)
    expect(yearOf(0x18, "99991231235959Z")).toBe(9999)
  })

  it.each([
    [0x17, "4912312359Z"],
    [0x17, "491231235959"],
    [0x17, "491231235959+0000"],
    [0x17, "491331235959Z"],
    [0x17, "490229000000Z"],
    [0x17, "490101240000Z"],
    [0x17, "49010100000aZ"],
    [0x17, "20491231235959Z"],
    [0x18, "20490101000000.5Z"],
    [0x18, "491231235959Z"],
    [0x18, "21000229000000Z"],
    [0x0c, "491231235959Z"]
  ])("CERT-20 %s %s is no time", (tag, text) => {
    expect(ruleOf(Der.time(Result.getOrThrow(Der.decode(Encode.value(tag, new TextEncoder().encode(text)))), "t")))
      .toBe("CERT-20")
  })

  it("CERT-20 every second from 1950 to 9999 is written and read back", () => {
    fc.assert(fc.property(fc.integer({ min: -631152000, max: 253402300799 }), (seconds) => {
      const read = Der.time(Result.getOrThrow(Der.decode(Encode.time(seconds * 1000))), "t")
      expect(read).toEqual(Result.succeed(seconds * 1000))
    }))
  })

  it("CERT-25 text is UTF-8 or ASCII, by its type", () => {
    expect(Der.text(value("0c 02 c3 ab"))).toBe("ë")
    expect(Der.text(value("0c 01 ff"))).toBeUndefined()
    expect(Der.text(value("16 02 c3 ab"))).toBeUndefined()
    expect(Der.text(value("1e 02 00 61"))).toBeUndefined()
  })
})
