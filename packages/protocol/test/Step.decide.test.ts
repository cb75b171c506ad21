import type { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, base64, features, mechanisms, says, starttlsRequired, tls } from "./speaking.ts"
import { awaitingFeatures, awaitingVerdict, err, expectMove, type Input, type Phase, play } from "./walking.ts"

const phases: ReadonlyArray<readonly [string, Phase]> = [["clear", "clear"], ["tls", "tls"], ["auth", "auth"]]
const external = mechanisms("EXTERNAL")
const strange = say.foreign("gizmo", {}, [say.foreign("required")])
const bind = say.stanza("bind")
const sm = say.sm("sm")

const expectDecision = (
  phase: Phase,
  offer: ReadonlyArray<Element.Element>,
  label: string,
  actions: ReadonlyArray<string>,
  input?: Input
) => expectMove(awaitingFeatures(phase, input), says(features(...offer)), { label, actions })

const failed = "Closing.AwaitingFooter"
const opens = ["report Negotiated"]
const opensInClear = ["report Negotiated", "report InsecureChannel"]
const sends = "send sasl:auth[mechanism=EXTERNAL]"

const withoutCertificate = (state: State): State => {
  const { certificate: _, ...config } = state.config
  return { ...state, config }
}

table("7.3", () => {
  row("7.3.1", "TLS-05 TLS-06 TLS-07 TLS-31 FEAT-05 E2E-10", () => {
    const asks = (
      offer: ReadonlyArray<Element.Element>,
      policy: "required" | "preferred",
      notes: ReadonlyArray<string>
    ) => {
      const state = awaitingFeatures("clear", { policy: { tls: policy } })
      expectMove(state, says(features(...offer)), {
        label: "Initiating.AwaitingProceed",
        actions: ["send tls:starttls", ...notes],
        timers: ["+step 15000"]
      })
    }
    for (const policy of ["required", "preferred"] as const) {
      asks([starttlsRequired], policy, [])
      asks([tls("starttls")], policy, [])
      asks([say.discoInfo, tls("starttls"), external], policy, [])
      asks([strange, tls("starttls")], policy, [])
    }
    asks([], "required", ["report Diagnostic tlsNotAdvertised"])
    asks([external], "required", ["report Diagnostic tlsNotAdvertised"])
  })

  row("7.3.2", "TLS-04 TLS-32 FEAT-08 ERR-42", () => {
    const never: Input = { policy: { tls: "never" } }
    for (const offer of [[starttlsRequired], [tls("starttls")], [starttlsRequired, say.discoInfo]]) {
      expectDecision("clear", offer, failed, err("unsupported-feature"), never)
    }
    expectDecision("clear", [tls("starttls"), say.discoInfo], "Established", opensInClear, never)
  })

  rowFor("7.3.3", "FEAT-08 FEAT-09 ERR-42 AMB-24", phases, (phase) => {
    const input: Input = phase === "clear" ? { policy: { tls: "never" } } : {}
    const bindFeature = { ...bind, namespace: Namespace.bind }
    for (const unknown of [strange, bindFeature]) {
      expectDecision(phase, [unknown], failed, err("unsupported-feature"), input)
      if (phase === "auth") continue
      expectDecision(phase, [unknown, mechanisms("SCRAM-SHA-1")], failed, err("unsupported-feature"), input)
    }
    expectDecision(phase, [say.foreign("gizmo")], "Established", phase === "clear" ? opensInClear : opens, input)
  })

  row("7.3.3", "FEAT-09 a mechanism beside it goes first", () => {
    expectDecision("tls", [strange, external], "Initiating.AwaitingSasl", [`${sends}('=')`])
  })

  row("7.3.4", "SASL-02 SASL-08 SASL-10 SASL-11 SASL-16 SASL-17", () => {
    expectMove(awaitingFeatures("tls"), says(features(external)), {
      label: "Initiating.AwaitingSasl",
      actions: [`${sends}('=')`],
      timers: ["+step 15000"]
    })
    expectDecision("tls", [mechanisms("SCRAM-SHA-1", "EXTERNAL"), sm], "Initiating.AwaitingSasl", [`${sends}('=')`])
  })

  const own = addresses.initiator
  rowFor(
    "7.3.4",
    "SASL-18 SASL-19 SASL-20 what the certificate holds decides what is said",
    [
      ["our address alone", [[`${own}`], "="]],
      ["our address in other letters", [["Nadia@Harbor.Example"], "="]],
      ["our address and another", [[own, "office@harbor.example"], base64(own)]],
      ["another address", [["office@harbor.example"], base64(own)]],
      ["no address", [[], "="]]
    ] as const,
    ([addresses, data]) => {
      const input = { self: "nadia@harbor.example/deck", certificate: { addresses } }
      expectDecision("tls", [external], "Initiating.AwaitingSasl", [`${sends}('${data}')`], input)
    }
  )

  row("7.3.5", "SASL-09 SASL-08 SASL-42", () => {
    const closes = (phase: Phase, offer: ReadonlyArray<Element.Element>, input?: Input) =>
      expectMove(awaitingFeatures(phase, input), says(features(...offer)), {
        label: "Closing.AwaitingFooter",
        actions: ["send footer"],
        timers: ["-negotiation", "-step", "+close 5000"],
        cause: "noMechanism"
      })
    closes("tls", [mechanisms("SCRAM-SHA-1", "PLAIN")])
    closes("tls", [mechanisms("external")])
    closes("tls", [mechanisms()])
    closes("tls", [external], { policy: { sasl: "never" } })
    expectMove(withoutCertificate(awaitingFeatures("tls")), says(features(external)), {
      label: "Closing.AwaitingFooter",
      actions: ["send footer"],
      cause: "noMechanism"
    })
    closes("clear", [external], { policy: { tls: "never" } })
  })

  row("7.3.6", "SASL-41 ERR-33", () => {
    const input: Input = { policy: { sasl: "required" } }
    expectDecision("tls", [], failed, err("policy-violation"), input)
    expectDecision("tls", [sm, say.discoInfo], failed, err("policy-violation"), input)
  })

  row("7.3.7", "SASL-41 ERR-33", () => {
    const input: Input = { policy: { sasl: "required", tls: "preferred" } }
    expectDecision("clear", [], failed, err("policy-violation"), input)
    expectDecision("clear", [say.discoInfo], failed, err("policy-violation"), input)
  })

  const resume = say.resumption("initiator")
  const wanting: Input = { management: { use: true, resume, resumableSeconds: 300 } }
  const resumes = ["send sm:resume[previd=session-1 h=5]"]

  row("7.3.8", "SASL-46 a session is resumed with a proven peer", () => {
    expectMove(awaitingFeatures("auth", wanting), says(features(sm)), {
      label: "Initiating.AwaitingResumed",
      actions: resumes,
      timers: ["+step 15000"]
    })
    expectDecision("tls", [sm], "Initiating.AwaitingResumed", resumes, { ...wanting, policy: { sasl: "never" } })
    expectDecision("auth", [], "Established", opens, wanting)
  })

  row("7.3.8", "P-14 and with nobody else", () => {
    const input: Input = { ...wanting, policy: { authenticatePeer: false, sasl: "never" } }
    const state = play(
      awaitingVerdict("initiator", input),
      { _tag: "PeerJudged", verdict: { ...say.verdict("recipient"), strength: "none" } },
      say.header("initiator")
    )
    expectMove(state, says(features(sm)), {
      label: "Established",
      actions: ["send sm:enable[resume=true]", "report Negotiated"]
    })
    expectDecision("clear", [sm], "Established", ["send sm:enable[resume=true]", ...opensInClear], {
      ...wanting,
      policy: { tls: "never" }
    })
  })

  rowFor("7.3.9", "FEAT-06 FEAT-07 FEAT-16 E2E-11", phases, (phase) => {
    const input: Input = phase === "clear" ? { policy: { tls: "preferred" } } : {}
    const reports = phase === "clear" ? opensInClear : opens
    for (const offer of [[], [say.discoInfo], [sm], [say.foreign("gizmo"), say.discoInfo]]) {
      expectDecision(phase, offer, "Established", reports, input)
    }
  })
})

