import { describe, expect, it } from "vitest"
import type { Policy } from "../src/Config.ts"
import type { Verdict } from "../src/Verdict.ts"
import { meet, type Meeting, type Parties } from "./meeting.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, roles, send } from "./speaking.ts"
import { awaitingHeader, err, expectMove, type Input } from "./walking.ts"

const never: Input = { policy: { tls: "never" } }
const preferred: Input = { policy: { tls: "preferred" }, extraFeatures: [say.discoInfo] }
const nobody: Partial<Verdict> = { authorised: [], code: "noCertificate", strength: "none" }
const rejects: Partial<Verdict> = { decision: "reject", code: "pinMismatch" }

const expectBoth = (meeting: Meeting, wanted: string) =>
  expect(roles.map((role) => meeting.at(role))).toEqual([wanted, wanted])

const causes = (meeting: Meeting) => roles.map((role) => meeting.ended(role)?.reason.cause)

/** Both streams were closed with both footers. */
const expectBothClean = (meeting: Meeting, ...wanted: ReadonlyArray<string>) => {
  expectBoth(meeting, "Closed")
  expect(causes(meeting)).toEqual(wanted)
  expect(roles.map((role) => meeting.ended(role)?.clean)).toEqual([true, true])
  expect(meeting.wire.filter((each) => each.endsWith("footer")).sort()).toEqual(["I: footer", "R: footer"])
}

const errorIn = (meeting: Meeting) => meeting.wire.filter((each) => each.includes("stream:error"))

