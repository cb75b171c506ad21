import { readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, run, start, temporary } from "./processes.ts"

const pair = async (directory: string) => {
  const [mira, oskar] = await Promise.all([
    identity(join(directory, "mira"), "mira@tansy"),
    identity(join(directory, "oskar"), "oskar@linden")
  ])
  return {
    listen: ["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", mira, "--echo"],
    connect: (port: number) => [
      "connect",
      ...["--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(port)]
    ]
  }
}

const filesIn = (directory: string): ReadonlyArray<string> =>
  readdirSync(directory).toSorted().map((name) => join(directory, name))

const headOf = (file: string) => JSON.parse(readFileSync(file, "utf8").split("\n")[0] ?? "")

describe("--record", () => {
  it("P-21 both sides are redacted, say the same other names, and match", async () => {
    const directory = temporary()
    const parties = await pair(directory)
    const [here, there] = [join(directory, "here/"), join(directory, "there/")]
    const listener = await listening([...parties.listen, "--record", there], { input: "ignore" })
    for (const number of [1, 2]) {
      const caller = await run([...parties.connect(listener.port), "--record", here], `a secret of ${number}\n`)
      assert.strictEqual(caller.code, 0, caller.stderr)
    }
    listener.child.kill("SIGINT")
    await listener.ended
    const files = [...filesIn(here), ...filesIn(there)]
    assert.lengthOf(files, 4)
    for (const file of files) {
      for (const secret of ["a secret", "mira", "oskar", "tansy", "linden"]) {
        assert.notInclude(readFileSync(file, "utf8"), secret)
      }
    }
    const names = files.map((file) => headOf(file).config.self)
    const peers = files.map((file) => headOf(file).config.peer)
    assert.deepStrictEqual(names.slice(2), peers.slice(0, 2))
    assert.strictEqual(new Set(names).size, 4)
    const replayed = await run(["replay", ...files])
    assert.strictEqual(replayed.code, 0, replayed.stderr + replayed.stdout)
    assert.lengthOf(replayed.stdout.match(/matched: /g) ?? [], 4)
  }, 60_000)

  it("on failure: a stream that is closed leaves nothing, one whose peer dies leaves a recording", async () => {
    const directory = temporary()
    const parties = await pair(directory)
    const there = join(directory, "there/")
    const flags = ["--record", there, "--record-on", "failure", "--record-level", "shape"]
    const listener = await listening([...parties.listen, ...flags], { input: "ignore" })
    const orderly = await run(parties.connect(listener.port), "hello\n")
    assert.strictEqual(orderly.code, 0, orderly.stderr)
    const dying = start([...parties.connect(listener.port), "--json"])
    await dying.until("Negotiated")
    dying.child.kill("SIGKILL")
    await dying.ended
    while (filesIn(there).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    listener.child.kill("SIGINT")
    await listener.ended
    const [file, ...others] = filesIn(there)
    assert.lengthOf(others, 0)
    assert.strictEqual(headOf(file ?? "").level, "shape")
    const replayed = await run(["replay", file ?? ""])
    assert.strictEqual(replayed.code, 0, replayed.stderr + replayed.stdout)
  }, 60_000)

  it(
    "a process that is killed leaves what had happened; a last line cut short is told, and the rest replays",
    async () => {
      const directory = temporary()
      const parties = await pair(directory)
      const there = join(directory, "there.ndjson")
      const key = join(directory, "key")
      writeFileSync(key, "0123456789abcdef")
      const flags = ["--record", there, "--record-key", key]
      const listener = await listening([...parties.listen, ...flags], { input: "ignore" })
      const caller = start([...parties.connect(listener.port), "--json"])
      await caller.until("Negotiated")
      caller.say("{\"stanza\":\"<message><body>echo</body></message>\"}\n")
      await caller.until("echo")
      // Lines are gathered for a few milliseconds before they are written.
      await new Promise((resolve) => setTimeout(resolve, 200))
      listener.child.kill("SIGKILL")
      await listener.ended
      const whole = await run(["replay", there])
      assert.strictEqual(whole.code, 0, whole.stderr + whole.stdout)
      assert.match(whole.stdout, /matched: \d\d+ steps, Established/)
      truncateSync(there, readFileSync(there).length - 20)
      const torn = await run(["replay", there])
      assert.strictEqual(torn.code, 0, torn.stderr + torn.stdout)
      assert.match(torn.stderr, /incomplete/)
    },
    60_000
  )

  it("a disk that takes no more is told, and what it took is a recording", async () => {
    const file = join(temporary(), "demo.ndjson")
    const demo = start(["demo", "--record", file], { input: "ignore", fileBlocksMax: 8 })
    assert.strictEqual(await demo.ended, 0, demo.stderr())
    assert.match(demo.stderr(), /the recording .*demo\.ndjson ends early: no file may be as large as that/)
    const replayed = await run(["replay", file])
    assert.strictEqual(replayed.code, 0, replayed.stderr)
    assert.match(replayed.stdout, /matched: \d+ steps, [A-Z]/)
    assert.strictEqual(replayed.stderr, "")
  }, 60_000)

  it("of a long stream keeps both ends, and replay says where it stops; the wire is there on request", async () => {
    const directory = temporary()
    const parties = await pair(directory)
    const there = join(directory, "there.ndjson")
    const flags = ["--record", there, "--record-level", "full", "--record-max-steps", "20", "--record-wire"]
    const listener = await listening([...parties.listen, ...flags], { input: "ignore" })
    const caller = await run(parties.connect(listener.port), "hello\n".repeat(200))
    assert.strictEqual(caller.code, 0, caller.stderr)
    listener.child.kill("SIGINT")
    await listener.ended
    assert.include(readFileSync(there, "utf8"), "{\"wire\":\"in\"")
    const replayed = await run(["replay", there])
    assert.strictEqual(replayed.code, 0, replayed.stderr + replayed.stdout)
    assert.match(replayed.stdout, /the next \d+ were left out/)
  }, 60_000)

  const wrong: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
    ["a level of nothing", ["--record-level", "full"], /--record; name a file/],
    ["bytes that would be redacted", ["--record", "r", "--record-wire"], /needs --record-level full/],
    ["secrets of TLS that would be redacted", ["--record", "r", "--record-tls"], /needs --record-level full/],
    ["secrets of TLS and no recording", ["--record-tls"], /--record; name a file/],
    [
      "secrets of TLS of half a stream",
      ["--record", "r", "--record-level", "full", "--record-tls", "--record-max-steps", "9"],
      /needs the whole stream/
    ],
    [
      "secrets of TLS from memory",
      ["--record", "r", "--record-level", "full", "--record-tls", "--record-on", "failure"],
      /needs the whole stream/
    ],
    [
      "a key for what has no other names",
      ["--record", "r", "--record-level", "full", "--record-key", "k"],
      /--record-key/
    ],
    ["a key that can be guessed", ["--record", "r", "--record-key", "/dev/null"], /at least 16/],
    ["a directory that cannot be made", ["--record", "/dev/null/r/"], /cannot be made/]
  ]
  for (const [what, flags, sentence] of wrong) {
    it(`refuses ${what} with exit code 2 and a sentence`, async () => {
      const { code, stderr } = await run(["listen", "--as", "a@b", "--port", "0", ...flags])
      assert.strictEqual(code, 2, stderr)
      assert.match(stderr, sentence)
    })
  }
})
