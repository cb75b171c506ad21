/** QR codes as a terminal shows them, read again by a decoder that knows nothing of how they were made. */
import * as fc from "fast-check"
import jsQR from "jsqr"
import { assert, describe, it } from "vitest"
import * as QrCode from "../src/qrCode.ts"

const modulePixels = 3

/** Each character is two modules, one above the other: an upper and a lower half, in which ink is `written`. */
const pixels = (lines: ReadonlyArray<string>, written: 0 | 255) => {
  const rows = lines.flatMap((line) => [upper, lower].map((inked) => [...line].map((glyph) => inked.includes(glyph))))
  const [width, height] = [(rows[0]?.length ?? 0) * modulePixels, rows.length * modulePixels]
  const data = new Uint8ClampedArray(width * height * 4)
  for (let at = 0; at < width * height; at++) {
    const isInked = rows[Math.floor(at / width / modulePixels)]?.[Math.floor(at % width / modulePixels)] === true
    data.set([0, 0, 0].map(() => isInked ? written : 255 - written), at * 4)
    data[at * 4 + 3] = 255
  }
  return { data, width, height }
}

const upper = "█▀"
const lower = "█▄"

/** No attempt is made at a picture with dark and light exchanged. */
const decode = ({ data, height, width }: ReturnType<typeof pixels>): string | undefined =>
  (typeof jsQR === "function" ? jsQR : jsQR.default)(data, width, height, { inversionAttempts: "dontInvert" })?.data

const shown = (text: string, isColoured: boolean): ReadonlyArray<string> =>
  QrCode.lines(QrCode.modules(text) ?? [], isColoured)

const invite = `xmpp:mira@tansy?invite-e2e;sha-256=${"9F86D081".repeat(8)};at=192.0.2.7%3A5298`
const colours = /^\u001b\[30;107m(.*)\u001b\[0m$/

describe("QR codes", () => {
  it("say what they were made of, black on white where there are colours, white on black where there are none", () => {
    const text = fc.oneof(fc.constant(invite), fc.stringMatching(/^[ -~]{1,120}$/))
    fc.assert(
      fc.property(text, (text) => {
        const coloured = shown(text, true)
        for (const line of coloured) assert.match(line, colours)
        assert.strictEqual(decode(pixels(coloured.map((line) => line.replace(colours, "$1")), 0)), text)
        assert.strictEqual(decode(pixels(shown(text, false), 255)), text)
      }),
      { numRuns: 25 }
    )
  })

  it("of an invite with a place fit a terminal of 80 columns and 24 lines", () => {
    const lines = shown(invite, false)
    assert.isAtMost(lines.length, 23)
    assert.isAtMost(lines[0]?.length ?? 99, 80)
    assert.strictEqual(QrCode.width(QrCode.modules(invite) ?? []), lines[0]?.length)
  })

  it("have four light modules on each side (ISO/IEC 18004 §6.3.8)", () => {
    const lines = shown(invite, false)
    const light = "█".repeat(lines[0]?.length ?? 0)
    assert.deepEqual([lines[0], lines[1], lines.at(-1), lines.at(-2)], [light, light, light, light])
    for (const line of lines) assert.match(line, /^████.*████$/)
    assert.notStrictEqual(lines[2], light)
  })

  it("are not made of a text that none can hold", () => assert.isUndefined(QrCode.modules("x".repeat(5000))))
})
