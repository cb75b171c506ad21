import type { Fault } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import type { State } from "../src/State.ts"
import { label } from "../src/State.ts"
import type { Timer } from "../src/Timer.ts"
import { common, commonCondition, places, placesWhere } from "./places.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { dormant, err, established, expectIgnored, expectMove, play, pureStep, told } from "./walking.ts"

const timers: ReadonlyArray<Timer> = [
  "negotiation",
  "step",
  "verdict",
  "commit",
  "keepalive",
  "idle",
  "pong",
  "certificate",
  "acknowledgement",
  "close",
  "drain",
  "end"
]

const isHeader = (name: string): boolean => name.includes(".Header")
const negotiating = placesWhere(({ is }) => is === "negotiation")
const speaking = placesWhere(({ is, out }) => (is === "negotiation" || is === "open") && out === "open")
const resumable = (name: string): string => name.startsWith("Open(managed)") ? ", resumable session-new" : ""

/** END-16: an initiator's last word on stream management. */
const lastWord = (name: string): ReadonlyArray<string> => name === "Open(managed), I" ? ["send sm:a[h=0]"] : []

table("8.0", () => {
  rowFor("8.0.1", "P-09", places, ({ state }) => {
    for (const timer of timers) {
      const running = state.timers.find((each) => each.timer === timer)
      for (const generation of [0, 999, ...(running === undefined ? [state.generation] : [running.generation - 1])]) {
        expectIgnored(state, { _tag: "TimerFired", timer, generation })
      }
    }
  })

  const beyondEnd = placesWhere(({ is }) => is !== "idle" && is !== "end" && is !== "done")
  rowFor("8.0.2", "", beyondEnd, ({ is, state }) => {
    const timer = is === "footer" || is === "drain" ? "keepalive" : is === "open" ? "commit" : "pong"
    const generation = state.generation + 1
    const running: State = { ...state, timers: [...state.timers, { timer, generation }], generation }
    const next = expectMove(running, { _tag: "TimerFired", timer, generation }, {
      label: label(state),
      actions: ["report Diagnostic unexpectedTimer"],
      timers: []
    })
    expect(next).toEqual({ ...state, generation })
  })

  const timed = placesWhere(({ is }, name) => (is === "negotiation" || is === "tls") && !name.endsWith("Header(tls)"))
  rowFor("8.0.3", "TIME-07 TIME-13", timed, ({ state }, name) => {
    const step = name === "R.May" ? "commit" : "step"
    const [byStep, stepActions] = pureStep(state, say.fires(state, step))
    const [byWhole, wholeActions] = pureStep(state, say.fires(state, "negotiation"))
    expect(label(byWhole)).toBe(label(byStep))
    const said = (actions: typeof stepActions) => actions.map(told).filter((each) => !/^[-+]/.test(each))
    expect(said(wholeActions)).toEqual(said(stepActions))
  })

  row("8.0.3", "TIME-13 the whole time does not run while somebody may be asked, nor when all is said", () => {
    const running = placesWhere(({ state }) => state.timers.some(({ timer }) => timer === "negotiation"))
    expect(running.map(([name]) => name)).toEqual(timed.map(([name]) => name))
  })

  rowFor("8.0.4", "TIME-08 END-07", speaking.filter(([name]) => !isHeader(name)), ({ state }, name) => {
    expectMove(state, say.lost, {
      label: "Closed",
      actions: [`report Ended transportLost unclean${resumable(name)}`, "DropTransport"],
      cause: "transportLost"
    })
  })

  rowFor("8.0.5", "END-07 END-12", speaking.filter(([name]) => !isHeader(name)), ({ state }) => {
    const next = expectMove(state, say.ended, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput", "EndTransport"],
      cause: "truncated"
    })
    expect(next).toMatchObject({ at: { clean: false, ended: true }, timers: [{ timer: "end" }] })
  })

  const abortable = placesWhere(({ is }) => ["negotiation", "tls", "verdict", "open"].includes(is))
  rowFor("8.0.6", "END-15", abortable, ({ state }, name) => {
    expectMove(state, say.abort, {
      label: "Closed",
      actions: ["StopInput", `report Ended aborted unclean${resumable(name)}`, "DropTransport"],
      cause: "aborted"
    })
  })

  rowFor("8.0.7", "E2E-17 END-01 END-13 END-14 END-16 END-21", abortable, ({ is, out, state }, name) => {
    if (name === "I.Proceed" || is === "verdict") {
      expectMove(state, say.close, {
        label: "Closing.AwaitingEnd",
        actions: ["StopInput", "EndTransport"],
        cause: "aborted"
      })
    } else if (is === "tls") {
      expectMove(state, say.close, {
        label: "Closed",
        actions: ["StopInput", "report Ended aborted unclean", "DropTransport"]
      })
    } else if (out === "open") {
      const next = expectMove(state, say.close, {
        label: "Closing.AwaitingFooter",
        actions: [...lastWord(name), "send footer"],
        cause: "closedBySelf"
      })
      expect(next).toMatchObject({ at: { failed: false }, timers: [{ timer: "close" }] })
    } else {
      expectMove(state, say.close, {
        label: "Closing.AwaitingEnd",
        actions: ["StopInput", "EndTransport"],
        cause: "closedBeforeStream"
      })
    }
  })

  const conditions = [
    "system-shutdown",
    "reset",
    "conflict",
    "resource-constraint",
    "internal-server-error",
    "policy-violation"
  ] as const
  rowFor("8.0.8", "ERR-01 ERR-22 ERR-27 ERR-35 ERR-36 ERR-39 FEAT-15", abortable, ({ is, out, state }) => {
    if (is === "verdict") {
      expectMove(state, say.failWith(), {
        label: "Closing.AwaitingEnd",
        actions: ["StopInput", "EndTransport"],
        cause: "aborted"
      })
    } else if (is === "tls") {
      expectMove(state, say.failWith(), {
        label: "Closed",
        actions: ["StopInput", "report Ended aborted unclean", "DropTransport"]
      })
    } else if (out === "open") {
      for (const condition of conditions) {
        const next = expectMove(state, say.failWith(condition), {
          label: "Closing.AwaitingFooter",
          actions: err(condition),
          cause: "failedBySelf"
        })
        expect(next).toMatchObject({ at: { failed: true }, timers: [{ timer: "close" }], reason: { condition } })
      }
    } else {
      expectMove(state, say.failWith(), {
        label: "Closing.AwaitingEnd",
        actions: ["StopInput", "EndTransport"],
        cause: "failedBySelf"
      })
    }
  })

  row("8.0.8", "ERR-38 ERR-50 LANG-06 with the host and the text that our side gives", () => {
    const event: Event = {
      _tag: "FailRequested",
      condition: "see-other-host",
      host: "[2001:db8::5]:5299",
      text: "moved"
    }
    const told = "send stream:error(streams:see-other-host('[2001:db8::5]:5299') streams:text[lang=de]('moved'))"
    const next = expectMove(established("recipient", "tls", { lang: "de" }), event, {
      label: "Closing.AwaitingFooter",
      actions: [told, "send footer", "report SentError see-other-host"]
    })
    expect(next).toMatchObject({ reason: { cause: "failedBySelf", detail: "moved" } })
    const silent = play(established("recipient"), say.failWith())
    expect("reason" in silent && silent.reason).not.toHaveProperty("detail")
  })

  const waiting = placesWhere(({ is }) => ["idle", "negotiation", "tls", "verdict"].includes(is))
  rowFor("8.0.9", "STZ-23 STZ-19 FEAT-05 FEAT-18", waiting, ({ state }) => {
    const one = expectMove(state, say.send(1), { label: label(state), actions: [], timers: [] })
    const two = expectMove(one, say.send(2), { label: label(state), actions: [], timers: [] })
    expect("held" in two && two.held.map(({ request }) => request)).toEqual([1, 2])
    expectIgnored(two, say.send(3, say.foreign("parcel")), ["refuse notAStanza #3"])
    const limits = { ...state.config.limits, heldStanzasMax: 2 }
    expectIgnored({ ...two, config: { ...two.config, limits } }, say.send(3), ["refuse queueFull #3"])
  })

  row("8.0.9", "STZ-23 by default 256 stanzas or 1 MiB", () => {
    const full = play(dormant("initiator"), ...Array.from({ length: 256 }, (_, at) => say.send(at)))
    expectIgnored(full, say.send(256), ["refuse queueFull #256"])
    const large = (length: number) => say.stanza("message", { id: "x" }, ["y".repeat(length)])
    expectIgnored(dormant("initiator"), say.send(0, large(1_048_576)), ["refuse queueFull #0"])
    const half = play(dormant("initiator"), say.send(0, large(600_000)))
    expectIgnored(half, say.send(1, large(600_000)), ["refuse queueFull #1"])
    expectMove(half, say.send(1, large(400_000)), { label: "Dormant", actions: [] })
  })

  rowFor("8.0.9", "STZ-20", placesWhere(({ is }) => is === "footer" || is === "end" || is === "done"), ({ state }) => {
    expectIgnored(state, say.send(1), ["refuse closed #1"])
  })

  const deaf = placesWhere(({ is }, name) => !["idle", "tls", "verdict"].includes(is) && name !== "I.Proceed")
  rowFor("8.0.10", "XML-14 SASL-13", deaf, ({ state }) => {
    expectIgnored(state, say.whitespace)
  })

  rowFor("8.0.11", "HDR-33 ERR-20", speaking.filter(([name]) => !isHeader(name)), ({ role, state }) => {
    expectMove(state, say.header(role), { label: "Closing.AwaitingFooter", actions: err("bad-format") })
  })
  rowFor("8.0.11", "", placesWhere(({ is }) => is === "idle" || is === "tls"), ({ role, state }) => {
    expectIgnored(state, say.header(role), ["report Diagnostic unexpectedEvent"])
  })

  const words: ReadonlyArray<readonly [name: string, event: Event]> = [
    ["TlsEstablished", say.tlsUp],
    ["TlsFailed", say.tlsFailed],
    ["PeerJudged", say.judged("recipient")],
    ["ResumptionJudged", { _tag: "ResumptionJudged", resumption: say.resumption("recipient") }]
  ]
  const alive = placesWhere(({ is }) => is !== "end" && is !== "done")
  rowFor("8.0.12", "P-14", alive, ({ is, state }) => {
    const awaited = is === "tls" ? ["TlsEstablished", "TlsFailed"] : is === "verdict" ? ["PeerJudged"] : []
    for (const [name, event] of words) {
      if (!awaited.includes(name)) expectIgnored(state, event, ["report Diagnostic unexpectedEvent"])
    }
  })

  rowFor("8.0.13", "", alive.filter(([, { is }]) => is !== "idle"), ({ state }) => {
    expectIgnored(state, say.opened, ["report Diagnostic unexpectedEvent"])
  })

  rowFor(
    "8.0.14",
    "SM-02",
    placesWhere(({ is }) => ["idle", "negotiation", "tls", "verdict", "drain"].includes(is)),
    ({ state }) => {
      for (const [, event] of say.commands) expectIgnored(state, event, ["refuse notOpen"])
    }
  )

  const faults: ReadonlyArray<readonly [kind: Fault.FaultKind, said: string, condition: string]> = [
    ["notWellFormed", "streams:not-well-formed", "not-well-formed"],
    ["restricted", "streams:restricted-xml", "restricted-xml"],
    ["encoding", "streams:unsupported-encoding", "unsupported-encoding"],
    ["xmlVersion", "streams:bad-format", "bad-format"],
    ["textAtRoot", "streams:bad-format", "bad-format"],
    ["nestedRoot", "streams:bad-format", "bad-format"],
    ["tooDeep", "streams:policy-violation", "policy-violation"],
    ["headerTooBig", "streams:policy-violation", "policy-violation"],
    ["tooManyAttributes", "streams:policy-violation", "policy-violation"],
    ["elementTooBig", "streams:policy-violation community:stanza-too-big", "policy-violation"]
  ]
  const readers = placesWhere(({ is, out }, name) =>
    (is === "negotiation" || is === "open") && (out === "open" || isHeader(name))
  )
  rowFor(
    "8.0.15",
    "ERR-20 ERR-32 ERR-37 ERR-41 XML-01…04 XML-07 XML-08 XML-09 XML-12 XML-17 XML-18 STZ-22 END-20 LIM-02",
    readers,
    ({ state }, name) => {
      for (const [kind, said, condition] of faults) {
        const next = expectMove(state, say.rejected(kind), {
          label: "Closing.AwaitingEnd",
          actions: [
            ...(name.startsWith("R.Header") ? ["send header"] : []),
            `send stream:error(${said})`,
            "send footer",
            "StopInput",
            `report SentError ${condition}`,
            "EndTransport"
          ],
          cause: "misbehaved"
        })
        expect(next).toMatchObject({ at: { clean: false, ended: true }, timers: [{ timer: "end" }] })
      }
    }
  )

  rowFor("8.0.16", "E2E-18 END-04 END-18", speaking.filter(([name]) => !isHeader(name)), ({ is, state }, name) => {
    const cause = is === "open"
      ? "closedByPeer"
      : name === "I.Proceed"
      ? "tlsRefused"
      : name.startsWith("I.Sasl")
      ? "authenticationFailed"
      : name === "I.Abort"
      ? "authenticationAborted"
      : "refusedByPeer"
    const next = expectMove(state, say.footer, {
      label: "Closing.AwaitingEnd",
      actions: ["send footer", "StopInput"],
      cause
    })
    expect(next).toMatchObject({ at: { clean: true, ended: false }, timers: [{ timer: "end" }] })
  })
  rowFor("8.0.16", "", placesWhere(({ is }, name) => isHeader(name) || is === "idle" || is === "tls"), ({ state }) => {
    expectIgnored(state, say.footer, ["report Diagnostic unexpectedEvent"])
  })
})

