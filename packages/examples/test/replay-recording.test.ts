import { describe, expect, it } from "@effect/vitest"
import * as Result from "effect/Result"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { check, record, tell, unanswered } from "../src/replay-recording.ts"

const told = (text: string): ReadonlyArray<string> => Result.getOrThrow(tell(text))

describe("tell", () => {
  it("P-21 tells a stream that nobody answered, and that it replays", () => {
    const lines = told(unanswered())
    expect(lines[0]).toBe("recording of romeo@forza, initiator, for juliet@pronto; TLS required; an example")
    expect(lines[3]).toContain("Ended unclean: Environment silence connection-timeout (TIME-04)")
    expect(lines.slice(4)).toEqual([
      "ends in Closed",
      "matched: 3 steps, Closed",
      "after step 1 it was Closing.AwaitingFooter",
      "and without what people wrote: matched: 3 steps, Closed"
    ])
  })

  it("shows where the reducer would act otherwise now", () => {
    const lines = told(unanswered().replace("\"after\":60000", "\"after\":90000"))
    expect(lines).toContainEqual(expect.stringMatching(/^diverged at 0: Dormant {2}<- TransportOpened\n/))
    expect(lines).toContainEqual(expect.stringContaining("first difference: actions.1.after"))
  })

  it("says what is no recording", () => {
    expect(Result.match(tell("{}"), { onSuccess: () => "", onFailure: (error) => error.message })).toBe(
      "not a recording: the first line does not name the format e2e-stream-recording"
    )
  })
})

describe("check", () => {
  it("P-21 comes to the same end a line at a time", () => {
    expect(Result.getOrThrow(check(unanswered().split("\n")))).toMatchObject({ _tag: "Matched", steps: 3 })
  })

  it("knows that nothing is no recording", () => {
    expect(Result.getOrThrow(check([]))).toBeUndefined()
    expect(Result.isFailure(check(["no recording"]))).toBe(true)
  })
})

describe("record", () => {
  it("records nothing for a configuration that contradicts itself", () => {
    expect(record({ role: "initiator", self: "romeo@forza" }, [])).toBe("")
  })
})

describe("the program", () => {
  const program = fileURLToPath(new URL("../src/replay-recording.ts", import.meta.url))
  const run = (...args: ReadonlyArray<string>): string =>
    execFileSync(process.execPath, [program, ...args], { encoding: "utf8" })

  it("tells its own recording", () => {
    expect(run()).toBe(`${told(unanswered()).join("\n")}\n`)
  })

  it("tells a file", () => {
    const file = fileURLToPath(
      new URL("../../recording/corpus/sessions/secure-session.initiator.ndjson", import.meta.url)
    )
    expect(run(file)).toContain("matched: 16 steps, Closed")
  })
})
