import { describe, expect, it } from "vitest"
import type { State } from "../src/State.ts"
import { common, commonCondition } from "./places.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, base64, message, says } from "./speaking.ts"
import { awaitingChoice, awaitingResponse, err, expectIgnored, expectMove, play } from "./walking.ts"

const failed = "Closing.AwaitingFooter"
const choosing = "Responding.AwaitingChoice"
const succeeds = { label: "Responding.AwaitingHeader", actions: ["send sasl:success", "RestartInput"] }
const office = base64("office@harbor.example")
const triesOf = (state: State): number => state._tag === "Responding" && "tries" in state.at ? state.at.tries : -1

const expectFailure = (
  state: State,
  element: Parameters<typeof says>[0],
  condition: string,
  counts: boolean
): State => {
  const next = expectMove(state, says(element), {
    label: choosing,
    actions: [`send sasl:failure(sasl:${condition})`],
    timers: counts || state._tag !== "Responding" || state.at._tag === "AwaitingResponse" ? ["+step 30000"] : []
  })
  expect(triesOf(next)).toBe(triesOf(state) + (counts ? 1 : 0))
  return next
}

const expectNotAuthorized = (state: State, ...elements: ReadonlyArray<Parameters<typeof says>[0]>) => {
  for (const element of elements) {
    expectMove(state, says(element), { label: failed, actions: err("not-authorized"), cause: "misbehaved" })
  }
}

table("8.12", () => {
  const state = awaitingChoice("tls")

  rowFor("8.12.1", "SASL-39 P-18 ERR-33", [["2", 2], ["3", 3], ["5", 5]] as const, (saslTriesMax) => {
    let next = awaitingChoice("tls", { limits: { saslTriesMax } })
    for (let at = 0; at < saslTriesMax; at++) {
      next = at % 2 === 0
        ? expectFailure(next, say.auth(office), "invalid-authzid", true)
        : expectFailure(next, say.auth("=", "PLAIN"), "invalid-mechanism", true)
    }
    expectMove(next, says(say.auth("=")), {
      label: failed,
      actions: err("policy-violation"),
      timers: ["-negotiation", "-step", "+close 5000"],
      cause: "tooManyTries"
    })
  })

  row("8.12.2", "SASL-01 SASL-21 SASL-27 SASL-28", () => {
    expectMove(state, says(say.auth("=")), { ...succeeds, timers: ["+step 15000"] })
    expectMove(state, says(say.auth(base64(addresses.initiator))), succeeds)
    expectFailure(state, say.auth(office), "invalid-authzid", true)
  })

  row("8.12.3", "SASL-12", () => {
    expectMove(state, says(say.auth()), {
      label: "Responding.AwaitingResponse",
      actions: ["send sasl:challenge"],
      timers: ["+step 15000"]
    })
  })

  row("8.12.4", "SASL-30", () => {
    for (const mechanism of ["PLAIN", "external", "EXTERNAL ", "", "SCRAM-SHA-1"]) {
      expectFailure(state, say.auth("=", mechanism), "invalid-mechanism", true)
    }
    expectFailure(state, say.sasl("auth", {}, ["="]), "invalid-mechanism", true)
  })

  row("8.12.5", "SASL-35", () => {
    expectFailure(
      state,
      say.sasl("auth", { mechanism: "EXTERNAL" }, ["=", say.foreign("x")]),
      "malformed-request",
      true
    )
    expectFailure(state, say.sasl("auth", { mechanism: "EXTERNAL" }, [say.foreign("x")]), "malformed-request", true)
  })

  row("8.12.6", "SASL-35", () => expectFailure(state, say.sasl("response", {}, ["="]), "malformed-request", false))
  row("8.12.7", "SASL-37", () => expectFailure(state, say.sasl("abort"), "aborted", false))

  row("8.12.8", "TLS-09", () => {
    expectMove(state, says(say.tls("starttls")), {
      label: failed,
      actions: ["send tls:failure", "send footer"],
      timers: ["-negotiation", "-step", "+close 5000"],
      cause: "tlsRefused"
    })
  })

  row("8.12.9", "FEAT-12 SASL-02 LIM-04", () => expectNotAuthorized(state, message("m1")))

  row("8.12.10", "SASL-47 FEAT-20 ERR-02 END-18 TIME-05", () => {
    expectNotAuthorized(
      state,
      say.tls("proceed"),
      say.tls("failure"),
      say.sasl("success"),
      say.saslFailure("aborted"),
      say.sasl("challenge")
    )
    expectMove(state, says(say.features()), { label: failed, actions: err("unsupported-stanza-type") })
    expectMove(state, says(say.streamError("conflict")), {
      label: failed,
      actions: ["send footer", "report PeerError conflict"]
    })
    expectMove(state, say.footer, { label: "Closing.AwaitingEnd", actions: ["send footer", "StopInput"] })
    expectMove(state, say.fires(state, "step"), { label: failed, actions: err("connection-timeout"), cause: "silence" })
    expectMove(state, say.send(1), { label: choosing, actions: [], timers: [] })
    for (const [name, [element, more]] of common) {
      const condition = commonCondition[name]
      if (condition === undefined) expectIgnored(state, says(element, more), ["report Diagnostic unknownElement"])
      else expectMove(state, says(element, more), { label: failed, actions: err(condition) })
    }
  })
})

