/** Both themes can be read: the contrast that WCAG 2.2 §1.4.3 asks of text, computed from the colours of the style. */
import { describe, expect, it } from "vitest"
import { style } from "../src/internal/asset.ts"

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[0-9a-f]{2}/g) ?? []).map((pair) => {
    const part = Number.parseInt(pair, 16) / 255
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one: string, other: string): number => {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

/** The colours of each theme; the dark one is written for the system's wish and for the reader's. */
const themes = style.split(/(?<!-)color-scheme: /).slice(1)
  .map((text) =>
    [
      text.slice(0, text.indexOf(";")),
      new Map(
        [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = "", colour = ""]) => [name, colour])
      )
    ] as const
  )

const phases = ["opening", "tls", "verdict", "sasl", "open", "closing", "closed"]

/** What is written in which colour, on which. */
const pairs = [
  ...["ink", "dim", "accent", "good", "bad", ...phases].map((name) => [name, "card"]),
  ...["ink", "dim"].flatMap((name) => [[name, "paper"], [name, "soft"], [name, "accent-soft"]]),
  ...phases.map((name) => [name, "paper"]),
  ["accent", "accent-soft"],
  ["bad", "bad-soft"],
  ["bad", "accent-soft"]
]

it("has a light theme, and a dark one for either way to ask for it", () => {
  expect(themes.map(([name]) => name)).toEqual(["light", "dark", "dark"])
  expect(themes[1]?.[1]).toEqual(themes[2]?.[1])
})

describe.each(themes)("%s", (_, colours) => {
  it.each(pairs)("%s can be read on %s", (one = "", other = "") => {
    expect(contrast(colours.get(one) ?? "", colours.get(other) ?? "")).toBeGreaterThan(4.5)
  })
})