describe("elements with the same answer wherever nothing special is said", () => {
  const hearing = speaking.filter(([name]) => !isHeader(name))

  it.each(hearing)("NS-05 NS-06 NS-07 NS-08 NS-11 AMB-27 ERR-21 ERR-29 ERR-43 %s", (_, { state }) => {
    for (const [name, [element, more]] of common) {
      const condition = commonCondition[name]
      if (condition === undefined) expectIgnored(state, say.says(element, more), ["report Diagnostic unknownElement"])
      else expectMove(state, say.says(element, more), { label: "Closing.AwaitingFooter", actions: err(condition) })
    }
  })

  it.each(hearing)("NS-07 ERR-43 unknownElement=close, %s", (_, { state }) => {
    const config = { ...state.config, policy: { ...state.config.policy, unknownElement: "close" as const } }
    for (const element of [say.foreign("message"), say.foreign("parcel")]) {
      expectMove({ ...state, config }, say.says(element), {
        label: "Closing.AwaitingFooter",
        actions: err("unsupported-stanza-type")
      })
    }
  })

  it.each(hearing)("ERR-02 ERR-05 ERR-13 a stream error is told and answered with the footer, %s", (_, { state }) => {
    const next = expectMove(state, say.says(say.streamError("conflict")), {
      label: "Closing.AwaitingFooter",
      actions: ["send footer", "report PeerError conflict"],
      cause: "reported"
    })
    expect(next).toMatchObject({
      at: { failed: true },
      timers: [{ timer: "close" }],
      reason: { condition: "conflict" }
    })
    expectMove(state, say.says(say.streamError("see-other-host", [" [2001:db8::5]:5299 "])), {
      label: "Closing.AwaitingFooter",
      actions: ["send footer", "report PeerError see-other-host", "report Redirected"]
    })
  })

  it.each(negotiating.filter(([name]) => isHeader(name)))("none can come before a header, %s", (_, { state }) => {
    for (const element of [say.message("m1"), say.streamError("conflict"), say.tls("starttls"), say.features()]) {
      expectIgnored(state, say.says(element), ["report Diagnostic unexpectedElement"])
    }
  })

  it.each(negotiating.filter(([name]) => !isHeader(name) && name !== "R.May"))(
    "FEAT-12 FEAT-13 LIM-04 ERR-10 ERR-31 P-02 a stanza before completion is not delivered, %s",
    (_, { state }) => {
      for (const element of [say.message("m1"), say.stanza("presence"), say.iq({ type: "get", id: "q" }, say.ping)]) {
        expectMove(state, say.says(element), { label: "Closing.AwaitingFooter", actions: err("not-authorized") })
      }
    }
  )
})
