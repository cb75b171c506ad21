import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import type { Event } from "../src/Event.ts"
import * as Namespace from "../src/Namespace.ts"
import type { State } from "../src/State.ts"
import { row, rowFor, table } from "./rows.ts"
import * as say from "./speaking.ts"
import { addresses, iq, message, ping, roles, says, send, stanza } from "./speaking.ts"
import {
  awaitingVerdict,
  dormant,
  err,
  established,
  expectIgnored,
  expectMove,
  frozen,
  play,
  pureStep,
  xml
} from "./walking.ts"

const byRole = roles.map((role) => [role, role] as const)
const open = "Established"
const failed = "Closing.AwaitingFooter"
const peerOf = (role: say.Role): string => addresses[say.otherRole(role)]

/** Nobody proved or said who the initiator is. */
const unknownPeer = (): State =>
  play(
    awaitingVerdict("recipient", { policy: { authenticatePeer: false } }),
    say.judged("recipient", { authorised: [] }),
    say.header("recipient", { from: undefined })
  )

const announcedPeer = (role: say.Role): State => established(role, "clear")

const expectDelivered = (state: State, element: Element.Element, from: string | undefined, to: string) => {
  const [, actions] = pureStep(state, says(element))
  expect(actions.filter(({ _tag }) => _tag === "Deliver")).toEqual([
    { _tag: "Deliver", stanza: element, delivery: { ...(from === undefined ? {} : { from }), to, canReply: true } }
  ])
}

const expectReply = (state: State, event: Event, reply: string) =>
  expectMove(state, event, { label: open, actions: [`send ${reply}`], timers: ["+keepalive 300000"] })

const expectDropped = (state: State, element: Element.Element, about = "droppedStanza") =>
  expectMove(state, says(element), { label: open, actions: [`report Diagnostic ${about}`], timers: [] })

const wrong = (...children: ReadonlyArray<string>): string =>
  `(error[type=modify](${children.map((each) => `stanzas:${each}`)}))`