table("10", () => {
  row("10.1", "TLS-04 TLS-32 FEAT-09", () => {
    const meeting = meet({ initiator: never })
    expectBothClean(meeting, "unsupportedFeature", "reported")
    expect(errorIn(meeting)).toEqual(["I: stream:error(streams:unsupported-feature)"])
  })

  row("10.2", "TLS-06 TLS-09 TLS-11 TLS-32", () => {
    const meeting = meet({ recipient: never })
    expectBothClean(meeting, "tlsRefused", "tlsRefused")
    expect(meeting.wire.slice(3)).toEqual(["I: tls:starttls", "R: tls:failure", "R: footer", "I: footer"])
  })

  rowFor("10.3", "TLS-31 E2E-10", [["prefers", preferred], ["requires", {}]] as const, (initiator) => {
    const meeting = meet({ initiator, recipient: preferred })
    expectBoth(meeting, "Established")
    expect(meeting.wire).toContain("I: tls:starttls")
    expect(roles.map((role) => meeting.heard(role).includes("InsecureChannel"))).toEqual([false, false])
  })

  row("10.4", "FEAT-18 TLS-31 AMB-11", () => {
    const bySilence = meet({ initiator: never, recipient: preferred })
    expect(bySilence.at("recipient")).toBe("Responding.AwaitingCommitment")
    bySilence.fire("recipient", "commit")
    expectBoth(bySilence, "Established")
    const byStanza = meet({ initiator: never, recipient: preferred })
    byStanza.tell("initiator", send(1))
    expectBoth(byStanza, "Established")
    expect(byStanza.heard("recipient")).toContain("message m1")
    expect(roles.map((role) => byStanza.heard(role).includes("InsecureChannel"))).toEqual([true, true])
  })

  rowFor("10.5", "VER-06 VER-07 ERR-44", roles.map((role) => [`we are the ${role}`, role] as const), (role) => {
    // Our own machine always knows versions: the old side is a script.
    const failed = expectMove(awaitingHeader(role, "clear"), say.header(role, { version: undefined }), {
      label: "Closing.AwaitingFooter",
      actions: [...(role === "recipient" ? ["send header"] : []), ...err("unsupported-version")],
      cause: "unsupportedVersion"
    })
    expectMove(failed, say.footer, { label: "Closing.AwaitingEnd", actions: ["StopInput", "EndTransport"] })
  })

  row("10.6", "TLS-21 TLS-22", () => {
    const meeting = meet({ verdicts: { initiator: rejects } })
    expectBoth(meeting, "Closed")
    expect(meeting.ended("initiator")?.reason.cause).toBe("certificate")
    expect(meeting.ended("recipient")?.reason._tag).toMatch(/NotAdmitted|Environment/)
    expect(meeting.wire.slice(3)).toEqual(["I: tls:starttls", "R: tls:proceed"])
  })

  row("10.7", "TLS-21 TLS-22", () => {
    const meeting = meet({ verdicts: { recipient: rejects } })
    expectBoth(meeting, "Closed")
    expect(meeting.ended("recipient")?.reason.cause).toBe("certificate")
    expect(meeting.ended("initiator")?.reason).toMatchObject({ _tag: expect.stringMatching(/NotAdmitted|Environment/) })
    expect(meeting.wire.filter((each) => each.includes("footer"))).toEqual([])
  })

  row("10.8", "SASL-41", () => {
    const meeting = meet({ initiator: { policy: { sasl: "required" } }, recipient: { policy: { sasl: "never" } } })
    expectBothClean(meeting, "authenticationRequired", "reported")
    expect(errorIn(meeting)).toEqual(["I: stream:error(streams:policy-violation)"])
  })

  row("10.9", "SASL-40", () => {
    const meeting = meet({ recipient: { policy: { sasl: "required" } }, verdicts: { recipient: nobody } })
    expectBothClean(meeting, "reported", "authenticationRequired")
    expect(errorIn(meeting).length).toBe(1)
    expect(errorIn(meeting)[0]).toMatch(/^R: stream:error\(streams:policy-violation/)
  })

  row("10.10", "SASL-09 SASL-42", () => {
    const meeting = meet({ initiator: { policy: { sasl: "never" } } })
    expectBothClean(meeting, "noMechanism", "refusedByPeer")
    expect(errorIn(meeting)).toEqual([])
  })

  row("10.11", "END-11 P-05 P-28", () => {
    const meeting = meet()
    expectBoth(meeting, "Established")
    meeting.cross(say.close, say.close)
    expectBothClean(meeting, "closedBySelf", "closedBySelf")
  })

  rowFor("10.12", "ERR-09 P-05", roles.map((role) => [role, role] as const), (role) => {
    const meeting = meet()
    meeting.cross(
      ...(role === "initiator" ? [say.failWith(), say.close] as const : [say.close, say.failWith()] as const)
    )
    const wanted = ["failedBySelf", "closedBySelf"]
    expectBothClean(meeting, ...(role === "initiator" ? wanted : wanted.toReversed()))
    expect(meeting.heard(say.otherRole(role))).toContain("PeerError")
  })

  row("10.13", "ERR-09 P-05", () => {
    const meeting = meet()
    meeting.cross(say.failWith("reset"), say.failWith("conflict"))
    expectBothClean(meeting, "failedBySelf", "failedBySelf")
    expect(roles.map((role) => meeting.heard(role).filter((each) => each === "PeerError").length)).toEqual([1, 1])
  })

  row("10.14", "FEAT-16 STZ-19 P-27", () => {
    const meeting = meet({ recipient: { policy: { sasl: "never" } } })
    expectBoth(meeting, "Established")
    meeting.cross(send(1), send(2))
    expect(meeting.heard("recipient")).toContain("message m1")
    expect(meeting.heard("initiator")).toContain("message m2")
    // The recipient may speak right after its features: they come first on the wire.
    const early = meet({ initiator: never, recipient: preferred })
    early.tell("recipient", send(1))
    early.fire("recipient", "commit")
    expect(early.heard("initiator")).toContain("message m1")
  })
})

describe("any two policies", () => {
  const tls = ["required", "preferred", "never"] as const
  const sasl = ["ifUsable", "required", "never"] as const
  const policies = tls.flatMap((one) =>
    sasl.filter((two) => two !== "required" || one !== "never").map((two): Partial<Policy> => ({ tls: one, sasl: two }))
  )
  const verdicts: ReadonlyArray<Parties["verdicts"]> = [
    {},
    { recipient: nobody },
    { recipient: { authorised: [addresses.initiator, "office@harbor.example"] } },
    { recipient: rejects },
    { initiator: rejects }
  ]

  const pairs = policies.flatMap((initiator) =>
    policies.flatMap((recipient) =>
      [true, false].map((authenticatePeer) => [initiator, { ...recipient, authenticatePeer }] as const)
    )
  )

  it.each(pairs)("P-22 P-23 P-24 P-28 end open or closed on both sides: %o and %o", (initiator, recipient) => {
    for (const each of verdicts) {
      const meeting = meet({
        initiator: { policy: initiator },
        recipient: { policy: recipient, extraFeatures: [say.discoInfo] },
        verdicts: each ?? {}
      })
      if (meeting.at("recipient") === "Responding.AwaitingCommitment") meeting.fire("recipient", "commit")
      const label = meeting.at("initiator")
      expectBoth(meeting, label)
      expect(["Established", "Closed"]).toContain(label)
      if (label === "Closed") continue
      expectKnown(meeting, recipient.authenticatePeer)
      meeting.tell("recipient", say.close)
      expectBothClean(meeting, "closedByPeer", "closedBySelf")
    }
  })

  const expectKnown = (meeting: Meeting, authenticates: boolean) => {
    const [initiator, recipient] = roles.map((role) => {
      const state = meeting.state(role)
      return state._tag === "Established" ? state.admission : undefined
    })
    expect(initiator?.peer.address).toBe(addresses.recipient)
    expect(initiator?.peer.verified).toBe(initiator?.secured)
    if (recipient?.secured === true && authenticates) {
      expect(recipient.peer).toMatchObject({ address: addresses.initiator, verified: true })
    }
  }
})
