import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "vitest"
import { run, temporary } from "./processes.ts"

const corpus = fileURLToPath(new URL("../../recording/corpus/sessions/", import.meta.url))

const session = join(corpus, "secure-session.initiator.ndjson")

const ours = fileURLToPath(new URL("../../protocol/src/Step.ts", import.meta.url))

/** Our reducer with one rule changed: `body` is the answer to an event of that tag in an established stream. */
const mutant = (tag: string, body: string): string => {
  const file = join(temporary(), "mutant.mjs")
  writeFileSync(
    file,
    `import * as Step from ${JSON.stringify(new URL("../../protocol/src/Step.ts", import.meta.url).href)}
     export const initial = Step.initial
     export const step = (state, event) => {
       const answer = Step.step(state, event)
       return state._tag === "Established" && event._tag === "${tag}" ? ${body} : answer
     }`
  )
  return file
}

const forgetful = () => mutant("CloseRequested", "[answer[0], answer[1].filter(({ _tag }) => _tag !== 'SetTimer')]")

describe("replay --reducer", () => {
  it("P-21 a single changed rule is found by the corpus, with the step", async () => {
    const told = await run(["replay", "--reducer", forgetful(), corpus])
    assert.strictEqual(told.code, 1, told.stderr)
    assert.match(told.stdout, /secure-session\.initiator\.ndjson: diverged at \d+: Established {2}<- CloseRequested/)
    assert.match(told.stdout, /tls-failed\.recipient\.ndjson: matched/)
    const same = await run(["replay", "--reducer", ours, session])
    assert.strictEqual(same.code, 0, same.stderr)
  })

  it("--against finds the first step at which two reducers differ, whatever was recorded", async () => {
    const bent = mutant("CloseRequested", "[state, []]")
    const told = await run(["replay", "--reducer", forgetful(), "--against", bent, session, "--json"])
    assert.strictEqual(told.code, 1, told.stderr)
    const found = JSON.parse(told.stdout)
    assert.strictEqual(found.outcome, "different")
    assert.strictEqual(found.event._tag, "CloseRequested")
    assert.deepStrictEqual(found.against, { actions: [], state: "Established" })
    assert.strictEqual(found.reducer.state, "Closing.AwaitingFooter")
    const words = await run(["replay", "--reducer", ours, "--against", bent, session])
    assert.match(words.stdout, /the reducers differ at step \d+ {2}<- CloseRequested/)
    const same = await run(["replay", "--reducer", ours, "--against", ours, corpus])
    assert.strictEqual(same.code, 0, same.stderr)
    assert.match(same.stdout, /secure-session\.initiator\.ndjson: the same, \d+ steps/)
  })

  it("--against goes on after what cannot be read, and says so", async () => {
    const bad = join(temporary(), "bad.ndjson")
    writeFileSync(bad, "no recording\n")
    const words = await run(["replay", "--reducer", ours, "--against", ours, bad, session])
    assert.strictEqual(words.code, 2)
    assert.match(words.stdout, /secure-session\.initiator\.ndjson: the same, \d+ steps/)
    assert.match(words.stderr, /bad\.ndjson: not a recording.*\n1 of 2 recordings could not be read/)
    const json = await run(["replay", "--reducer", ours, "--against", ours, bad, session, "--json"])
    assert.deepStrictEqual(json.stdout.trim().split("\n").map((line) => JSON.parse(line).outcome), [
      "unreadable",
      "same"
    ])
    const bent = mutant("CloseRequested", "[state, []]")
    assert.strictEqual((await run(["replay", "--reducer", ours, "--against", bent, bad, session])).code, 1)
  })

  it("refuses a reducer that has no state to begin with", async () => {
    const empty = join(temporary(), "empty.mjs")
    writeFileSync(empty, "export const initial = () => undefined\nexport const step = () => undefined")
    const { code, stderr, stdout } = await run(["replay", "--reducer", empty, "--against", empty, session])
    assert.strictEqual(code, 1)
    assert.match(stderr, /the reducer threw at step 0/)
    assert.strictEqual(stdout, "")
  })

  it("survives a reducer that throws, and says where it did", async () => {
    const thrower = mutant("CloseRequested", "null.nothing")
    for (const more of [[], ["--against", ours]]) {
      const { code, stderr } = await run(["replay", "--reducer", thrower, ...more, session])
      assert.strictEqual(code, 1)
      assert.match(stderr, /the reducer threw at step \d+: TypeError/)
      assert.notMatch(stderr, /\.ts:\d+/)
    }
  })

  const state = fileURLToPath(new URL("../../protocol/src/State.ts", import.meta.url))
  const notes = fileURLToPath(new URL("../package.json", import.meta.url))
  it.each<readonly [string, ReadonlyArray<string>, RegExp]>([
    ["--against alone", ["--against", ours], /--against needs --reducer/],
    ["a module that is not there", ["--reducer", "nowhere.mjs"], /cannot be loaded as a module/],
    ["what is no module", ["--reducer", notes], /cannot be loaded as a module/],
    ["a module without a reducer", ["--reducer", state], /is no reducer: it has to export the functions/]
  ])("refuses %s", async (_, args, sentence) => {
    const { code, stderr, stdout } = await run(["replay", session, ...args])
    assert.strictEqual(code, 2)
    assert.match(stderr, sentence)
    assert.strictEqual(stdout, "")
  })
})