table("9", () => {
  rowFor("9.1", "NS-10 ERR-29 AMB-13", byRole, (role) => {
    for (const element of [message("a"), stanza("presence"), iq({ type: "result", id: "x" })]) {
      expectMove(established(role), says(element, { headerPrefixed: true }), {
        label: failed,
        actions: err("invalid-namespace")
      })
    }
  })

  rowFor("9.2", "STZ-08 ERR-28", byRole, (role) => {
    for (const state of [established(role), announcedPeer(role), unknownPeer()]) {
      for (const from of ["@@", "", "a@b/"]) {
        expectMove(state, says(message("a", { from })), { label: failed, actions: err("invalid-from") })
      }
    }
  })

  rowFor("9.3", "STZ-05 ERR-28 AMB-23", byRole, (role) => {
    for (const phase of ["tls", "auth"] as const) {
      const state = established(role, phase)
      for (const from of ["rita@harbor.example", "harbor.example", addresses[role]]) {
        expectMove(state, says(message("a", { from })), {
          label: failed,
          actions: err("invalid-from"),
          cause: "misbehaved"
        })
      }
      const own = `${peerOf(role).toUpperCase()}/deck`
      expectDelivered(state, message("a", { from: own }), own, addresses[role])
    }
  })

  row("9.3", "CERT-09 STZ-05 the name we dialled is as good as the proven one", () => {
    const state = play(
      awaitingVerdict("initiator", { policy: { sasl: "never" } }),
      say.judged("initiator", { identity: "teo@office.example" }),
      say.header("initiator"),
      says(say.features())
    )
    for (const from of ["teo@office.example", addresses.recipient]) {
      expectDelivered(state, message("a", { from }), from, addresses.initiator)
    }
    expectMove(state, says(message("a", { from: "rita@office.example" })), {
      label: failed,
      actions: err("invalid-from")
    })
  })

  rowFor("9.4", "STZ-06", byRole, (role) => {
    expectMove(announcedPeer(role), says(message("a", { from: "rita@harbor.example" })), {
      label: failed,
      actions: err("invalid-from")
    })
    expectDelivered(announcedPeer(role), message("a", { from: peerOf(role) }), peerOf(role), addresses[role])
  })

  rowFor("9.5", "STZ-09 SERR-01 SERR-05 SERR-06", byRole, (role) => {
    const state = established(role)
    const to = "@@"
    expectReply(state, says(message("a", { to })), `message[type=error id=a]${wrong("jid-malformed")}`)
    for (const type of ["get", "set"]) {
      expectReply(state, says(iq({ type, id: "q", to }, ping)), `iq[type=error id=q]${wrong("jid-malformed")}`)
    }
    for (
      const element of [
        message("a", { to, type: "error" }),
        stanza("presence", { to }),
        iq({ type: "result", id: "q", to }),
        iq({ type: "error", id: "q", to })
      ]
    ) {
      expectDropped(state, element)
    }
  })

  rowFor("9.6", "STZ-10 AMB-22 SERR-01 SERR-06 SERR-09 E2E-21", byRole, (role) => {
    const state = established(role)
    const from = peerOf(role)
    const to = "ursula@quarry.example"
    const unavailable = "(error[type=cancel](stanzas:service-unavailable))"
    expectReply(
      state,
      says(iq({ type: "get", id: "u5", from, to }, ping)),
      `iq[type=error id=u5 from=${to} to=${from}]${unavailable}`
    )
    expectReply(state, says(message("a", { to })), `message[type=error id=a from=${to}]${unavailable}`)
    expectReply(state, says(message("a", { to, type: "chat" })), `message[type=error id=a from=${to}]${unavailable}`)
    for (
      const element of [
        message("a", { to, type: "error" }),
        stanza("presence", { to }),
        iq({ type: "result", id: "q", to })
      ]
    ) {
      expectDropped(state, element)
    }
  })

  const bad: ReadonlyArray<readonly [name: string, element: Element.Element, id: string]> = [
    ["IQ-02 another type", iq({ type: "fetch", id: "u4" }, ping), "u4"],
    ["IQ-02 no type", iq({ id: "u4" }, ping), "u4"],
    ["IQ-02 IQ-01 neither type nor id", iq({}, ping), ""],
    ["IQ-01 get without id", iq({ type: "get" }, ping), ""],
    ["IQ-01 set without id", iq({ type: "set" }, ping), ""],
    ["IQ-05 get without child", iq({ type: "get", id: "u2" }), "u2"],
    ["IQ-05 set without child but text", iq({ type: "set", id: "u2" }, "words"), "u2"],
    ["IQ-05 get with two children", iq({ type: "get", id: "u3" }, ping, ping), "u3"]
  ]
  rowFor(
    "9.7",
    "IQ-01 IQ-02 IQ-05 STZ-11 SERR-01 SERR-02",
    bad.map((each) => [each[0], each] as const),
    ([, element, id]) => {
      for (const role of roles) {
        expectReply(established(role), says(element), `iq[type=error id=${id}]${wrong("bad-request")}`)
      }
    }
  )

  rowFor("9.8", "IQ-01 IQ-04 IQ-08 SERR-06", byRole, (role) => {
    for (const type of ["result", "error"]) {
      expectDropped(established(role), iq({ type, id: "never-asked" }), "unknownReply")
      expectDropped(established(role), iq({ type }), "unknownReply")
    }
  })

  rowFor("9.9", "IQ-04 IQ-06 IQ-07 IQ-08", byRole, (role) => {
    const asking = play(
      established(role),
      send(1, iq({ type: "get", id: "q1" }, say.discoInfo)),
      send(2, iq({ type: "set", id: "q2" }, say.discoInfo))
    )
    const replies = [
      iq({ type: "result", id: "q1" }, say.discoInfo),
      iq({ type: "result", id: "q1" }, ping, ping),
      iq({ type: "error", id: "q1" }, stanza("error", { type: "cancel" })),
      iq({ type: "error", id: "q1" })
    ]
    for (const reply of replies) {
      const next = expectMove(asking, says(reply), { label: open, actions: [`deliver ${xml(reply)}`], timers: [] })
      expect(next).toMatchObject({ session: { pending: ["q2"] } })
      expectDropped(next, reply, "unknownReply")
    }
  })

  rowFor("9.10", "STZ-02 STZ-03 FEAT-17 CERT-04", byRole, (role) => {
    const resource = `${addresses[role]}/shed`
    expectDelivered(established(role), message("a"), peerOf(role), addresses[role])
    expectDelivered(established(role), message("a", { to: resource }), peerOf(role), resource)
    expectDelivered(announcedPeer(role), message("a"), peerOf(role), addresses[role])
    const request = iq({ type: "get", id: "q" }, ping)
    expectDelivered(established(role), request, peerOf(role), addresses[role])
    // The same id may come again: it is the peer's.
    expectDelivered(play(established(role), says(request)), request, peerOf(role), addresses[role])
  })

  row("9.10", "STZ-07 a peer that never said who it is", () => {
    expectDelivered(unknownPeer(), message("a"), undefined, addresses.recipient)
    expectDelivered(unknownPeer(), message("a", { from: "rita@x.example" }), "rita@x.example", addresses.recipient)
  })

  row("9.10", "STZ-03 HDR-18 an alias that the initiator asked for is our address on this stream", () => {
    const alias = "attic@quarry.example"
    const state = play(
      awaitingVerdict("recipient", { aliases: [alias], policy: { sasl: "never" } }),
      say.judged("recipient"),
      say.header("recipient", { to: alias })
    )
    expectDelivered(state, message("a"), addresses.initiator, alias)
    expectDelivered(state, message("a", { to: addresses.recipient }), addresses.initiator, addresses.recipient)
  })
})

