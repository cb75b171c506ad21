/** Recordings that hold the bytes of the wire are read again from these as well. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { identity, listening, run, temporary } from "./processes.ts"

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../recording/corpus/sessions/${name}.ndjson`, import.meta.url))

const jsonLines = (stdout: string) => stdout.trim().split("\n").map((line) => JSON.parse(line))

/** The text of a recording whose first chunk of a direction that holds the one text holds the other instead. */
const garbled = (text: string, direction: "in" | "out", one: string, other: string): string => {
  const lines = text.split("\n")
  const decoded = (line: string) => Buffer.from(JSON.parse(line).bytes, "base64").toString()
  const at = lines.findIndex((line) => line.startsWith(`{"wire":"${direction}"`) && decoded(line).includes(one))
  const bytes = Buffer.from(decoded(lines[at] ?? "").replace(one, other)).toString("base64")
  return lines.with(at, JSON.stringify({ wire: direction, at: 0, bytes })).join("\n")
}

describe("replay of bytes", () => {
  it("P-21 says what the reader says now and was not recorded, at which line and step, and fails", async () => {
    const directory = temporary()
    const session = corpus("bytes-of-a-session.recipient")
    const text = readFileSync(session, "utf8")
    const [heard, said] = [join(directory, "heard.ndjson"), join(directory, "said.ndjson")]
    writeFileSync(heard, garbled(text, "in", "Wherefore", "Therefore"))
    writeFileSync(said, garbled(text, "out", "<success", "<failure"))
    const report = join(directory, "report.xml")

    const told = await run(["replay", session, heard, said, "--junit", report])
    assert.strictEqual(told.code, 1)
    assert.match(told.stdout, /matched: 17 steps, Closed\n {2}the bytes were read again: 11 events in 7 chunks, and 7/)
    assert.match(told.stdout, /heard\.ndjson: matched.*\n {2}the bytes are read otherwise at line \d+, step \d+:\n/)
    assert.match(told.stdout, / {4}first difference: element\.children\.0\.children\.0\n/)
    assert.match(
      told.stdout,
      /said\.ndjson: matched.*\n {2}what was sent is not .* after step \d+: .* octet 1 of the chunk/
    )
    assert.include(told.stdout, "3 recordings: 1 matched, 2 diverged, 0 unreadable")
    assert.notInclude(told.stdout, "Therefore")
    assert.match(told.stderr, /2 of 3 recordings came out otherwise than recorded/)
    const written = readFileSync(report, "utf8")
    assert.match(written, /tests="3" failures="2" errors="0"/)
    assert.match(written, /<failure type="Misheard" message="the bytes are read otherwise/)
    assert.match(written, /<system-out>the bytes were read again: 11 events/)

    const [first, second, third] = jsonLines((await run(["replay", "--json", session, heard, said])).stdout)
    assert.deepStrictEqual([first.outcome, second.outcome, third.outcome], ["matched", "diverged", "diverged"])
    assert.deepStrictEqual(first.bytes, { _tag: "Agreed", events: 11, received: 7, sent: 7 })
    assert.strictEqual(second.bytes.actual.element.children[0].children[0].slice(0, 9), "Therefore")
    assert.strictEqual(third.bytes.at, 1)
  }, 30_000)

  it("TLS-15 P-21 finds what two processes wrote down of a session over TLS as it was", async () => {
    const directory = temporary()
    const [mira, oskar] = await Promise.all([
      identity(join(directory, "mira"), "mira@tansy"),
      identity(join(directory, "oskar"), "oskar@linden")
    ])
    const record = (name: string) => ["--record", join(directory, name), "--record-level", "full", "--record-wire"]
    const listener = await listening([
      ...["--as", "oskar@linden", "--identity", join(directory, "oskar"), "--trust-pin", mira, "--echo"],
      ...record("there.ndjson")
    ], { input: "ignore" })
    const caller = await run([
      ...["connect", "--as", "mira@tansy", "--to", "oskar@linden", "--identity", join(directory, "mira")],
      ...["--trust-pin", oskar, "--host", "127.0.0.1", "--port", String(listener.port), ...record("here.ndjson")]
    ], "Wherefore?\nTherefore: 🌹\n".repeat(50))
    assert.strictEqual(caller.code, 0, caller.stderr)
    listener.child.kill("SIGINT")
    await listener.ended
    for (const side of ["here", "there"]) {
      const { code, stdout } = await run(["replay", "--json", join(directory, `${side}.ndjson`)])
      assert.strictEqual(code, 0, stdout)
      const [{ bytes }] = jsonLines(stdout)
      assert.strictEqual(bytes._tag, "Agreed")
      assert.isUndefined(bytes.until)
      assert.isAbove(bytes.events, 100)
      assert.isAbove(bytes.sent, 4)
    }
  }, 60_000)
})
