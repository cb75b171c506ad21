/** `pins`, and the first uses that fill a store: with real streams, so that the advice of a refusal is what works. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, run, temporary } from "./processes.ts"

const setting = async () => {
  const directory = temporary()
  const names = ["mira", "oskar", "oskars-new"]
  const [mirasOwn, sha256, newSha256] = await Promise.all(
    names.map((name) => identity(join(directory, name), name === "mira" ? "mira@tansy" : "oskar@linden"))
  )
  const store = join(directory, "store")
  const call = async (name: string, ...more: ReadonlyArray<string>) => {
    const listener = await listening(
      ["--as", "oskar@linden", "--identity", join(directory, name), "--trust-pin", mirasOwn ?? "", "--echo"],
      { input: "ignore" }
    )
    const called = await run([
      ...["connect", "--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--host", "127.0.0.1", "--port", String(listener.port), "--trust-store", store, ...more]
    ], "hello\n")
    listener.child.kill("SIGKILL")
    return called
  }
  return { call, store, sha256: sha256 ?? "", newSha256: newSha256 ?? "" }
}

describe("a store of pins", () => {
  it("CERT-88 shows which pin is verified, and when it was", async () => {
    const store = join(temporary(), "store")
    const pin = {
      address: "oskar@linden",
      naming: "jid",
      certificate: "ab".repeat(32),
      key: "",
      firstSeen: "2026-01-01T00:00:00Z",
      how: "firstUse",
      verified: { when: "2026-03-03T00:00:00Z", how: "shortString" }
    }
    mkdirSync(store, { mode: 0o700 })
    const text = JSON.stringify({ format: "xmpp-e2e-pins", version: 1, pins: [pin] })
    writeFileSync(join(store, "pins.json"), text, { mode: 0o600 })
    const { code, stderr, stdout } = await run(["pins", "list", "--trust-store", store])
    assert.strictEqual(code, 0, stderr)
    assert.match(stdout, /from a first use\n {2}verified {6}2026-03-03T00:00:00Z, by comparing a short string$/m)
  })

  it("CERT-85 CERT-88 a first use, a changed key, and the command that the refusal names", async () => {
    const { call, newSha256, sha256, store } = await setting()
    const first = await call("oskar")
    assert.strictEqual(first.code, 0, first.stderr)
    assert.match(
      first.stderr,
      /^connected to oskar@linden.*firstUse by CERT-88.*seen for the first time and is now pinned/m
    )
    assert.match((await call("oskar")).stderr, /pinned by CERT-83/)

    const changed = await call("oskars-new")
    assert.strictEqual(changed.code, 3)
    assert.match(changed.stderr, /Refused: pinMismatch, by CERT-85/)
    assert.match(changed.stderr, /known from a first use since 20\d\d-/)
    const advice = /xmpp-e2e (pins remove \S+ --trust-store \S+)/.exec(changed.stderr)?.[1]
    assert.strictEqual(advice, `pins remove oskar@linden --trust-store ${store}`)

    const listed = await run(["pins", "list", "--trust-store", store, "--json"])
    const pins = listed.stdout.trim().split("\n").map((line) => JSON.parse(line))
    assert.deepStrictEqual(pins.map(({ address, certificate, how }) => ({ address, certificate, how })), [
      { address: "oskar@linden", certificate: sha256, how: "firstUse" }
    ])
    const inWords = await run(["pins", "list", "--trust-store", store])
    assert.match(
      inWords.stdout,
      /^oskar@linden\n {2}SHA-256 .*\n {2}of its key .*\n {2}since .*from a first use, not confirmed$/m
    )

    const unasked = await run(advice?.split(" ") ?? [])
    assert.strictEqual(unasked.code, 2)
    assert.include(unasked.stderr, "--yes")
    const removed = await run([...advice?.split(" ") ?? [], "--yes"])
    assert.strictEqual(removed.code, 0, removed.stderr)
    assert.match(removed.stdout, /^removed\noskar@linden\n/)
    const again = await run([...advice?.split(" ") ?? [], "--yes"])
    assert.strictEqual(again.code, 1)
    assert.include(again.stderr, "nothing was removed")

    const welcome = await call("oskars-new")
    assert.strictEqual(welcome.code, 0, welcome.stderr)
    const other = ["pins", "remove", "oskar@linden", "--trust-store", store, "--yes", "--certificate"]
    assert.strictEqual((await run([...other, sha256])).code, 1)
    assert.strictEqual((await run([...other, newSha256])).code, 0)
  })

  it("CERT-87 without a terminal nobody is asked, and an unknown certificate is refused", async () => {
    const { call, store } = await setting()
    const asked = await call("oskar", "--first-use", "ask")
    assert.strictEqual(asked.code, 3, asked.stderr)
    assert.include(asked.stderr, "there is no terminal to ask on")
    assert.include(asked.stderr, "there is nobody here who could be asked")
    const rejected = await call("oskar", "--first-use", "reject")
    assert.strictEqual(rejected.code, 3, rejected.stderr)
    assert.strictEqual((await run(["pins", "list", "--trust-store", store])).stdout, "")
  })

  it("is not made by looking, and what is no address is no address", async () => {
    const store = join(temporary(), "store")
    for (const args of [["list"], ["remove", "mira@tansy", "--yes"], ["remove", "@@", "--yes"]]) {
      const { code, stderr } = await run(["pins", ...args, "--trust-store", store])
      assert.strictEqual(code, 2)
      assert.match(stderr, /there is no store of pins|"@@" is not an address/)
    }
    assert.isFalse(existsSync(store))
  })
})
