/**
 * The page as people use it, in Chromium: by keyboard, without a network. Where no Chromium is found the tests are left
 * out, and their names say so.
 */
import { Recording } from "@xmpp-e2e/recording"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { certificate, expired, long, pageOf, refused, saying, source } from "./recordings.ts"

const executablePath = [
  process.env["CHROMIUM"] ?? "",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome"
].find((path) => existsSync(path))

let browser: Browser
const folder = mkdtempSync(join(tmpdir(), "xmpp-e2e-viewer-"))

beforeAll(async () => {
  // A container has no sandbox to give, and the pages are our own.
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })
})

afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Opened {
  readonly page: Page
  /** Addresses that the page asked for, itself excepted, and whatever it or its policy complained about. */
  readonly troubles: ReadonlyArray<string>
}

const open = async (html: string): Promise<Opened> => {
  const file = join(folder, "page.html")
  writeFileSync(file, html)
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } })
  onTestFinished(() => page.close())
  page.setDefaultTimeout(10_000)
  const troubles: Array<string> = []
  const address = pathToFileURL(file).href
  page.on("request", (request) => {
    if (request.url() !== address) troubles.push(request.url())
  })
  page.on("console", (message) => troubles.push(message.text()))
  page.on("pageerror", (error) => troubles.push(error.message))
  page.on("dialog", (dialog) => {
    troubles.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto(address)
  return { page, troubles }
}

const press = async (page: Page, ...keys: ReadonlyArray<string>): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}

const heading = (page: Page): Promise<string> => page.locator("#details h2 small").first().innerText()

const selected = (page: Page): Promise<string | null> =>
  page.locator("[role=option][aria-selected=true]").getAttribute("aria-label")

