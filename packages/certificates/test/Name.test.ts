import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Der from "../src/Der.ts"
import * as Name from "../src/Name.ts"
import * as Encode from "./encode.ts"

const printable = (text: string) => Encode.value(0x13, new TextEncoder().encode(text))
const attribute = (oid: string, value: Uint8Array) => Encode.sequence(Encode.oid(oid), value)
const cn = (value: Uint8Array) => Encode.set(attribute("2.5.4.3", value))
const o = (value: Uint8Array) => Encode.set(attribute("2.5.4.10", value))
const read = (der: Uint8Array) => Result.flatMap(Der.decode(der), (value) => Name.read(value, "the name"))
const name = (...rdns: ReadonlyArray<Uint8Array>) => Result.getOrThrow(read(Encode.sequence(...rdns)))

describe("comparison", () => {
  it("CERT-41 case, white space and the kind of string do not matter", () => {
    const one = name(cn(printable("Harbor  Authority")))
    const same = [cn(Encode.utf8("harbor authority")), cn(printable(" HARBOR Authority "))]
    expect(same.map((each) => name(each).comparable)).toEqual([one.comparable, one.comparable])
  })

  it("CERT-41 order, number and kind of the parts matter", () => {
    const [a, b] = [cn(printable("a")), o(printable("b"))]
    const both = Encode.set(attribute("2.5.4.3", printable("a")), attribute("2.5.4.10", printable("b")))
    const turned = Encode.set(attribute("2.5.4.10", printable("b")), attribute("2.5.4.3", printable("a")))
    const all = [[], [a], [b], [a, b], [b, a], [a, a], [both]].map((each) => name(...each).comparable)
    expect(new Set(all).size).toBe(all.length)
    expect(name(turned).comparable).toBe(name(both).comparable)
  })

  it("CERT-41 no text in one attribute looks like another attribute", () => {
    fc.assert(fc.property(fc.string(), fc.string(), (one, other) => {
      const first = name(cn(Encode.utf8(one)), o(Encode.utf8(other)))
      const second = name(cn(Encode.utf8(`${one}", O=${other}`)))
      expect(first.comparable).not.toBe(second.comparable)
    }))
    expect(name(cn(Encode.value(0x1e, Uint8Array.of(0, 97)))).comparable).not.toBe(name(cn(printable("a"))).comparable)
  })
})

describe("reading", () => {
  it("CERT-23 takes no longer for marks that have to be put in order", () => {
    const marks = (text: string) => cn(Encode.utf8(`a${text.repeat(20_000)}`))
    const start = performance.now()
    const [one, other] = [name(marks("\u0301\u0316")), name(marks("\u0316\u0301"))]
    expect(performance.now() - start).toBeLessThan(500)
    expect(one.comparable).not.toBe(other.comparable)
  })

  it("CERT-63 Common Names are kept as they are, in order", () => {
    expect(name(cn(printable("One")), o(printable("b")), cn(Encode.utf8("zoë"))).commonNames).toEqual(["One", "zoë"])
    expect(name(cn(Encode.value(0x1e, Uint8Array.of(0, 97)))).commonNames).toEqual([])
  })

  it("CERT-87 the text of a name is fit to be shown, and short", () => {
    expect(name(cn(Encode.utf8("a\u202e\u001b[2J\n"))).text).toBe("CN=a\\u{202e}\\u{1b}[2J\\u{a}")
    expect(name(cn(Encode.utf8("a".repeat(10_000)))).text.length).toBeLessThan(300)
  })

  it("CERT-32 an empty name is empty", () => {
    expect(name()).toMatchObject({ isEmpty: true, text: "(an empty name)" })
    expect(name(cn(printable("a")), Encode.set(attribute("1.2.3", Encode.nothing())))).toMatchObject({
      isEmpty: false,
      text: "CN=a, 1.2.3=#0500"
    })
  })

  it("CERT-20 other shapes are malformed", () => {
    const shapes = [
      Encode.set(),
      Encode.sequence(Encode.set()),
      Encode.sequence(Encode.sequence(attribute("1.2.3", Encode.nothing()))),
      Encode.sequence(Encode.set(Encode.sequence(Encode.oid("1.2.3")))),
      Encode.sequence(Encode.set(Encode.sequence(Encode.oid("1.2.3"), Encode.nothing(), Encode.nothing())))
    ]
    expect(shapes.map((each) => Result.isFailure(read(each)))).toEqual(shapes.map(() => true))
  })
})
