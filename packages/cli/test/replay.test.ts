import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { longRecording } from "./longRecording.ts"
import { run, start, temporary } from "./processes.ts"

/** A copy of a recording, in a folder of its own. */
const recorded = () => {
  const directory = temporary()
  const file = join(directory, "romeo.ndjson")
  cpSync(corpus("secure-session.initiator"), file)
  return { directory, file, text: readFileSync(file, "utf8") }
}

const corpus = (name: string): string =>
  fileURLToPath(new URL(`../../recording/corpus/sessions/${name}.ndjson`, import.meta.url))

const bent = (text: string): string => text.replaceAll("\"SendFooter\"", "\"SendWhitespace\"")

const jsonLines = (stdout: string) => stdout.trim().split("\n").map((line) => JSON.parse(line))

describe("replay", () => {
  it("P-21 finds the first step that comes out otherwise, and tells what it was", async () => {
    const { directory, file, text } = recorded()
    writeFileSync(join(directory, "bent.ndjson"), bent(text))
    const told = await run(["replay", join(directory, "bent.ndjson")])
    assert.strictEqual(told.code, 1)
    assert.match(told.stdout, /diverged at \d+/)
    const json = await run(["replay", "--json", join(directory, "bent.ndjson"), file])
    const [first, second, last] = jsonLines(json.stdout)
    assert.deepStrictEqual([first.outcome, second.outcome], ["diverged", "matched"])
    assert.deepStrictEqual(last, { summary: { matched: 1, diverged: 1, unreadable: 0, torn: 0 } })
    const until = await run(["replay", "--until", "2", file])
    assert.include(until.stdout, "matched: 3 steps")
    assert.include(until.stdout, "AwaitingProceed")
    const described = await run(["replay", "--describe", file])
    assert.match(described.stdout, /Initiating\.AwaitingFeatures +<- ElementReceived/)
    assert.notInclude(described.stdout, "acquaintance")
  })

  it("takes directories and patterns, sums up, and goes on after what cannot be read", async () => {
    const { directory, file, text } = recorded()
    const set = join(directory, "set")
    mkdirSync(join(set, "deeper"), { recursive: true })
    cpSync(file, join(set, "a.ndjson"))
    cpSync(file, join(set, "deeper", "b.ndjson"))
    writeFileSync(join(set, "notes.txt"), "no recording")
    const all = await run(["replay", set])
    assert.strictEqual(all.code, 0, all.stderr)
    assert.include(all.stdout, "2 recordings: 2 matched, 0 diverged, 0 unreadable")

    writeFileSync(join(set, "c.ndjson"), text.slice(0, -20))
    const torn = await run(["replay", join(set, "*.ndjson")])
    assert.strictEqual(torn.code, 0)
    assert.include(torn.stdout, "2 recordings: 2 matched, 0 diverged, 0 unreadable; the end of 1 was torn")
    assert.match(torn.stderr, /c\.ndjson: line \d+, the last, is incomplete; the rest was read/)

    writeFileSync(join(set, "a.ndjson"), "<script>\n")
    const unreadable = await run(["replay", "--json", set])
    assert.strictEqual(unreadable.code, 2)
    const [first, , , last] = jsonLines(unreadable.stdout)
    assert.strictEqual(first.outcome, "unreadable")
    assert.strictEqual(first.fault._tag, "NotARecording")
    assert.deepStrictEqual(last.summary, { matched: 2, diverged: 0, unreadable: 1, torn: 1 })

    writeFileSync(join(set, "c.ndjson"), bent(text))
    assert.strictEqual((await run(["replay", set])).code, 1, "a divergence weighs more")
  })

  it("reads standard input and pipes, and each file once, whatever it is called", async () => {
    const { file, text } = recorded()
    const piped = await run(["replay", "-", "--json"], text)
    assert.strictEqual(piped.code, 0, piped.stderr)
    assert.deepInclude(jsonLines(piped.stdout)[0], { file: "-", outcome: "matched" })
    const fifo = join(temporary(), "pipe")
    execFileSync("mkfifo", [fifo])
    const reading = run(["replay", fifo])
    writeFileSync(fifo, text)
    assert.match((await reading).stdout, /pipe: matched: \d+ steps, Closed/)
    const twice = await run(["replay", file, join(file, "..", ".", "romeo.ndjson"), relative(".", file)])
    assert.match(twice.stdout, /^.*romeo\.ndjson: matched: \d+ steps, Closed\n$/)
    for (const way of [["--diff", file], ["--interactive"]]) {
      const refused = await run(["replay", "-", ...way], text)
      assert.strictEqual(refused.code, 2)
      assert.match(refused.stderr, /standard input can be read only once/)
    }
    const folder = await run(["replay", file, "--diff", join(file, "..")])
    assert.match(folder.stderr, /: it is a directory, or a part of its path is none\n$/)
  })

  it("refuses a directory without recordings and a pattern that matches nothing", async () => {
    const directory = temporary()
    for (const path of [directory, join(directory, "*.ndjson"), join(directory, "a.ndjson")]) {
      const { code, stderr } = await run(["replay", path])
      assert.strictEqual(code, 2)
      assert.match(stderr, /no recordings in it|no file matches|no such file/)
    }
  })

  it("describes a spoilt recording up to the spoilt line, and names line and rule", async () => {
    const { directory, file, text } = recorded()
    const lines = text.split("\n")
    writeFileSync(file, [...lines.slice(0, 4), `{"seq":3,"at":0,"event":\u0000`, ...lines.slice(5)].join("\n"))
    const { code, stderr, stdout } = await run(["replay", "--describe", file])
    assert.strictEqual(code, 2)
    assert.strictEqual(stdout.trim().split("\n").length, 4)
    assert.include(stderr, "line 5: no JSON")
    assert.notMatch(stderr, /\.ts:\d+/)
    writeFileSync(join(directory, "long.ndjson"), `${lines[0]}\n${" ".repeat(50_000_000)}${"x".repeat(50_000_000)}`)
    const long = await run(["replay", join(directory, "long.ndjson")])
    assert.strictEqual(long.code, 2)
    assert.match(long.stderr, /line 2: longer than \d+ characters/)
  })

  it("reads a recording larger than its memory, and its bytes again, and says how far it is", async () => {
    const file = join(temporary(), "long.ndjson")
    longRecording(file, 50_000)
    const running = start(["replay", file], { input: "ignore", heapMegabytes: 48 })
    assert.strictEqual(await running.ended, 0, running.stderr())
    assert.include(running.stdout(), "matched: 50002 steps, Established\n")
    assert.include(
      running.stdout(),
      "  the bytes were read again: 50001 events in 50001 chunks, and 1 chunk sent, all as"
    )
    assert.match(running.stderr(), /MB read, \d+ %/)
  })
})

