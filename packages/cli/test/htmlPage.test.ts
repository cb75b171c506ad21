import { appendFileSync, copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { run, temporary } from "./processes.ts"

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../recording/corpus/sessions/${name}.ndjson`, import.meta.url))

describe("replay --html", () => {
  it("writes a page for its owner only, and tells the outcome as ever", async () => {
    const out = join(temporary(), "page.html")
    const { code, stderr, stdout } = await run(["replay", corpus("secure-session.initiator"), "--html", out])
    assert.strictEqual(code, 0, stderr)
    assert.match(stdout, /matched: 16 steps, Closed/)
    assert.include(stderr, `${out}: open it in a browser`)
    assert.include(readFileSync(out, "utf8"), "<title>romeo@forza: recording of a stream</title>")
    assert.strictEqual(statSync(out).mode & 0o777, 0o600)
  })

  it("takes both sides of one session", async () => {
    const out = join(temporary(), "page.html")
    const files = [corpus("secure-session.initiator"), corpus("secure-session.recipient")]
    const { code, stderr } = await run(["replay", ...files, "--html", out])
    assert.strictEqual(code, 0, stderr)
    assert.include(readFileSync(out, "utf8"), "<title>romeo@forza and juliet@pronto: recording of a stream</title>")
  })

  it("spoils no recording, and takes no third file", async () => {
    const directory = temporary()
    const file = join(directory, "a.ndjson")
    copyFileSync(corpus("silent-peer.initiator"), file)
    const over = await run(["replay", file, "--html", join(directory, ".", "a.ndjson")])
    assert.strictEqual(over.code, 2)
    assert.match(over.stderr, /would overwrite the recording/)
    assert.strictEqual(readFileSync(file, "utf8"), readFileSync(corpus("silent-peer.initiator"), "utf8"))
    const three = await run(["replay", file, file, file, "--html", join(directory, "x.html")])
    assert.strictEqual(three.code, 2)
    assert.match(three.stderr, /these are 3 files/)
  })

  it("says what is wrong with a file of one line of 100 MB", async () => {
    const directory = temporary()
    const file = join(directory, "long.ndjson")
    writeFileSync(file, readFileSync(corpus("silent-peer.initiator"), "utf8"))
    appendFileSync(file, `{"seq":3,"x":"${"x".repeat(100_000_000)}"}\n`)
    const { code, stderr } = await run(["replay", file, "--html", join(directory, "x.html")])
    assert.strictEqual(code, 2)
    assert.match(stderr, /long\.ndjson: line \d+: longer than \d+ characters/)
  })
})
