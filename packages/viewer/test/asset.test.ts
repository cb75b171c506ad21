/** The text of the program in the page is what its sources make, and holds nothing that a page should not. */
import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { script, style } from "../src/internal/asset.ts"
import { assetPath, makeAsset } from "./asset.ts"

it("is made of the sources as they are now; if not, run node packages/viewer/test/asset.make.ts", async () => {
  expect(readFileSync(assetPath, "utf8")).toBe(await makeAsset())
})

it("ends no block that it stands in", () => {
  expect(script).not.toMatch(/<\/script|<script|<!--|]]>/i)
  expect(style).not.toMatch(/<\/style|<!--/i)
})

it("neither makes markup or code of text nor reaches out", () => {
  expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|srcdoc/)
  expect(script).not.toMatch(/fetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(|https?:/)
  expect(style).not.toMatch(/url\(|@import|https?:/)
})
