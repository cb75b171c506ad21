import type { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import type { Policy } from "../src/Config.ts"
import type { Event } from "../src/Event.ts"
import * as Namespace from "../src/Namespace.ts"
import type { Verdict } from "../src/Verdict.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, header, type Role, roles } from "./speaking.ts"
import {
  awaitingFeatures,
  awaitingHeader,
  awaitingVerdict,
  err,
  expectMove,
  type Input,
  type Phase,
  play,
  pureStep
} from "./walking.ts"

const phases: ReadonlyArray<Phase> = ["clear", "tls", "auth"]
const everywhere = roles.flatMap((role) => phases.map((phase) => [`${role}, ${phase}`, { role, phase }] as const))
const atRecipient = everywhere.filter(([, { role }]) => role === "recipient")
const atInitiator = everywhere.filter(([, { role }]) => role === "initiator")

interface At {
  readonly role: Role
  readonly phase: Phase
  readonly input?: Input
}

/** HDR-03: a recipient's own header goes first, in the same write. */
const expectRefused = ({ input, phase, role }: At, event: Event, condition: string) =>
  expectMove(awaitingHeader(role, phase, input), event, {
    label: "Closing.AwaitingFooter",
    actions: [...(role === "recipient" ? ["send header"] : []), ...err(condition)],
    timers: [...(phase === "tls" ? ["-step"] : ["-negotiation", "-step"]), "+close 5000"]
  })

const expectAccepted = ({ input, phase, role }: At, event: Event, notes: ReadonlyArray<string> = []) => {
  const [next, actions] = pureStep(awaitingHeader(role, phase, input), event)
  expect(next._tag).not.toBe("Closing")
  const told = actions.flatMap((each) =>
    each._tag === "Report" && each.notice._tag === "Diagnostic" ? [each.notice.about] : []
  )
  expect(told).toEqual(notes)
  return next
}

const defaultNamespace = (namespace: string | undefined): Partial<Element.RootTag> => ({
  declarations: [
    ...(namespace === undefined ? [] : [{ prefix: "", namespace }]),
    { prefix: "stream", namespace: Namespace.stream }
  ]
})

/** Inside TLS, where the verdict authorises whoever is named. */
const secured = (verdict: Partial<Verdict>, policy: Partial<Policy> = {}, more: Input = {}) =>
  play(awaitingVerdict("recipient", { policy, ...more }), say.judged("recipient", verdict))

table("7.1", () => {
  rowFor("7.1.1", "HDR-02 NS-01 ERR-29", everywhere, (at) => {
    for (const namespace of ["http://streams.example/", "", Namespace.client, `${Namespace.stream}/`]) {
      expectRefused(at, header(at.role, {}, { namespace }), "invalid-namespace")
    }
  })

  rowFor("7.1.2", "HDR-02 ERR-20", everywhere, (at) => {
    for (const name of ["flow", "Stream", "features"]) expectRefused(at, header(at.role, {}, { name }), "bad-format")
  })

  rowFor("7.1.3", "NS-04 ERR-21", everywhere, (at) => {
    const strict = { ...at, input: { policy: { strictStreamPrefix: true } } }
    for (const prefix of ["s", "", "Stream"]) {
      expectRefused(strict, header(at.role, {}, { prefix }), "bad-namespace-prefix")
      expectAccepted(at, header(at.role, {}, { prefix }))
    }
    expectAccepted(strict, header(at.role))
  })

  rowFor("7.1.4", "NS-02 NS-03 AMB-02", everywhere, (at) => {
    for (const namespace of [Namespace.server, "https://tansy.example/ns"]) {
      expectRefused(at, header(at.role, {}, defaultNamespace(namespace)), "invalid-namespace")
    }
    for (const namespace of [Namespace.client, Namespace.stream, "", undefined]) {
      expectAccepted(at, header(at.role, {}, defaultNamespace(namespace)))
    }
    const between: At = { ...at, phase: "clear", input: { policy: { contentNamespace: Namespace.server } } }
    expectAccepted(between, header(at.role, {}, defaultNamespace(Namespace.server)))
    expectRefused(between, header(at.role, {}, defaultNamespace(Namespace.client)), "invalid-namespace")
  })

  rowFor("7.1.5", "VER-10 ERR-44", everywhere, (at) => {
    for (const version of ["", "1.0.0", " 1.0", "1.0 ", "+1.0", "-1", "one", "1,0", ".1", "1.", "1234567890.0"]) {
      expectRefused(at, header(at.role, { version }), "unsupported-version")
    }
    for (const version of ["1", "1.0", "01.0", "1.00", "1.13"]) expectAccepted(at, header(at.role, { version }))
  })

  rowFor("7.1.6", "VER-04 VER-05 VER-06 VER-07 ERR-44 AMB-04", everywhere, (at) => {
    for (const version of [undefined, "0.9", "0.0", "00.13"]) {
      expectRefused(at, header(at.role, { version }), "unsupported-version")
    }
    for (const policy of [{ tls: "preferred" }, { tls: "never" }] as const) {
      const input = { policy, extraFeatures: [say.discoInfo] }
      expectRefused({ ...at, phase: "clear", input }, header(at.role, { version: undefined }), "unsupported-version")
      expectAccepted(
        { ...at, phase: "clear", input: { ...input, policy: { ...policy, legacy: "accept" } } },
        header(at.role, { version: undefined })
      )
    }
  })

  rowFor("7.1.7", "VER-09 VER-11", atInitiator, (at) => {
    for (const version of ["2.0", "11.0", "999999999"]) {
      expectRefused(at, header(at.role, { version }), "unsupported-version")
    }
    expectAccepted(at, header(at.role, { version: "1.999" }))
  })

  rowFor("7.1.7", "VER-08 AMB-05 a recipient goes on", atRecipient, (at) => {
    for (const version of ["2.0", "3.7", "11.0"]) expectAccepted(at, header(at.role, { version }))
  })

  rowFor("7.1.8", "HDR-10 HDR-18 HDR-19 ERR-24 ERR-25", atRecipient, (at) => {
    const input = { aliases: ["attic@quarry.example"], former: ["cellar@quarry.example"] }
    for (const to of ["ursula@quarry.example", "quarry.example", "@@", "", "teo@quarry.example/"]) {
      expectRefused({ ...at, input }, header(at.role, { to }), "host-unknown")
    }
    expectRefused({ ...at, input }, header(at.role, { to: "cellar@quarry.example" }), "host-gone")
    expectAccepted({ ...at, input }, header(at.role, { to: undefined }))
    expectAccepted({ ...at, input }, header(at.role, { to: "TEO@quarry.example/shed" }))
    if (at.phase !== "auth") expectAccepted({ ...at, input }, header(at.role, { to: "attic@quarry.example" }))
  })

  row("7.1.8", "HDR-30 after EXTERNAL the to stays", () => {
    const input = { aliases: ["attic@quarry.example"] }
    const at = { role: "recipient", phase: "auth", input } as const
    expectRefused(at, header("recipient", { to: "attic@quarry.example" }), "not-authorized")
    expectRefused(at, header("recipient", { to: "ursula@quarry.example" }), "host-unknown")
  })

  rowFor("7.1.8", "HDR-22", atInitiator, (at) => {
    for (const to of ["ursula@harbor.example", "@@"]) {
      if (at.phase === "clear") expectAccepted(at, header(at.role, { to }), ["ignoredAddress"])
      else expectRefused(at, header(at.role, { to }), "host-unknown")
    }
    for (const to of [undefined, "nadia@harbor.example/deck"]) expectAccepted(at, header(at.role, { to }))
  })

  rowFor("7.1.9", "HDR-11 HDR-19 ERR-28", atRecipient, (at) => {
    for (const from of ["@@", "", "nadia@harbor.example/", "@harbor.example"]) {
      expectRefused(at, header(at.role, { from }), "invalid-from")
    }
    expectAccepted(at, header(at.role, { from: undefined }))
  })

  rowFor("7.1.9", "HDR-19 HDR-21", atInitiator, (at) => {
    if (at.phase === "clear") expectAccepted(at, header(at.role, { from: "@@" }), ["ignoredAddress"])
    else expectRefused(at, header(at.role, { from: "@@" }), "invalid-from")
    expectRefused(
      { ...at, phase: "clear", input: { policy: { tls: "never" } } },
      header(at.role, { from: "@@" }),
      "invalid-from"
    )
    for (const from of [undefined, ""]) expectAccepted(at, header(at.role, { from }))
  })

  row("7.1.10", "HDR-07 a recipient believes nothing in clear while TLS is to come", () => {
    const other = header("recipient", { from: "rita@harbor.example" })
    expectAccepted({ role: "recipient", phase: "clear", input: { peer: addresses.initiator } }, other)
    expectRefused(
      { role: "recipient", phase: "clear", input: { peer: addresses.initiator, policy: { tls: "never" } } },
      other,
      "invalid-from"
    )
  })

  row("7.1.10", "HDR-31 CERT-02 from inside TLS is one that the certificate authorises", () => {
    const authorised = ["nadia@harbor.example", "office@harbor.example", "*.pumps.example"]
    const refused = { label: "Closing.AwaitingFooter", actions: ["send header", ...err("invalid-from")] }
    for (const from of ["rita@harbor.example", "harbor.example", "pumps.example", "b.a.pumps.example"]) {
      expectMove(secured({ authorised }), header("recipient", { from }), refused)
    }
    for (const from of ["NADIA@harbor.example/deck", "office@harbor.example", "a.pumps.example"]) {
      expect(play(secured({ authorised }), header("recipient", { from }))._tag).toBe("Responding")
    }
    expectMove(secured({}, {}, { peer: "office@harbor.example" }), header("recipient"), refused)
  })

  row("7.1.10", "HDR-31 without the policy the name is only announced", () => {
    const state = secured({}, { authenticatePeer: false, sasl: "never" })
    const next = play(state, header("recipient", { from: "rita@harbor.example" }))
    expect(next._tag === "Established" && next.admission.peer).toEqual({
      address: "rita@harbor.example",
      how: "announced",
      verified: false
    })
  })

  row("7.1.10", "HDR-32 from after EXTERNAL is the authorised identity", () => {
    const at = { role: "recipient", phase: "auth" } as const
    expectRefused(at, header("recipient", { from: "rita@harbor.example" }), "invalid-from")
    expectAccepted(at, header("recipient", { from: "nadia@harbor.example/deck" }))
  })

  rowFor("7.1.10", "HDR-20 CERT-01", atInitiator, (at) => {
    const other = header(at.role, { from: "rita@quarry.example" })
    if (at.phase === "clear") expectAccepted(at, other, ["ignoredAddress"])
    else expectRefused(at, other, "invalid-from")
    expectAccepted(at, header(at.role, { from: "teo@quarry.example/shed" }))
    expectRefused({ ...at, phase: "clear", input: { policy: { tls: "never" } } }, other, "invalid-from")
  })

  row("7.1.10", "HDR-20 an initiator that gets no TLS after all finds the stranger at the features", () => {
    const clear = awaitingHeader("initiator", "clear", { policy: { tls: "preferred" } })
    const state = play(clear, header("initiator", { from: "rita@quarry.example" }))
    expectMove(state, say.says(say.features()), { label: "Closing.AwaitingFooter", actions: err("invalid-from") })
  })

  rowFor(
    "7.1.10",
    "HDR-17 full addresses must agree when both sides name a resource",
    roles.map((role) => [role, role]),
    (role) => {
      const peer = role === "initiator" ? "teo@quarry.example/shed" : "nadia@harbor.example/deck"
      const at: At = { role, phase: "clear", input: { peer, policy: { tls: "never" } } }
      expectRefused(at, header(role, { from: `${addresses[say.otherRole(role)]}/elsewhere` }), "invalid-from")
      expectAccepted(at, header(role, { from: peer }))
      expectAccepted(at, header(role))
    }
  )

  rowFor("7.1.11", "LIM-01 ERR-36", atRecipient, (at) => {
    expectRefused(at, { ...header(at.role), overloaded: true }, "resource-constraint")
  })

  rowFor("7.1.11", "an initiator does not mind", atInitiator, (at) => {
    expectAccepted(at, { ...header(at.role), overloaded: true })
  })

  const needed = "send stream:error(streams:policy-violation streams:text[lang=en]('A certificate is needed here.'))"
  const unmet: ReadonlyArray<readonly [name: string, state: () => ReturnType<typeof secured>, from?: string]> = [
    ["nobody is authorised", () => secured({ authorised: [] }), addresses.initiator],
    ["nobody is authorised, nobody named", () => secured({ authorised: [] })],
    [
      "SASL is required and nobody authorised",
      () => secured({ authorised: [] }, { sasl: "required", authenticatePeer: false })
    ],
    [
      "no SASL, and several identities to choose from",
      () => secured({ authorised: ["nadia@harbor.example", "office@harbor.example"] }, { sasl: "never" })
    ]
  ]
  rowFor("7.1.12", "SASL-40 ERR-33", unmet.map((each) => [each[0], each] as const), ([, state, from]) => {
    const next = expectMove(state(), header("recipient", { from }), {
      label: "Closing.AwaitingFooter",
      actions: ["send header", needed, "send footer", "report SentError policy-violation"],
      cause: "authenticationRequired"
    })
    expect(next).toMatchObject({ reason: { detail: "A certificate is needed here." } })
  })
})

describe("HDR-04 HDR-05 HDR-06 several faults in one header", () => {
  /** In the order of the table; the ledger has policy before resources (see 7.1.11, 7.1.12). */
  const faults: ReadonlyArray<
    readonly [condition: string, spoil: (event: ReturnType<typeof header>) => ReturnType<typeof header>]
  > = [
    ["invalid-namespace", (event) => ({ ...event, tag: { ...event.tag, namespace: "urn:x" } })],
    ["bad-format", (event) => ({ ...event, tag: { ...event.tag, name: "flow" } })],
    ["bad-namespace-prefix", (event) => ({ ...event, tag: { ...event.tag, prefix: "s" } })],
    ["invalid-namespace", (event) => ({ ...event, tag: { ...event.tag, ...defaultNamespace("urn:x") } })],
    ["unsupported-version", (event) => withAttribute(event, "version", "one")],
    ["host-unknown", (event) => withAttribute(event, "to", "@@")],
    ["invalid-from", (event) => withAttribute(event, "from", "@@")],
    ["resource-constraint", (event) => ({ ...event, overloaded: true })]
  ]

  const withAttribute = (event: ReturnType<typeof header>, name: string, value: string) => ({
    ...event,
    tag: {
      ...event.tag,
      attributes: event.tag.attributes.map((each) => each.name === name ? { ...each, value } : each)
    }
  })

  it("HDR-04 the first of any two decides", () => {
    const state = awaitingHeader("recipient", "clear", { policy: { strictStreamPrefix: true } })
    let pairs = 0
    for (const [at, [condition, spoil]] of faults.entries()) {
      for (const [, spoilToo] of faults.slice(at + 1)) {
        pairs += 1
        expectMove(state, spoil(spoilToo(header("recipient"))), {
          label: "Closing.AwaitingFooter",
          actions: ["send header", ...err(condition)]
        })
      }
    }
    expect(pairs).toBe(28)
  })

  it("HDR-05 HDR-06 attributes with a namespace are no attributes of the header", () => {
    const strange = ["to", "from", "id", "version"].map((name) => ({ name, namespace: "urn:x", value: "@@" }))
    const event = header("initiator")
    const spoilt = { ...event, tag: { ...event.tag, attributes: [...strange, ...event.tag.attributes] } }
    const state = awaitingHeader("initiator", "clear")
    expect(play(state, spoilt)).toEqual(play(state, event))
    const only = { ...event, tag: { ...event.tag, attributes: strange } }
    expectMove(state, only, {
      label: "Closing.AwaitingFooter",
      actions: [...err("unsupported-version")]
    })
  })

  it("HDR-24 HDR-25 an id belongs to the response alone", () => {
    const state = awaitingHeader("recipient", "clear")
    const event = header("recipient")
    const named = withId(event, "chosen-by-the-initiator")
    expect(play(state, named)).toEqual(play(state, event))
    expectMove(awaitingHeader("initiator", "clear"), header("initiator", { id: undefined }), {
      label: "Initiating.AwaitingFeatures",
      actions: ["report Diagnostic missingId"]
    })
  })

  const withId = (event: ReturnType<typeof header>, id: string) => ({
    ...event,
    tag: { ...event.tag, attributes: [...event.tag.attributes, { name: "id", value: id }] }
  })

  it("HDR-26 the same id inside TLS twice is noted, or refused by policy", () => {
    const twice = (strictIds: boolean) => {
      const sasl = say.says(say.features(say.mechanisms("EXTERNAL")))
      const state = play(awaitingFeatures("tls", { policy: { strictIds } }), sasl, say.says(say.sasl("success")))
      return [state, header("initiator", { id: "id-tls" })] as const
    }
    expectMove(...twice(false), { label: "Initiating.AwaitingFeatures", actions: ["report Diagnostic repeatedId"] })
    expectMove(...twice(true), {
      label: "Closing.AwaitingFooter",
      actions: err("policy-violation"),
      cause: "misbehaved"
    })
  })
})
