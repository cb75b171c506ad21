import { assert, describe, it } from "@effect/vitest"
import { Reason } from "@xmpp-e2e/protocol"
import * as Failure from "../src/Failure.ts"

describe("what people read", () => {
  it.each(Object.keys(Reason.causes) as Array<Reason.Cause>)(
    "says for %s what happened, by which rule, and what to do",
    (cause) => {
      const reason = Reason.make(cause, { detail: "a detail" })
      const { message } = Failure.streamFailed(reason)
      assert.include(message, `[${reason.rule}]`)
      assert.include(message, "a detail")
      assert.match(message, /\. \S.*\.$/, "ends with advice")
      assert.notMatch(message, /\n/)
    }
  )

  it("names the condition that was told or heard", () => {
    assert.include(Failure.explain(Reason.make("reported", { condition: "host-unknown" })), "<host-unknown/>")
  })

  it("keeps the detail for programs, and has one when nothing more is known", () => {
    assert.strictEqual(Failure.streamFailed(Reason.make("certificate", { detail: "expired" })).detail, "expired")
    assert.isNotEmpty(Failure.streamFailed(Reason.make("certificate")).detail)
  })

  const reason = Reason.make("closedByPeer")
  it.each<readonly [string, { readonly message: string }, RegExp]>([
    [
      "NotRepresentable",
      new Failure.SendFailed({ reason: { _tag: "NotRepresentable", obstacle: "U+0000 in text" } }),
      /U\+0000.*XML-19/
    ],
    ["NotAStanza", new Failure.SendFailed({ reason: { _tag: "NotAStanza" } }), /STZ-01/],
    ["QueueFull", new Failure.SendFailed({ reason: { _tag: "QueueFull" } }), /STZ-23/],
    ["StreamEnded", new Failure.SendFailed({ reason: { _tag: "StreamEnded", reason } }), /E2E-18/],
    [
      "Refused",
      new Failure.IqFailed({
        reason: { _tag: "Refused", error: { condition: "forbidden", type: "auth", text: "no" } }
      }),
      /forbidden \(auth\): no/
    ],
    ["TimedOut", new Failure.IqFailed({ reason: { _tag: "TimedOut", afterMillis: 30 } }), /30 ms/],
    ["IdInUse", new Failure.IqFailed({ reason: { _tag: "IdInUse", id: "x1" } }), /x1.*IQ-14/],
    ["Unsent", new Failure.IqFailed({ reason: { _tag: "Unsent", failure: { _tag: "QueueFull" } } }), /STZ-23/],
    ["ended before the answer", new Failure.IqFailed({ reason: { _tag: "StreamEnded", reason } }), /IQ-13/],
    ["ListenFailed", new Failure.ListenFailed({ at: { host: "::1", port: 5298 }, detail: "in use" }), /5298.*in use/],
    ["ConfigInvalid", new Failure.ConfigInvalid({ contradictions: ["One.", "Two."] }), /One\. Two\./]
  ])("explains %s", (_, failure, words) => {
    assert.match(failure.message, words)
  })
})
