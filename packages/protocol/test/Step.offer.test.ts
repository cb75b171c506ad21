import { describe, expect, it } from "vitest"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { header } from "./speaking.ts"
import { awaitingHeader, awaitingVerdict, expectMove, type Input, play, pureStep, xml } from "./walking.ts"

const established = ["-negotiation", "-step", "+keepalive 300000"]
const establishedInTls = ["-step", "+keepalive 300000"]
const extras: Input = { extraFeatures: [say.discoInfo] }
const managing: Input = { management: { use: true } }

const expectOffer = (
  state: ReturnType<typeof awaitingHeader>,
  features: string | undefined,
  wanted: Omit<Parameters<typeof expectMove>[2], "actions"> & { readonly reports?: ReadonlyArray<string> },
  attributes: Parameters<typeof header>[1] = {}
) => {
  const { reports = [], ...rest } = wanted
  return expectMove(state, header("recipient", attributes), {
    ...rest,
    actions: ["send header", ...(features === undefined ? [] : [`send stream:features${features}`]), ...reports]
  })
}

table("7.2", () => {
  const openInClear = {
    label: "Established",
    timers: established,
    reports: ["report Negotiated", "report InsecureChannel"]
  }

  rowFor(
    "7.2.1",
    "FEAT-02 VER-04 VER-13",
    [["TLS preferred", "preferred"], ["TLS never", "never"]] as const,
    (tls) => {
      const state = awaitingHeader("recipient", "clear", { ...extras, policy: { tls, legacy: "accept" } })
      expectOffer(state, undefined, openInClear, { version: undefined })
      expectOffer(state, undefined, openInClear, { version: "0.9" })
    }
  )

  row("7.2.2", "TLS-02 TLS-03 FEAT-01 FEAT-10 FEAT-16 TIME-05", () => {
    const waiting = { label: "Responding.AwaitingChoice", timers: ["+step 30000"] }
    expectOffer(awaitingHeader("recipient", "clear"), "(tls:starttls(tls:required))", waiting)
    expectOffer(awaitingHeader("recipient", "clear", extras), "(tls:starttls(tls:required) disco:query)", waiting)
    expectOffer(awaitingHeader("recipient", "clear", managing), "(tls:starttls(tls:required))", waiting)
  })

  row("7.2.3", "TLS-02 TLS-04 FEAT-18", () => {
    expectOffer(
      awaitingHeader("recipient", "clear", { ...extras, ...managing, policy: { tls: "preferred" } }),
      "(tls:starttls disco:query)",
      { label: "Responding.AwaitingCommitment", timers: ["-step", "+commit 5000"] }
    )
  })

  row("7.2.4", "FEAT-01 FEAT-16 E2E-22 TLS-32", () => {
    const input: Input = { ...extras, policy: { tls: "never" } }
    expectOffer(awaitingHeader("recipient", "clear", input), "(disco:query)", openInClear)
    expectOffer(awaitingHeader("recipient", "clear", { policy: { tls: "never" } }), "", openInClear)
  })

  row("7.2.5", "SASL-03 SASL-04 SASL-06 SASL-07 SASL-42 TLS-26 FEAT-11", () => {
    expectOffer(
      awaitingHeader("recipient", "tls", managing),
      "(sasl:mechanisms(sasl:mechanism('EXTERNAL')))",
      { label: "Responding.AwaitingChoice", timers: ["+negotiation 60000", "+step 30000"] }
    )
  })

  row("7.2.6", "FEAT-11 SASL-05 SASL-42 TLS-26", () => {
    const open = { label: "Established", timers: establishedInTls, reports: ["report Negotiated"] }
    expectOffer(awaitingHeader("recipient", "tls", { policy: { sasl: "never" } }), "", open)
    expectOffer(
      awaitingHeader("recipient", "tls", { ...extras, ...managing, policy: { sasl: "never" } }),
      "(disco:query sm:sm)",
      open
    )
    const nobody = play(
      awaitingVerdict("recipient", { policy: { authenticatePeer: false } }),
      say.judged("recipient", { authorised: [] })
    )
    expectOffer(nobody, "", open)
  })

  row("7.2.7", "FEAT-11 FEAT-23 HDR-29 SASL-05", () => {
    const open = { label: "Established", timers: established, reports: ["report Negotiated"] }
    expectOffer(awaitingHeader("recipient", "auth"), "", open)
    expectOffer(awaitingHeader("recipient", "auth", { ...extras, ...managing }), "(disco:query sm:sm)", open)
  })
})

describe("features", () => {
  it("FEAT-01 HDR-29 P-05 each header is answered with exactly one header and, at 1.0, one set of features", () => {
    for (const phase of ["clear", "tls", "auth"] as const) {
      const [, actions] = pureStep(awaitingHeader("recipient", phase, extras), header("recipient"))
      const sent = actions.filter(({ _tag }) => _tag.startsWith("Send"))
      expect(sent.map(({ _tag }) => _tag)).toEqual(["SendHeader", "SendElement"])
      expect(sent.flatMap((each) => each._tag === "SendElement" ? [xml(each.element)] : [])[0]).toMatch(
        /^stream:features/
      )
    }
  })
})
