/**
 * Sessions of discovery as `discover --record` wrote them on a host in a network namespace, with others on the same switch: somebody
 * comes, says that he is away, and goes; two have one name; the cable is pulled out and put in again. Whatever changes in the roster has to
 * come out the same for them, or is a change that somebody meant: then they are recorded anew.
 */
import * as Result from "effect/Result"
import { readdirSync, readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import * as DiscoveryRecording from "../src/DiscoveryRecording.ts"
import * as Roster from "../src/Roster.ts"

const directory = new URL("sessions/", import.meta.url)
const sessions = readdirSync(directory).filter((name) => name.endsWith(".ndjson"))
const read = (name: string) =>
  Result.getOrThrow(DiscoveryRecording.decode(readFileSync(new URL(name, directory), "utf8")))
const toldIn = (name: string) => read(name).lines.flatMap(({ told }) => told?.changes ?? [])

describe("recorded sessions of discovery", () => {
  it.each(sessions)("LL-19 %s comes out as it was recorded", (name) => {
    const recording = read(name)
    const outcome = DiscoveryRecording.compare(recording)
    assert.strictEqual(outcome._tag, "Matched")
    assert.strictEqual(outcome._tag === "Matched" ? outcome.compared : 0, recording.lines.length)
    assert.isTrue(recording.head.redacted)
  })

  it("LL-20 LL-22 hold what they are there for", () => {
    assert.lengthOf(sessions, 3)
    const all = sessions.flatMap(toldIn).join("\n")
    for (const each of ["Came", "ChangedPresence", "Went", "away"]) assert.include(all, each)
    const { roster } = DiscoveryRecording.replay(read("two-of-one-name.ndjson"), 12)
    assert.lengthOf(Roster.entities(roster), 2)
  })

  it("LL-19 a line that is left out is found", () => {
    for (const name of sessions) {
      const recording = read(name)
      const at = recording.lines.findIndex((line) => "event" in line && line.event._tag === "Appeared")
      const lines = recording.lines.filter((_, index) => index !== at)
      assert.strictEqual(DiscoveryRecording.compare({ ...recording, lines })._tag, "Diverged", name)
    }
  })
})