describe("replay --diff", () => {
  it("finds the first step at which two recordings part", async () => {
    const { directory, file, text } = recorded()
    const other = join(directory, "other.ndjson")
    writeFileSync(other, bent(text))
    assert.strictEqual((await run(["replay", file, "--diff", file])).stdout, "the recordings say the same\n")
    const told = await run(["replay", file, "--diff", other])
    assert.strictEqual(told.code, 1)
    assert.match(told.stdout, /part at step \d+, first in actions\.\d+\._tag/)
    assert.match(told.stdout, /send footer/)
    writeFileSync(other, text.trimEnd().split("\n").slice(0, -1).join("\n"))
    const shorter = await run(["replay", file, "--diff", other, "--json"])
    assert.strictEqual(shorter.code, 1)
    const [parting] = jsonLines(shorter.stdout)
    assert.strictEqual(parting.seq, text.trimEnd().split("\n").length - 2)
    assert.isUndefined(parting.other)
  })

  it("--sides: what one side sent is what the other received, and whatever is not is told", async () => {
    const initiator = corpus("secure-session.initiator")
    const recipient = corpus("secure-session.recipient")
    const agreed = await run(["replay", initiator, "--diff", recipient, "--sides"])
    assert.strictEqual(agreed.code, 0, agreed.stderr)
    assert.match(agreed.stdout, /sent by the initiator: 7 received as sent\nsent by the recipient: 10 received as sent/)
    const directory = temporary()
    const changed = join(directory, "changed.ndjson")
    writeFileSync(changed, readFileSync(recipient, "utf8").replaceAll("pleased", "loth"))
    const told = await run(["replay", initiator, "--diff", changed, "--sides"])
    assert.strictEqual(told.code, 1)
    assert.match(told.stdout, /sent by the initiator: \d+ received as sent, then changed, first in element\.children/)
    assert.notInclude(told.stdout, "loth")
    const json = await run(["replay", changed, "--diff", initiator, "--sides", "--json"])
    assert.deepStrictEqual(jsonLines(json.stdout).map(({ outcome, sender }) => [sender, outcome]), [
      ["recipient", "changed"],
      ["initiator", "changed"]
    ])
  })

  it("--sides: both sides of a session over TCP and TLS agree", async () => {
    const file = join(temporary(), "demo.ndjson")
    const demo = await run(["demo", "--record", file])
    assert.strictEqual(demo.code, 0, demo.stderr)
    const { code, stderr, stdout } = await run(["replay", file, "--diff", `${file}.recipient`, "--sides"])
    assert.strictEqual(code, 0, stderr)
    assert.match(stdout, /^sent by the initiator: \d+ received as sent\nsent by the recipient: \d+ received as sent\n$/)
  })

  it("--sides forgives what was sent to somebody who had stopped listening", async () => {
    const told = await run([
      "replay",
      corpus("initiator-not-believed.initiator"),
      "--diff",
      corpus("initiator-not-believed.recipient"),
      "--sides"
    ])
    assert.strictEqual(told.code, 0, told.stderr)
    assert.match(told.stdout, /from the header \(step 5\) on the other side had stopped listening/)
  })

  it("--sides compares as far as both recordings go without a gap", async () => {
    const directory = temporary()
    const cut = join(directory, "cut.ndjson")
    const [head, ...steps] = readFileSync(corpus("secure-session.recipient"), "utf8").trimEnd().split("\n")
    const later = steps.slice(-1).map((step) => step.replace("{", "{\"omitted\":2,"))
    writeFileSync(cut, [head, ...steps.slice(0, -3), ...later].join("\n"))
    const described = await run(["replay", "--describe", cut])
    assert.strictEqual(described.code, 0, described.stderr)
    assert.include(described.stdout, "2 steps were left out here")
    const told = await run(["replay", corpus("secure-session.initiator"), "--diff", cut, "--sides"])
    assert.strictEqual(told.code, 0, told.stderr)
    assert.match(told.stdout, /received as sent; then a recording leaves steps out/)
  })

  it("--sides compares as far as a side was written whose writer was killed", async () => {
    const directory = temporary()
    const cut = join(directory, "cut.ndjson")
    const text = readFileSync(corpus("secure-session.recipient"), "utf8")
    const footer = text.indexOf("\"FooterReceived\"")
    for (const left of [text.slice(0, footer), text.slice(0, text.lastIndexOf("\n", footer))]) {
      writeFileSync(cut, left)
      for (const files of [[corpus("secure-session.initiator"), cut], [cut, corpus("secure-session.initiator")]]) {
        const [one = "", other = ""] = files
        const told = await run(["replay", one, "--diff", other, "--sides"])
        assert.strictEqual(told.code, 0, told.stdout + told.stderr)
        assert.match(told.stdout, /received as sent; then a recording ends before its stream did/)
      }
    }
    const [head, ...steps] = text.trimEnd().split("\n")
    // A side that was there to the end, and never heard it.
    const without = steps.filter((step) => !step.includes("\"FooterReceived\""))
    const renumbered = without.map((step, seq) => step.replace(/"seq":\d+/, `"seq":${seq}`))
    writeFileSync(cut, [head, ...renumbered].join("\n"))
    const lost = await run(["replay", corpus("secure-session.initiator"), "--diff", cut, "--sides"])
    assert.strictEqual(lost.code, 1)
    assert.match(lost.stdout, /sent by the initiator: \d+ received as sent, then missing: the footer/)
  })

  it("--sides refuses level shape, at which no two recordings have the same names", async () => {
    const directory = temporary()
    const [one = "", other = ""] = ["initiator", "recipient"].map((side) => {
      const file = join(directory, `${side}.ndjson`)
      const text = readFileSync(corpus(`secure-session.${side}`), "utf8")
      writeFileSync(file, text.replace("\"config\":", "\"redacted\":true,\"level\":\"shape\",\"config\":"))
      return file
    })
    const { code, stderr } = await run(["replay", one, "--diff", other, "--sides"])
    assert.strictEqual(code, 2)
    assert.match(stderr, /names of its own/)
  })

  const file = "x.ndjson"
  it.each<readonly [string, ReadonlyArray<string>, RegExp]>([
    ["--sides alone", ["replay", file, "--sides"], /--sides needs --diff/],
    [
      "what would do nothing beside --diff",
      ["replay", file, "--diff", file, "--until", "3"],
      /--until and --diff exclude/
    ],
    ["words among JSON", ["replay", file, "--describe", "--json"], /--describe and --json exclude/],
    ["a diagram as JSON", ["replay", file, "--mermaid", "--json"], /--json and --mermaid exclude/],
    ["two recordings and --diff", ["replay", file, file, "--diff", file], /--diff takes one recording/],
    ["what is not there", ["replay", file, "--diff", file], /x\.ndjson/],
    ["one side twice", [
      "replay",
      corpus("tls-failed.initiator"),
      "--diff",
      corpus("tls-refused.initiator"),
      "--sides"
    ], /both are recordings of the initiator/]
  ])("refuses %s", async (_, args, sentence) => {
    const { code, stderr, stdout } = await run(args)
    assert.strictEqual(code, 2)
    assert.match(stderr, sentence)
    assert.strictEqual(stdout, "")
  })
})
