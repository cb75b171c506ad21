import { assert, describe, it } from "@effect/vitest"
import { VerifyingFailed, type Why } from "../src/VerifyingFailure.ts"

const attacks: ReadonlyArray<Why> = ["different", "commitmentBroken", "reflected"]
const others: ReadonlyArray<Why> = [
  "unencrypted",
  "oldTls",
  "noExporter",
  "noIdentity",
  "peerUnproven",
  "underWay",
  "unsupported",
  "declined",
  "unanswered",
  "outOfOrder",
  "malformed",
  "stopped",
  "stoppedByPeer",
  "timedOut",
  "unkept"
]

describe("VerifyingFailed", () => {
  it("says what happened, and then what to do, each in a sentence of its own", () => {
    const messages = [...attacks, ...others].map((why) => new VerifyingFailed({ why }).message)
    for (const message of messages) assert.match(message.replaceAll("1.3", ""), /^[^.]+\. [A-Z][^.]+\.$/)
    assert.lengthOf(new Set(messages.map((message) => message.split(". ")[0])), messages.length)
  })

  it("warns of somebody in between where that was found out, and nowhere else", () => {
    const warns = (why: Why) => /Say nothing more/.test(new VerifyingFailed({ why }).message)
    assert.isTrue(attacks.every(warns))
    assert.isFalse(others.some(warns))
  })

  it("repeats what is known beyond the cause", () => {
    const { message } = new VerifyingFailed({ why: "declined", detail: "Nobody is here." })
    assert.match(message, /the request \(Nobody is here\.\)\. Ask/)
  })
})
