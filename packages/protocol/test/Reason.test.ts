import { describe, expect, it } from "vitest"
import * as Reason from "../src/Reason.ts"

const causes = Object.keys(Reason.causes) as ReadonlyArray<Reason.Cause>

describe("make", () => {
  it.each(causes)("%s has one blame and a rule behind it", (cause) => {
    const reason = Reason.make(cause)
    expect(reason).toEqual({ _tag: Reason.causes[cause].blame, cause, rule: Reason.causes[cause].rule })
    expect(reason.rule).toMatch(/^[A-Z0-9]+-\d+$/)
  })

  it("a nearer rule, the condition and a detail go with it", () => {
    expect(Reason.make("misbehaved", { rule: "NS-05", condition: "bad-namespace-prefix", detail: "x" })).toEqual({
      _tag: "PeerMisbehaved",
      cause: "misbehaved",
      rule: "NS-05",
      condition: "bad-namespace-prefix",
      detail: "x"
    })
    expect(JSON.stringify(Reason.make("aborted", {}))).not.toContain("detail")
  })
})

describe("blame", () => {
  it("END-06 END-07 SASL-25 TLS-22 what ended in order, what was not believed, what nobody could help", () => {
    const of = (blame: Reason.Blame) => causes.filter((cause) => Reason.causes[cause].blame === blame)
    expect(of("Finished")).toEqual(["closedBySelf", "closedByPeer", "idle", "neverOpened", "closedBeforeStream"])
    expect(of("PeerReported")).toEqual(["reported"])
    expect(of("NotAdmitted")).toContain("certificate")
    expect(of("NotAdmitted")).toContain("authenticationFailed")
    expect(of("NotAdmitted")).toContain("tlsFailed")
    expect(of("Environment")).toContain("truncated")
    expect(of("Environment")).toContain("closeTimeout")
  })
})
