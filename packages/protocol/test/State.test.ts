import { describe, expect, it } from "vitest"
import { label } from "../src/State.ts"
import { placesWhere } from "./places.ts"

describe("label", () => {
  it("names every state of both roles by what it waits for", () => {
    const labels = (role: "initiator" | "recipient") => [
      ...new Set(placesWhere((place) => place.role === role).map(([, { state }]) => label(state)))
    ]
    const end = ["Established", "Closing.AwaitingFooter", "Closing.AwaitingDrain", "Closing.AwaitingEnd", "Closed"]
    expect(labels("initiator")).toEqual([
      "Dormant",
      "Initiating.AwaitingHeader",
      "Initiating.AwaitingFeatures",
      "Initiating.AwaitingProceed",
      "Initiating.AwaitingTls",
      "Initiating.AwaitingVerdict",
      "Initiating.AwaitingSasl",
      "Initiating.AwaitingAbort",
      "Initiating.AwaitingResumed",
      ...end
    ])
    expect(labels("recipient")).toEqual([
      "Dormant",
      "Responding.AwaitingHeader",
      "Responding.AwaitingChoice",
      "Responding.AwaitingCommitment",
      "Responding.AwaitingTls",
      "Responding.AwaitingVerdict",
      "Responding.AwaitingResponse",
      ...end
    ])
  })
})
