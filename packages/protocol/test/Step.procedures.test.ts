import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import type { StreamHeader } from "../src/Header.ts"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import { placesWhere } from "./places.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, header, roles, says, send } from "./speaking.ts"
import {
  awaitingChoice,
  awaitingFooter,
  awaitingHeader,
  awaitingSasl,
  awaitingTls,
  awaitingVerdict,
  dormant,
  draining,
  err,
  established,
  expectIgnored,
  expectMove,
  type Input,
  managed,
  type Phase,
  play,
  pureStep,
  xml
} from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)
const phases: ReadonlyArray<readonly [string, Phase]> = [["clear", "clear"], ["tls", "tls"], ["auth", "auth"]]

const headerOf = (state: State, event: Event): StreamHeader | undefined =>
  pureStep(state, event)[1].flatMap((each) => each._tag === "SendHeader" ? [each.header] : [])[0]

/** The step that sends the initiator's header of each phase. */
const before = (phase: Phase, input?: Input): readonly [State, Event] =>
  phase === "clear"
    ? [dormant("initiator", input), say.opened]
    : phase === "tls"
    ? [awaitingVerdict("initiator", input), say.judged("initiator")]
    : [awaitingSasl(input), says(say.sasl("success"))]

const answer = (phase: Phase, attributes: Parameters<typeof header>[1], input?: Input) =>
  headerOf(awaitingHeader("recipient", phase, input), { ...header("recipient", attributes), freshId: "drawn" })

