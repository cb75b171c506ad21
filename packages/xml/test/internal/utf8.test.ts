import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Utf8 from "../../src/internal/utf8.ts"
import { bytesOf, cut, cuts, joinBytes, runs, text } from "../arbitrary.ts"

const decode = (pieces: ReadonlyArray<Uint8Array>) => {
  const decoder = Utf8.make()
  let all = ""
  for (const piece of pieces) if (!decoder.broken) all += Utf8.decode(decoder, piece, 0, piece.length)
  return { text: all, broken: decoder.broken, waiting: decoder.waiting }
}

/** The platform's decoder, a byte at a time, until it refuses one. */
const reference = (bytes: Uint8Array) => {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  let text = ""
  for (const byte of bytes) {
    try {
      text += decoder.decode(Uint8Array.of(byte), { stream: true })
    } catch {
      return { text: text.replace(/\r\n?/g, "\n"), broken: true }
    }
  }
  return { text: text.replace(/\r\n?/g, "\n"), broken: false }
}

const edges = [
  0x00,
  0x7F,
  0x80,
  0x8F,
  0x90,
  0x9F,
  0xA0,
  0xBF,
  0xC0,
  0xC1,
  0xC2,
  0xDF,
  0xE0,
  0xE1,
  0xEC,
  0xED,
  0xEE,
  0xEF
]
const octet = fc.oneof(fc.constantFrom(...edges, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF, 0x0A, 0x0D), fc.nat({ max: 255 }))
const octets = fc.oneof(
  fc.array(octet, { maxLength: 12 }).map((all) => Uint8Array.from(all)),
  fc.tuple(text, fc.array(octet, { maxLength: 3 }), text).map(([before, between, after]) =>
    joinBytes([bytesOf(before), Uint8Array.from(between), bytesOf(after)])
  )
)

describe("utf8", () => {
  it("XML-09 reads what the platform reads, and stops before the byte at which it stops", () => {
    fc.assert(
      fc.property(octets, (bytes) => {
        const { broken, text } = decode([bytes])
        expect({ broken, text }).toEqual(reference(bytes))
      }),
      { numRuns: runs.numRuns * 10 }
    )
  })

  it("XML-16 does not care how the bytes are cut", () => {
    fc.assert(
      fc.property(octets, cuts, (bytes, sizes) => {
        expect(decode(cut(bytes, sizes))).toEqual(decode([bytes]))
      }),
      runs
    )
  })

  it("XML-09 knows every two bytes, good or bad", () => {
    const differences: Array<string> = []
    for (let pair = 0; pair < 65_536; pair++) {
      const bytes = Uint8Array.of(pair >> 8, pair & 0xFF)
      const { broken, text } = decode([bytes])
      const wanted = reference(bytes)
      if (broken !== wanted.broken || text !== wanted.text) differences.push(pair.toString(16))
    }
    expect(differences).toEqual([])
    expect(decode([Uint8Array.of(0xC3)]).waiting).toBe(1)
  })

  it("XML-22 a line feed is dropped right behind CR only", () => {
    expect(decode([bytesOf("\r\n\r\n\r\r\n\n\ré\n\ra\n")]).text).toBe("\n\n\n\n\n\né\n\na\n")
  })

  it("reads texts longer than its own memory, with a pair of surrogates across it", () => {
    for (const size of [4094, 4095, 4096, 4097, 10_000]) {
      const long = `${"a".repeat(size)}\u{1F600}é\r\n`
      expect(decode([bytesOf(long)]).text).toBe(long.replace("\r\n", "\n"))
    }
  })
})
