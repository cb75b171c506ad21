/** `simulate` as its users meet it: sessions without a breach, a reducer that is found out, wrong usage, Ctrl-C. */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { run, start, temporary } from "./processes.ts"

const misnaming = fileURLToPath(new URL("misnaming.ts", import.meta.url))

describe("simulate", () => {
  it("P-22 tells how many sessions kept all rules, and what happened to them", async () => {
    const { code, stderr, stdout } = await run(["simulate", "--runs", "40", "--seed", "5"])
    assert.strictEqual(code, 0, stderr)
    assert.match(stdout, /^40 sessions \(.*\d+ Closed.*\) of \d+ steps, with .*\d+ cut.*, [\d.]+ s: all rules kept\n$/)
  })

  it("P-21 is decided by its seed, to the last step", async () => {
    const outcomes = await Promise.all([1, 2].map(() => run(["simulate", "--runs", "25", "--seed", "77", "--json"])))
    const [one, other] = outcomes.map(({ stdout }) => JSON.parse(stdout))
    assert.deepStrictEqual({ ...one, millis: 0 }, { ...other, millis: 0 })
    assert.deepInclude(one, { outcome: "kept", seed: 77, sessions: 25 })
  })

  it("lets happen what was listed, and nothing else", async () => {
    const some = await run(["simulate", "--runs", "20", "--faults", "cut, stall", "--json"])
    assert.hasAllKeys(JSON.parse(some.stdout).faults, ["cut", "stall"])
    const none = await run(["simulate", "--runs", "5", "--faults", "none", "--json"])
    assert.deepStrictEqual(JSON.parse(none.stdout).faults, {})
  })

  it("P-21 finds a reducer out, makes the session small, and keeps recordings of both ends", async () => {
    const file = join(temporary(), "found.ndjson")
    const { code, stderr, stdout } = await run(["simulate", "--reducer", misnaming, "--out", file, "--json"])
    assert.strictEqual(code, 1, stderr)
    const { breach, files, outcome, shrunk } = JSON.parse(stdout)
    assert.strictEqual(outcome, "broken")
    assert.strictEqual(breach.rule, "sender")
    assert.isBelow(shrunk.steps, 25)
    assert.deepStrictEqual(files[0], file)
    assert.lengthOf(files, 2)
    const steps = files.map((each: string) => readFileSync(each, "utf8").match(/^\{"seq":/gm)?.length ?? 0)
    assert.strictEqual(steps[0] + steps[1], shrunk.steps)
    // Our reducer does not do that, and the replay says where.
    const replayed = await run(["replay", ...files])
    assert.strictEqual(replayed.code, 1)
    assert.include(replayed.stdout, `diverged at ${breach.at}`)
    assert.include(replayed.stdout, "actions.0.delivery.from")
    assert.match(replayed.stdout, /: matched/)
  })

  it("tells people the steps, and how to keep them", async () => {
    const { code, stderr, stdout } = await run(["simulate", "--reducer", misnaming])
    assert.strictEqual(code, 1)
    assert.match(stdout, /recipient Dormant +<- TransportOpened/)
    assert.match(stderr, /breaks sender of (?:initiator|recipient).*--out FILE keeps the recordings/)
  })

  it("says that a reducer threw", async () => {
    const file = join(temporary(), "throwing.mjs")
    writeFileSync(file, "export const step = () => { throw new Error('I give up') }")
    const { code, stderr } = await run(["simulate", "--reducer", file])
    assert.strictEqual(code, 1)
    assert.match(stderr, /the reducer throws, which none may: Error: I give up/)
  })

  it("END-13 ends at once when it is interrupted, and says how far it came", async () => {
    const file = join(temporary(), "none.ndjson")
    const running = start(["simulate", "--runs", "1000000", "--out", file])
    await running.until("of 1000000 sessions")
    running.child.kill("SIGINT")
    assert.strictEqual(await running.ended, 130, running.stderr())
    assert.match(running.stderr(), /interrupted; \d+ sessions .*all rules kept so far/)
    assert.notMatch(running.stderr(), /at .*\.ts:\d+/)
    assert.isFalse(existsSync(file))
  })

  const wrong: ReadonlyArray<readonly [string, ReadonlyArray<string>, RegExp]> = [
    ["a fault that there is not", ["--faults", "cut,rain"], /"rain".*half-close/],
    ["no session at all", ["--runs", "0"], /at least one/],
    ["a reducer that is not there", ["--reducer", "nowhere.ts"], /nowhere\.ts cannot be loaded/],
    [
      "a module without a reducer",
      ["--reducer", fileURLToPath(new URL("raw.ts", import.meta.url))],
      /is no reducer: it has to export the function step/
    ],
    ["a place that cannot be written to", ["--reducer", misnaming, "--out", "/dev/null/x"], /cannot be written/]
  ]
  for (const [what, args, sentence] of wrong) {
    it(`refuses ${what} with exit code 2 and a sentence`, async () => {
      const { code, stderr } = await run(["simulate", ...args])
      assert.strictEqual(code, 2, stderr)
      assert.match(stderr, sentence)
      assert.notMatch(stderr, /at .*\.ts:\d+/)
    })
  }
})