table("7", () => {
  rowFor("7.HDR", "E2E-03 E2E-05 E2E-06 HDR-08 HDR-09 HDR-24 HDR-28 LANG-01 VER-01 NS-02", phases, (phase) => {
    const input = { self: "nadia@harbor.example/deck", peer: "teo@quarry.example/shed", lang: "de" }
    expect(headerOf(...before(phase, input))).toEqual({
      to: addresses.recipient,
      from: addresses.initiator,
      version: "1.0",
      lang: "de",
      contentNamespace: Namespace.client
    })
  })

  row("7.HDR", "HDR-09 an initiator may hide until TLS is there", () => {
    const hidden = { policy: { hideFromBeforeTls: true } }
    expect(headerOf(...before("clear", hidden))).not.toHaveProperty("from")
    expect(headerOf(...before("tls", hidden))?.from).toBe(addresses.initiator)
    expect(headerOf(...before("clear", { policy: { hideFromBeforeTls: true, tls: "never" } }))?.from).toBe(
      addresses.initiator
    )
  })

  rowFor("7.HDR", "E2E-07 HDR-12 HDR-13 HDR-17 HDR-23 VER-03 LANG-02 P-12", phases, (phase) => {
    expect(answer(phase, { from: `${addresses.initiator}/deck` })).toEqual({
      to: addresses.initiator,
      from: addresses.recipient,
      id: "drawn",
      version: "1.0",
      lang: "en",
      contentNamespace: Namespace.client
    })
    expect(answer(phase, { version: "1.7" })?.version).toBe("1.0")
    expect(answer(phase, { version: "11.0" })?.version).toBe("1.0")
    expect(answer(phase, { version: undefined })).not.toHaveProperty("version")
    expect(answer(phase, { to: undefined })?.from).toBe(addresses.recipient)
    expect(answer(phase, { to: "ursula@quarry.example" })?.from).toBe(addresses.recipient)
    expect(answer(phase, { from: undefined })).not.toHaveProperty("to")
    expect(answer(phase, { from: "@@" })).not.toHaveProperty("to")
  })

  row("7.HDR", "HDR-12 HDR-14 from is the address that was asked for, when it is ours", () => {
    const input = { aliases: ["attic@quarry.example"] }
    expect(answer("clear", { to: "attic@quarry.example/x" }, input)?.from).toBe("attic@quarry.example")
    expect(answer("clear", { to: "cellar@quarry.example" }, input)?.from).toBe(addresses.recipient)
  })

  row("7.HDR", "LANG-02 LANG-03 the language is looked up", () => {
    const lang = (wanted: string, input: Input) => {
      const event = header("recipient")
      const tag = {
        ...event.tag,
        attributes: event.tag.attributes.map((each) => each.name === "lang" ? { ...each, value: wanted } : each)
      }
      return headerOf(awaitingHeader("recipient", "clear", input), { ...event, tag })?.lang
    }
    const input = { lang: "en", languages: ["de", "pt-BR"] }
    expect(["de-CH-1996", "PT-br", "pt", "fr", "EN-gb", "x y", ""].map((each) => lang(each, input)))
      .toEqual(["de", "pt-BR", "en", "en", "en", "en", "en"])
  })

  rowFor("7.ERR", "ERR-01 HDR-03 P-05", byRole, (role) => {
    for (const phase of phases.map(([name]) => name as Phase)) {
      const next = expectMove(established(role, phase), say.failWith(), {
        label: "Closing.AwaitingFooter",
        actions: err("system-shutdown"),
        timers: ["-keepalive", "+close 5000"]
      })
      expect(next).toMatchObject({ at: { failed: true } })
    }
    expectMove(draining(role), say.failWith(), {
      label: "Closing.AwaitingEnd",
      actions: err("system-shutdown"),
      timers: ["-drain", "+end 3000"]
    })
  })

  rowFor("7.BAD", "END-20 ERR-01 AMB-30", byRole, (role) => {
    expectMove(established(role), say.rejected("elementTooBig"), {
      label: "Closing.AwaitingEnd",
      actions: [
        "send stream:error(streams:policy-violation community:stanza-too-big)",
        "send footer",
        "StopInput",
        "report SentError policy-violation",
        "EndTransport"
      ],
      timers: ["-keepalive", "+end 3000"]
    })
  })

  row("7.CLOSE", "END-16 P-04", () => {
    const wanted = { label: "Closing.AwaitingFooter", timers: ["-keepalive", "+close 5000"] }
    expectMove(established("initiator"), say.close, { ...wanted, actions: ["send footer"] })
    expectMove(managed("initiator"), say.close, { ...wanted, actions: ["send sm:a[h=0]", "send footer"] })
    expectMove(managed("recipient"), say.close, { ...wanted, actions: ["send footer"] })
  })

  rowFor("7.REPLYCLOSE", "END-04 END-08 P-05", byRole, (role) => {
    const next = expectMove(established(role), say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      timers: ["-keepalive", "+end 3000"]
    })
    expectMove(next, say.ended, { label: "Closing.AwaitingEnd", actions: ["EndTransport"], timers: [] })
  })

  rowFor("7.BOTH", "END-08 END-09 END-11", byRole, (role) => {
    expectMove(awaitingFooter(role, false), say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-close", "+end 3000"]
    })
  })

  rowFor("7.LEAVE", "END-13", byRole, (role) => {
    const next = expectMove(awaitingVerdict(role), say.close, {
      label: "Closing.AwaitingEnd",
      actions: ["StopInput", "EndTransport"],
      timers: ["-verdict", "+end 3000"]
    })
    expect(next).toMatchObject({ at: { clean: false, ended: true } })
  })

  rowFor("7.CUT", "END-12", byRole, (role) => {
    const next = expectMove(established(role), say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput", "EndTransport"],
      timers: ["-keepalive", "+end 3000"]
    })
    expect(next).toMatchObject({ at: { clean: false, ended: true } })
  })

  rowFor("7.DROP", "END-15 P-11 P-15", byRole, (role) => {
    expectMove(play(awaitingTls(role), send(4)), say.tlsFailed, {
      label: "Closed",
      actions: ["StopInput", "report Ended tlsFailed unclean, unsent 4", "DropTransport"],
      timers: ["-negotiation", "-step"]
    })
  })

  rowFor("7.FIN", "P-10 P-11 P-15", byRole, (role) => {
    expectMove(play(awaitingHeader(role, "auth"), send(4), send(5)), say.lost, {
      label: "Closed",
      actions: ["report Ended peerGone unclean, unsent 4 5", "DropTransport"],
      timers: ["-negotiation", "-step"]
    })
  })

  row("7.RESTART", "HDR-27 HDR-28 SASL-28 SASL-29 NS-12", () => {
    expectMove(...before("tls"), { label: "Initiating.AwaitingHeader", actions: ["send header", "report TlsOn"] })
    expectMove(...before("auth"), { label: "Initiating.AwaitingHeader", actions: ["send header", "RestartInput"] })
    expectMove(awaitingVerdict("recipient"), say.judged("recipient"), {
      label: "Responding.AwaitingHeader",
      actions: ["report TlsOn"]
    })
    expectMove(awaitingChoice("tls"), says(say.auth("=")), {
      label: "Responding.AwaitingHeader",
      actions: ["send sasl:success", "RestartInput"],
      timers: ["+step 15000"]
    })
  })

  rowFor("7.TLSUP", "TLS-20 TLS-21 TIME-13", byRole, (role) => {
    const next = expectMove(awaitingTls(role), say.tlsUp, {
      label: role === "initiator" ? "Initiating.AwaitingVerdict" : "Responding.AwaitingVerdict",
      actions: ["RestartInput", "JudgePeer"],
      timers: ["-negotiation", "-step", "+verdict 120000"]
    })
    expect(next).toMatchObject({ at: { facts: say.facts, deferred: [] } })
    expect(JSON.stringify(next)).not.toContain("id-of-the-peer")
  })

  row("7.OPEN", "FEAT-16 STZ-19 STZ-23 SM-03 TIME-12 P-15", () => {
    const input: Input = {
      policy: { sasl: "never" },
      management: { use: true, resumableSeconds: 60 },
      timeouts: { idleMillis: 600_000 }
    }
    const ready = play(
      awaitingVerdict("initiator", input),
      say.judged("initiator", { expiresIn: 86_400_000 }),
      header("initiator"),
      send(1),
      send(2)
    )
    const next = expectMove(ready, says(say.features(say.sm("sm"))), {
      label: "Established",
      actions: ["send sm:enable[resume=true]", "send message m1 #1", "send message m2 #2", "report Negotiated"],
      timers: ["-negotiation", "-step", "+keepalive 300000", "+idle 600000"]
    })
    expect(next.timers.map(({ timer }) => timer)).toEqual(["keepalive", "idle", "certificate"])
  })

  rowFor("7.OPEN", "HDR-15 FEAT-17 P-14 SASL-46 who the peer is", byRole, (role) => {
    const peer = addresses[say.otherRole(role)]
    const known = phases.map(([, phase]) => {
      const state = established(role, phase)
      return state._tag === "Established" ? state.admission : undefined
    })
    const proven = role === "initiator" ? "certificate" : "sasl"
    expect(known).toMatchObject([
      { secured: false, peer: { address: peer, how: "announced", verified: false } },
      { secured: true, peer: { address: peer, how: "certificate", verified: true } },
      { secured: true, peer: { address: peer, how: proven, verified: true } }
    ])
  })

  row("7.OPEN", "HDR-15 E2E-09 a recipient in clear wants its peer", () => {
    const state = awaitingHeader("recipient", "clear", { peer: addresses.initiator, policy: { tls: "never" } })
    expect(play(state, header("recipient"))._tag).toBe("Established")
    expect(play(state, header("recipient", { from: undefined }))._tag).toBe("Established")
    expectMove(state, header("recipient", { from: "rita@harbor.example" }), {
      label: "Closing.AwaitingFooter",
      actions: ["send header", ...err("invalid-from")]
    })
  })

  row("7.OPEN", "SASL-40 CERT-04 nobody comes in without an admission", () => {
    const unproven = play(
      awaitingVerdict("initiator"),
      say.judged("initiator", { strength: "none" }),
      header("initiator")
    )
    expectMove(unproven, says(say.features()), {
      label: "Closing.AwaitingFooter",
      actions: err("policy-violation"),
      cause: "authenticationRequired"
    })
  })

  rowFor("7.DIAG", "", placesWhere(({ is }) => is === "negotiation" || is === "open"), ({ state }) => {
    expectIgnored(state, say.opened, ["report Diagnostic unexpectedEvent"])
  })

  rowFor("7.STZ", "STZ-19", byRole, (role) => {
    expectMove(established(role), says(say.message("a")), {
      label: "Established",
      actions: ["deliver message a"],
      timers: []
    })
    expectMove(established(role), says(say.message("a", { to: "x@y.example" })), {
      label: "Established",
      actions: ["send message[type=error id=a from=x@y.example](error[type=cancel](stanzas:service-unavailable))"]
    })
    expectMove(established(role), says(say.message("a", { from: "x@y.example" })), {
      label: "Closing.AwaitingFooter",
      actions: err("invalid-from")
    })
  })
})

describe("elements that we write", () => {
  it("TLS-07 SASL-10 SASL-27 are exactly those of the protocols", () => {
    const written = [
      pureStep(awaitingHeader("initiator", "clear"), header("initiator"))[0],
      awaitingChoice("clear")
    ].flatMap((state) =>
      pureStep(
        state,
        state._tag === "Initiating" ? says(say.features(say.starttlsRequired)) : says(say.tls("starttls"))
      )[1]
    )
    expect(written.flatMap((each) => each._tag === "SendElement" ? [xml(each.element)] : [])).toEqual([
      "tls:starttls",
      "tls:proceed"
    ])
  })
})