describe("features that were negotiated already", () => {
  it.each(
    [
      ["tls", [starttlsRequired]],
      ["tls", [tls("starttls"), say.discoInfo]],
      ["auth", [starttlsRequired]],
      ["auth", [external]],
      ["auth", [starttlsRequired, external]]
    ] as const
  )("FEAT-11 are ignored in phase %s", (phase, offer) => {
    expectDecision(phase, offer, "Established", ["report Diagnostic repeatedFeature", "report Negotiated"])
  })

  it("FEAT-11 beside new ones, too", () => {
    expectDecision("tls", [starttlsRequired, external], "Initiating.AwaitingSasl", [
      `${sends}('=')`,
      "report Diagnostic repeatedFeature"
    ])
  })

  it("FEAT-03 FEAT-04 children of the stream and content namespaces are no features; order means nothing", () => {
    const noise = [say.message("m1"), say.stream("starttls"), {
      ...say.stanza("starttls"),
      namespace: Namespace.server
    }]
    const next = expectDecision("clear", [...noise, starttlsRequired], "Initiating.AwaitingProceed", [
      "send tls:starttls"
    ])
    expect(expectDecision("clear", [starttlsRequired, ...noise], "Initiating.AwaitingProceed", ["send tls:starttls"]))
      .toEqual(next)
    expectDecision("clear", [...noise, tls("starttls")], failed, err("unsupported-feature"), {
      policy: { tls: "never" }
    })
  })
})