describe.skipIf(executablePath === undefined)("in a browser (needs Chromium)", () => {
  it("is stepped through by keyboard", async () => {
    const { page, troubles } = await open(pageOf(source("secure-session.initiator")))
    expect(await heading(page)).toMatch(/^step 0 of 16/)
    await press(page, "ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp")
    expect(await heading(page)).toMatch(/^step 2 of 16/)
    expect(await selected(page)).toMatch(/^step 2: received <features/)
    await press(page, "End")
    expect(await heading(page)).toMatch(/^step 15 of 16/)
    expect(await page.locator("#details .move").innerText()).toMatch(/Closed$/)
    await press(page, "PageUp", "Home")
    expect(await heading(page)).toMatch(/^step 0 of 16/)
    const active = await page.locator("[role=listbox]").getAttribute("aria-activedescendant")
    expect(await page.locator(`#${active}`).getAttribute("aria-posinset")).toBe("1")
    expect(troubles).toEqual([])
  })

  it("travels by the slider", async () => {
    const { page } = await open(pageOf(source("secure-session.initiator")))
    await page.locator("input[type=range]").focus()
    await press(page, "ArrowRight", "ArrowRight", "ArrowRight")
    expect(await heading(page)).toMatch(/^step 3 of 16/)
    await press(page, "End")
    expect(await heading(page)).toMatch(/^step 15 of 16/)
  })

  it("CERT-86 finds the rule that refused, by key and by button", async () => {
    const { page, troubles } = await open(pageOf(source("initiator-not-believed.recipient")))
    await press(page, "r")
    expect(await heading(page)).toMatch(/^step 4 of 5/)
    const verdict = await page.locator("#details .verdict").innerText()
    for (const told of ["untrustedCa", "CERT-86", "nobody we trust vouches for it"]) expect(verdict).toContain(told)
    await press(page, "Home")
    expect(await page.locator("[role=status]").textContent()).toBe("")
    await page.getByRole("button", { name: "Why it was refused: step 4" }).click()
    expect(await heading(page)).toMatch(/^step 4 of 5/)
    expect(await page.locator("[role=status]").textContent()).toBe("juliet@pronto, step 4, PeerJudged, then Closed.")
    expect(troubles).toEqual([])
  })

  it("CERT-86 shows what the verdict rests on: the broken rule first, the chain, then every rule", async () => {
    const hostile = "<img src=x onerror=alert(1)>"
    const { certificates, proof } = expired
    const [first = certificate("a", "a"), ...rest] = certificates
    const { page, troubles } = await open(
      pageOf(refused({ proof, certificates: [{ ...first, subject: hostile }, ...rest] }))
    )
    await press(page, "r")
    const fault = page.locator("#details .faults li")
    expect(await fault.first().innerText()).toMatch(/It is within its dates: it expired at 2026-01-01.*CERT-86/)
    expect(await fault.count()).toBe(2)
    const links = await page.locator("#details .chain > li").allInnerTexts()
    expect(links.map((text) => text.split("\n")[0])).toEqual([
      `${hostile} sent by the peer`,
      "CN=Between sent by the peer",
      "CN=Root anchor, trusted here"
    ])
    expect(links[0]).toMatch(/XmppAddr\s+romeo@forza[\s\S]*2026-01-01 to 2027-01-01/)
    expect(await page.getByRole("img", { name: "does not hold" }).count()).toBeGreaterThan(2)
    const claims = page.locator("#details .proof .claims").first()
    expect(await claims.innerText()).not.toContain("It is one of the anchors")
    await claims.locator("summary").filter({ hasText: "certificate" }).last().click()
    expect(await page.locator("#details .verdict").count()).toBe(1)
    expect(troubles).toEqual([])
  })

  it("fits a narrow window, the details below the diagram", async () => {
    const { page } = await open(
      pageOf(source("initiator-not-believed.initiator"), source("initiator-not-believed.recipient"))
    )
    await page.setViewportSize({ width: 400, height: 800 })
    await press(page, "r")
    const [diagram, details] = await Promise.all(
      [".sequence", "#details"].map((each) => page.locator(each).boundingBox())
    )
    expect(details?.y).toBeGreaterThanOrEqual((diagram?.y ?? 0) + (diagram?.height ?? 0))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400)
  })

  it("goes on paper whole, in dark ink on white, and back on the screen", async () => {
    const { page } = await open(pageOf(long(400)))
    await page.emulateMedia({ colorScheme: "dark" })
    const shown = await page.locator("[role=option]").count()
    expect(shown).toBeLessThan(100)
    await page.emulateMedia({ media: "print", colorScheme: "dark" })
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")))
    expect(await page.locator("[role=option]").count()).toBe(400)
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(29, 33, 38)")
    const [diagram, details] = await Promise.all(
      ["[role=listbox]", "#details"].map((each) => page.locator(each).boundingBox())
    )
    expect(diagram?.height).toBeGreaterThan(400 * 24)
    expect(details?.y).toBeGreaterThanOrEqual((diagram?.y ?? 0) + (diagram?.height ?? 0))
    await page.emulateMedia({ media: "screen" })
    await page.evaluate(() => dispatchEvent(new Event("afterprint")))
    await expect.poll(() => page.locator("[role=option]").count()).toBeLessThan(100)
  })

  it("searches, filters by kind, and shows all again", async () => {
    const { page } = await open(pageOf(saying("Wherefore art thou")))
    await press(page, "/")
    await page.keyboard.type("wherefore")
    expect(await page.locator(".count").innerText()).toBe("1 of 16 steps")
    await press(page, "Enter")
    expect(await page.locator("#details pre").first().innerText()).toContain("<body>Wherefore art thou</body>")
    await press(page, "Escape")
    expect(await page.locator(".count").innerText()).toBe("16 steps")
    await page.getByRole("button", { name: "TLS" }).click()
    expect(await page.locator(".count").innerText()).toMatch(/^[2-6] of 16 steps$/)
    expect(await page.getByRole("button", { name: "TLS" }).getAttribute("aria-pressed")).toBe("true")
  })

  it("shows the bytes of a step beside their text", async () => {
    const { name, recording } = source("secure-session.initiator")
    const [first, ...rest] = recording.lines
    const chunk = Recording.makeWire("in", 1, new TextEncoder().encode("<stream:features>\u202e"))
    const { page } = await open(pageOf({ name, recording: { ...recording, lines: [first!, chunk, ...rest] } }))
    await press(page, "ArrowDown")
    expect(await page.getByRole("region", { name: "Bytes" }).innerText()).toMatch(
      /^0000 {2}3c 73 74 72 65 61 6d 3a {2}<stream:\n0008 {2}66/
    )
    expect(await page.getByRole("region", { name: "The same as text" }).innerText()).toBe("<stream:features>\\u{202e}")
  })

  it("is dark and light, as the system or the reader wants", async () => {
    const { page } = await open(pageOf(source("secure-session.initiator")))
    const paper = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: "light" })
    const light = await paper()
    await page.emulateMedia({ colorScheme: "dark" })
    const dark = await paper()
    expect(dark).not.toBe(light)
    await press(page, "t")
    expect(await paper()).toBe(light)
    await press(page, "t")
    await page.emulateMedia({ colorScheme: "light" })
    expect(await paper()).toBe(dark)
  })

  it("shows both sides of a session, the refusing one first", async () => {
    const { page, troubles } = await open(
      pageOf(source("initiator-not-believed.initiator"), source("initiator-not-believed.recipient"))
    )
    expect(await page.locator(".matching").innerText()).toContain("1 has no counterpart")
    await press(page, "r")
    expect(await page.locator("#details h2").first().innerText()).toMatch(/^juliet@pronto/)
    expect(await page.locator("#details .verdict").first().innerText()).toContain("CERT-86")
    expect(troubles).toEqual([])
  })

  it.each(["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>"])(
    "shows %s as the text it is",
    async (body) => {
      const { page, troubles } = await open(pageOf(saying(body)))
      await press(page, "/")
      await page.keyboard.type("alert(1)")
      await press(page, "Enter")
      expect(await page.locator("#details pre").first().innerText()).toContain(body.replaceAll("<", "&lt;"))
      expect(await page.locator("img, script[src]").count()).toBe(0)
      expect(troubles).toEqual([])
    }
  )

  it("steps through 100 000 steps without lag", async () => {
    const { page, troubles } = await open(pageOf(long(100_000)))
    await press(page, "End")
    expect(await heading(page)).toMatch(/^step 99999 of 100000/)
    const millis = await page.evaluate(() => {
      const since = performance.now()
      for (let step = 0; step < 50; step++) {
        document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp" }))
        document.body.getBoundingClientRect()
      }
      return (performance.now() - since) / 50
    })
    expect(await heading(page)).toMatch(/^step 99949 of 100000/)
    expect(millis).toBeLessThan(100)
    expect(await page.locator("[role=option]").count()).toBeLessThan(100)
    expect(troubles).toEqual([])
  })
})
