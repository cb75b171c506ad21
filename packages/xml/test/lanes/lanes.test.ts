/**
 * The reader with its fast lane and the reader with the parser alone say the same of whatever comes, piece by piece: the same
 * events, at the same moment. `pnpm fuzz:lanes` asks a million times.
 */
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Limits from "../../src/Limits.ts"
import { bytesOf, runs } from "../arbitrary.ts"
import { opening } from "../reading.ts"
import { compare } from "./compare.ts"
import { document } from "./documents.ts"

const whole = (text: string) => ({ bytes: bytesOf(opening + text), sizes: [1 << 20], limits: Limits.defaults })

describe("both roads", () => {
  it("XML-04 XML-05 XML-18 P-29 P-30 P-31 agree on 20 000 documents, most of them good, many spoilt", () => {
    let elements = 0
    let refused = 0
    for (let seed = 0; seed < 20_000; seed++) {
      const compared = compare(document(seed))
      expect(compared.difference, `seed ${seed}`).toBeUndefined()
      elements += compared.elements
      if (compared.isRefused) refused++
    }
    // Documents that are all good, or all bad, would try little.
    expect(elements).toBeGreaterThan(10_000)
    expect(refused).toBeGreaterThan(5000)
    expect(refused).toBeLessThan(15_000)
  })

  it("P-30 XML-18 agree on names, namespaces and values as long as an element may be", () => {
    for (const length of [255, 256, 257, 5000, 200_000]) {
      const long = "a".repeat(length)
      for (
        const text of [
          `<${long}/>`,
          `<${long}></${long}>`,
          `<x xmlns='${long}'/>`,
          `<x ${long}='1'/>`,
          `<x y='${long}'/>`
        ]
      ) {
        for (const sizes of [[1 << 20], [997]]) {
          const { difference, elements } = compare({ ...whole(text + text), sizes })
          expect(difference?.after).toBeUndefined()
          expect(elements).toBe(text.length <= Limits.defaults.elementBytesMax ? 2 : 0)
        }
      }
    }
  })

  it("P-30 agree on bytes that mean nothing, in pieces of any size", () => {
    const bits = fc.constantFrom(
      ..."<a></a>&amp;]]>'\"= xmlns:é\u{1F600}\r\n\t\0".split(/(?=[^])/u),
      "<a b='",
      "</",
      "<x/>"
    )
    fc.assert(
      fc.property(
        fc.array(bits, { maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (text, sizes) => {
          expect(compare({ ...whole(text.join("")), sizes }).difference).toBeUndefined()
        }
      ),
      { ...runs, numRuns: 3000 }
    )
  })

  it("XML-04 agree on every byte in every place of a stanza, instead of the one there and before it", () => {
    const stanza = "<m a='b&lt;' xml:lang=\"en\"><x xmlns='urn:x'/>t&amp;\u00E9\u20AC\u{1F600}]]</m>"
    const bytes = bytesOf(opening + stanza)
    for (let at = bytes.length - bytesOf(stanza).length; at < bytes.length; at++) {
      for (let byte = 0; byte < 256; byte++) {
        for (const dropped of [0, 1]) {
          const spoilt = Uint8Array.of(...bytes.subarray(0, at), byte, ...bytes.subarray(at + dropped))
          const { difference } = compare({ bytes: spoilt, sizes: [1 << 20], limits: Limits.defaults })
          expect(difference, `${byte} at ${at}`).toBeUndefined()
        }
      }
    }
  })
})