table("8.13", () => {
  const state = awaitingResponse()

  row("8.13.1", "SASL-12 SASL-15 SASL-35", () => {
    for (const data of [[], ["="], [base64(addresses.initiator)]]) {
      expectMove(state, says(say.sasl("response", {}, data)), { ...succeeds, timers: ["+step 15000"] })
    }
    expectFailure(state, say.sasl("response", {}, [office]), "invalid-authzid", true)
    expectFailure(state, say.sasl("response", {}, ["=="]), "incorrect-encoding", true)
    expectFailure(state, say.sasl("response", {}, [say.foreign("x")]), "malformed-request", true)
  })

  row("8.13.2", "SASL-37", () => expectFailure(state, say.sasl("abort"), "aborted", true))

  row("8.13.3", "SASL-38", () => {
    expectMove(state, says(say.auth("=")), succeeds)
    expectMove(state, says(say.auth()), {
      label: "Responding.AwaitingResponse",
      actions: ["send sasl:challenge"],
      timers: ["+step 15000"]
    })
    expectFailure(state, say.auth("=", "PLAIN"), "invalid-mechanism", true)
    const tired = play(awaitingChoice("tls"), ...[1, 2, 3].map(() => says(say.auth(office))))
    expectMove(tired, says(say.auth()), { label: failed, actions: err("policy-violation"), cause: "tooManyTries" })
  })

  row("8.13.4", "FEAT-12 SASL-47", () => {
    expectNotAuthorized(
      state,
      message("m1"),
      say.tls("starttls"),
      say.tls("proceed"),
      say.sasl("success"),
      say.sasl("challenge"),
      say.saslFailure("aborted")
    )
  })

  row("8.13.5", "TIME-05 ERR-23", () => {
    expectMove(state, say.fires(state, "step"), {
      label: failed,
      actions: err("connection-timeout"),
      timers: ["-negotiation", "+close 5000"],
      cause: "silence"
    })
  })
})

describe("failed tries", () => {
  it("SASL-39 P-18 count over any mix of forms", () => {
    const challengedAndAborted = [says(say.auth()), says(say.sasl("abort"))]
    const mixed = play(awaitingChoice("tls"), ...challengedAndAborted, says(say.auth(office)), ...challengedAndAborted)
    expect(triesOf(mixed)).toBe(3)
    expectMove(mixed, says(say.auth("=")), { label: failed, actions: err("policy-violation") })
  })
})

describe("words of other namespaces", () => {
  it("SASL-37 SASL-38 answer no challenge", () => {
    for (const name of ["response", "abort", "auth"]) {
      expectIgnored(awaitingResponse(), says(say.foreign(name)), ["report Diagnostic unknownElement"])
    }
  })
})
