import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { identity, listening, run, start, temporary } from "./processes.ts"

const total = 10_000

const pair = async (directory: string) => {
  const [mira, oskar] = await Promise.all([
    identity(join(directory, "mira"), "mira@tansy"),
    identity(join(directory, "oskar"), "oskar@linden")
  ])
  return {
    listen: ["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", mira],
    connect: (port: number) => [
      "connect",
      ...["--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(port)]
    ]
  }
}

const numbered = (from: string): string =>
  Array.from({ length: total }, (_, index) => `{"stanza":"<message><body>${from} ${index}</body></message>"}\n`).join(
    ""
  )

const bodies = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => /<body>(.*?)<\/body>/.exec(line)?.[1] ?? [])

describe("listen and connect", () => {
  it(
    "STZ-19 10 000 messages each way: none lost, none twice, in order; both exit 0; both recordings match",
    async () => {
      const directory = temporary()
      const parties = await pair(directory)
      const [here, there] = [join(directory, "mira.ndjson"), join(directory, "oskar.ndjson")]
      const listener = await listening([...parties.listen, "--record", there])
      const caller = start([...parties.connect(listener.port), "--json", "--record", here])
      listener.say(numbered("oskar"))
      caller.say(numbered("mira"))
      listener.endInput()
      caller.endInput()
      assert.strictEqual(await caller.ended, 0, caller.stderr())
      assert.strictEqual(await listener.ended, 0, listener.stderr())
      const expected = (from: string) => Array.from({ length: total }, (_, index) => `${from} ${index}`)
      assert.deepStrictEqual(bodies(caller.lines()), expected("oskar"))
      assert.deepStrictEqual(bodies(listener.lines()), expected("mira"))
      assert.deepInclude(JSON.parse(caller.lines().at(-1) ?? ""), {
        notice: JSON.parse(caller.lines().at(-1) ?? "").notice
      })
      assert.strictEqual(JSON.parse(caller.lines().at(-1) ?? "").notice.clean, true)
      const replayed = await run(["replay", here, there])
      assert.strictEqual(replayed.code, 0, replayed.stderr)
      assert.lengthOf(replayed.stdout.match(/matched: /g) ?? [], 2)
    },
    120_000
  )

  it("IQ-09 END-04 echo answers every message, also those just before the footer", async () => {
    const parties = await pair(temporary())
    const listener = await listening([...parties.listen, "--echo"], { input: "ignore" })
    const { code, stderr, stdout } = await run(
      [...parties.connect(listener.port)],
      Array.from({ length: 500 }, (_, index) => `line ${index}\n`).join("")
    )
    assert.strictEqual(code, 0, stderr)
    assert.deepStrictEqual(stdout.trim().split("\n"), Array.from({ length: 500 }, (_, index) => `line ${index}`))
  })

  it("serves many streams at once and goes on after one has failed", async () => {
    const directory = temporary()
    const parties = await pair(directory)
    await identity(join(directory, "rita"), "rita@tansy")
    const listener = await listening([...parties.listen, "--echo"], { input: "ignore" })
    const stranger = [...parties.connect(listener.port)].map((word) => word.replace("mira", "rita"))
    const all = await Promise.all([
      run(parties.connect(listener.port), "one\n"),
      run(stranger, "two\n"),
      run(parties.connect(listener.port), "three\n")
    ])
    assert.deepStrictEqual(all.map(({ code }) => code), [0, 3, 0])
    assert.deepStrictEqual(all.map(({ stdout }) => stdout), ["one\n", "", "three\n"])
    assert.notInclude(listener.stdout(), "two")
  })
})
