import { describe, expect, it } from "@effect/vitest"
import type { Event } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import * as Arbitrary from "effect/Arbitrary"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Recording from "../src/Recording.ts"
import * as Redact from "../src/Redact.ts"
import * as Replay from "../src/Replay.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const corpus = Corpus.names().map((name) => Result.getOrThrow(Recording.decode(Corpus.textOf(name))))

const secret = "5EC8E7"

/** Elements of every kind that the reducer tells apart, with something to hide in each place that may be hidden. */
const telling: ReadonlyArray<Element.Element> = [
  Element.make(Namespace.client, "message", { to: "romeo@forza" }, [
    secret,
    Element.make(Namespace.client, "body", { title: secret }, [
      secret,
      Element.make("urn:x", "b", { a: secret }, [secret])
    ])
  ]),
  Element.make(Namespace.client, "iq", { type: "get", id: "1" }, [Element.make("urn:x", "query", {}, [secret])]),
  Element.make(Namespace.client, "odd", {}, [secret]),
  Element.make(Namespace.stream, "odd", {}, [secret]),
  Element.make("urn:x", "extension", {}, [secret]),
  Element.make(Namespace.sasl, "failure", {}, [
    Element.make(Namespace.sasl, "not-authorized"),
    Element.make(Namespace.sasl, "text", {}, [secret])
  ]),
  Element.make(Namespace.management, "failed", {}, [
    Element.make(Namespace.stanzaErrors, "item-not-found"),
    Element.make(Namespace.stanzaErrors, "text", {}, [secret])
  ]),
  Element.make(Namespace.stream, "error", {}, [
    secret,
    Element.make(Namespace.streamErrors, "conflict"),
    Element.make(Namespace.streamErrors, "text", {}, [secret]),
    Element.make("urn:x", "more", { a: secret }, [secret])
  ])
]

const disturbed = Arbitrary.flatMap(
  Arbitrary.all([Arbitrary.schema(Effect.Natural), Arbitrary.schema(Effect.Natural), Arbitrary.schema(Effect.Natural)]),
  ([choice, which, place]) => {
    const { head, lines } = corpus[choice % corpus.length]!
    const told: Event.Event = { _tag: "ElementReceived", element: telling[which % telling.length]! }
    const events = lines.filter(Recording.isStep).map((step) => step.event)
    return Arbitrary.map(
      arbitrary.story(events.toSpliced(place % (events.length + 1), 0, told)),
      (events) => arbitrary.record(head, events)
    )
  }
)

describe("recording", () => {
  it.prop("P-21 replays still, to the same end", [disturbed], ([recording]) => {
    expect(JSON.stringify(recording)).toContain(secret)
    const redacted = Redact.recording(recording)
    expect(JSON.stringify(redacted)).not.toContain(secret)
    expect(Replay.run(redacted)).toMatchObject({ _tag: "Matched", steps: recording.lines.length })
  })

  it.prop("P-21 replays, whatever happened", [arbitrary.config, arbitrary.events], ([config, events]) => {
    expect(Replay.run(Redact.recording(arbitrary.record({ config }, events)))._tag).toBe("Matched")
  })

  it.prop("has nothing more to hide afterwards", [arbitrary.document], ([document]) => {
    const once = Redact.recording(document)
    expect(Redact.recording(once)).toEqual(once)
  })

  it("leaves the raw chunks out", () => {
    const [recording] = corpus
    const lines = [Recording.makeWire("in", 0, new TextEncoder().encode(secret)), ...recording!.lines]
    expect(Redact.recording({ ...recording!, lines }).lines.some(Recording.isWire)).toBe(false)
  })
})

describe("step", () => {
  it.each<Event.Event>([
    ...telling.map((element) => ({ _tag: "ElementReceived", element }) as const),
    { _tag: "SendRequested", request: 1, stanza: telling[0]! },
    { _tag: "FailRequested", condition: "reset", text: secret },
    {
      _tag: "ResumptionJudged",
      resumption: { id: "r", identity: "romeo@forza", handled: 0, sent: 1, unacknowledged: [telling[0]!] }
    }
  ])("hides what was written: %#", (event) => {
    const step: Recording.Step = {
      seq: 0,
      at: 0,
      event,
      actions: [
        { _tag: "SendElement", element: telling[0]! },
        { _tag: "Deliver", stanza: telling[0]!, delivery: { to: "romeo@forza", canReply: true } },
        { _tag: "Report", notice: { _tag: "AuthenticationFailed", condition: "not-authorized", text: secret } },
        {
          _tag: "Report",
          notice: { _tag: "PeerError", error: { condition: "reset", text: secret, application: telling[4]! } }
        }
      ],
      state: "Established"
    }
    expect(JSON.stringify(step.event)).toContain(secret)
    expect(JSON.stringify(Redact.step(step))).not.toContain(secret)
    expect(JSON.stringify(Redact.step(step)).length).toBe(JSON.stringify(step).length)
  })
})

describe("head", () => {
  it("leaves whom the stream believed: the verdicts speak of the same addresses and fingerprints", () => {
    const trust = { combination: { Pin: { pins: [{ address: "juliet@pronto", certificate: "ab".repeat(32) }] } } }
    const config = arbitrary.configure({ role: "initiator", self: "romeo@forza", peer: "juliet@pronto" })
    expect(Redact.head({ config, trust })).toEqual({ config, trust, redacted: true })
  })

  it("hides the stanzas of a session to be resumed", () => {
    const resume = { id: "r", identity: "juliet@pronto", handled: 0, sent: 1, unacknowledged: [telling[0]!] }
    const config = arbitrary.configure({
      role: "initiator",
      self: "romeo@forza",
      peer: "juliet@pronto",
      management: { use: true, resumableSeconds: 60, resume }
    })
    expect(JSON.stringify({ config })).toContain(secret)
    expect(JSON.stringify(Redact.head({ config }))).not.toContain(secret)
  })
})

describe("element", () => {
  it("keeps what negotiates", () => {
    const offer = Element.make(Namespace.c2cOffer, "offer", {}, ["x509"])
    const spared: ReadonlyArray<Element.Element> = [
      Element.make(Namespace.sasl, "auth", { mechanism: "EXTERNAL" }, ["cm9tZW9AZm9yemE="]),
      Element.make(Namespace.tls, "proceed", {}, [offer]),
      Element.make(Namespace.stream, "features", {}, [Element.make(Namespace.tls, "starttls", {}, [offer])]),
      Element.make(Namespace.stream, "error", {}, [
        Element.make(Namespace.streamErrors, "see-other-host", {}, ["a.example"])
      ]),
      Element.make(Namespace.client, "iq", { id: "1", type: "get" }, [Element.make(Namespace.ping, "ping")])
    ]
    expect(spared.map(Redact.element)).toEqual(spared)
  })
})
