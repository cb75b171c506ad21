/** Eight bytes at once, against one by one. */
import { describe, expect, it } from "vitest"
import { classes, TEXT_STOP } from "../../src/internal/lane/classes.ts"
import { plainEnd } from "../../src/internal/lane/wide.ts"

const isPlain = (byte: number): boolean => byte >= 0x20 && ((classes[byte] ?? 0) & TEXT_STOP) === 0

describe("plainEnd", () => {
  it("XML-04 stops before every eight in which one byte is not plain, whatever its neighbours are", () => {
    for (const neighbour of [0x20, 0x21, 0x3B, 0x3D, 0x3F, 0x25, 0x27, 0x61, 0x7F]) {
      for (let byte = 0; byte < 256; byte++) {
        for (let at = 0; at < 16; at++) {
          const bytes = new Uint8Array(16).fill(neighbour)
          bytes[at] = byte
          const end = plainEnd(new DataView(bytes.buffer), 0, 16)
          expect(end).toBe(isPlain(byte) ? 16 : at < 8 ? 0 : 8)
        }
      }
    }
  })

  it("takes no more than is there, from wherever it begins", () => {
    const bytes = new Uint8Array(64).fill(0x61)
    bytes[40] = 0x3C
    const view = new DataView(bytes.buffer)
    for (let from = 0; from < 41; from++) {
      for (let size = from; size <= 64; size++) {
        const end = plainEnd(view, from, size)
        const bound = Math.min(size, 40)
        expect(end).toBe(from + 8 * Math.floor((bound - from) / 8))
      }
    }
  })
})