describe("stanzas", () => {
  it.each(byRole)("STZ-05 STZ-06 STZ-08 NS-10 who speaks for somebody else breaks the rule that fits, %s", (role) => {
    const ruleOf = (state: State, event: Event) => {
      const [next] = pureStep(state, event)
      return "reason" in next ? next.reason.rule : undefined
    }
    const stranger = says(message("a", { from: "rita@harbor.example" }))
    expect(ruleOf(established(role), stranger)).toBe("STZ-05")
    expect(ruleOf(announcedPeer(role), stranger)).toBe("STZ-06")
    expect(ruleOf(announcedPeer(role), says(message("a", { from: "@@" })))).toBe("STZ-08")
    expect(ruleOf(established(role), says(message("a"), { headerPrefixed: true }))).toBe("NS-10")
  })

  it("STZ-03 HDR-22 a name in clear that is not ours does not become our address", () => {
    const state = play(
      dormant("initiator", { policy: { tls: "never" } }),
      say.opened,
      say.header("initiator", { to: "ursula@quarry.example" }),
      says(say.features())
    )
    expectDelivered(state, message("a"), addresses.recipient, addresses.initiator)
  })

  it("HDR-14 STZ-06 an answer from nobody leaves the peer whom we wanted", () => {
    for (const legacy of ["accept", "refuse"] as const) {
      const state = play(
        dormant("initiator", { policy: { tls: "never", legacy } }),
        say.opened,
        say.header("initiator", { from: "" }),
        says(say.features())
      )
      expectDelivered(state, message("a"), addresses.recipient, addresses.initiator)
      expectDelivered(state, message("a", { from: addresses.recipient }), addresses.recipient, addresses.initiator)
    }
  })

  it("STZ-09 STZ-10 STZ-13 IQ-08 what is dropped is told with its rule", () => {
    const rules = [
      [stanza("presence", { to: "@@" }), "STZ-09"],
      [stanza("presence", { to: "x@y.example" }), "STZ-10"],
      [stanza("presence", { type: "odd" }), "STZ-13"],
      [iq({ type: "result", id: "q" }), "IQ-08"]
    ] as const
    for (const [element, rule] of rules) {
      const [, actions] = pureStep(established("recipient"), says(element))
      expect(actions).toMatchObject([{ _tag: "Report", notice: { _tag: "Diagnostic", detail: rule } }])
    }
  })

  it.each(byRole)("STZ-13 STZ-18 types: any message, known presences, %s", (role) => {
    const state = established(role)
    for (const type of [undefined, "chat", "headline", "groupchat", "normal", "error", "unheard-of"]) {
      expectDelivered(state, message("a", { type }), peerOf(role), addresses[role])
    }
    for (
      const type of [
        undefined,
        "unavailable",
        "subscribe",
        "subscribed",
        "unsubscribe",
        "unsubscribed",
        "probe",
        "error"
      ]
    ) {
      expectDelivered(state, stanza("presence", { type }), peerOf(role), addresses[role])
    }
    expectDropped(state, stanza("presence", { type: "unheard-of" }))
  })

  it.each(byRole)(
    "STZ-15 STZ-16 XML-21 NS-13 NS-14 SERR-04 SERR-08 are delivered as they came, whatever they hold, %s",
    (role) => {
      const strange: ReadonlyArray<Element.Element> = [
        stanza("message", { id: "a" }, [say.foreign("only")]),
        stanza("message", { id: "a" }, ["text", say.foreign("x"), stanza("error", { type: "cancel" }), stanza("body")]),
        { ...message("a"), attributes: [{ name: "x", namespace: "urn:x", value: "y" }] },
        stanza("presence", {}, [say.foreign("only")]),
        stanza("message", { type: "error", id: "a" }, [stanza("error", { type: "odd" }, [say.foreign("rainy-day")])])
      ]
      for (const element of strange) expectDelivered(established(role), frozen(element), peerOf(role), addresses[role])
    }
  )

  it.each(byRole)("STZ-19 P-16 P-27 are delivered in order, one delivery each, %s", (role) => {
    let state = established(role)
    const seen: Array<string | undefined> = []
    for (let at = 0; at < 20; at++) {
      const [next, actions] = pureStep(state, says(message(`m${at}`)))
      for (const each of actions) if (each._tag === "Deliver") seen.push(Element.attribute(each.stanza, "id"))
      state = next
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => `m${at}`))
  })

  it("STZ-01 NS-06 between services the content namespace is jabber:server", () => {
    const server = (name: string) => ({ ...message("a"), name, namespace: "jabber:server" })
    const input = { policy: { tls: "never", contentNamespace: "jabber:server" } } as const
    const declarations = [{ prefix: "", namespace: "jabber:server" }, { prefix: "stream", namespace: Namespace.stream }]
    const state = play(
      dormant("initiator", input),
      say.opened,
      say.header("initiator", {}, { declarations }),
      says(say.features())
    )
    expectDelivered(state, server("message"), addresses.recipient, addresses.initiator)
    expectMove(state, says(message("a")), { label: failed, actions: err("invalid-namespace") })
    expectIgnored(state, send(1), ["refuse notAStanza #1"])
    const [, actions] = pureStep(state, says({ ...server("iq"), children: [] }))
    const reply = actions.flatMap((each) => each._tag === "SendElement" ? [each.element] : [])
    expect(reply).toMatchObject([{
      name: "iq",
      namespace: "jabber:server",
      children: [{ namespace: "jabber:server" }]
    }])
  })

  it.each(byRole)("IQ-03 IQ-09 a request is delivered once and not answered here, %s", (role) => {
    for (const type of ["get", "set"]) {
      const [, actions] = pureStep(established(role), says(iq({ type, id: "u1" }, say.foreign("forecast"))))
      expect(actions.map(({ _tag }) => _tag)).toEqual(["Deliver"])
    }
  })
})
