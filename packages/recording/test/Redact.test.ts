import { describe, expect, it } from "@effect/vitest"
import type { Action, Event, Verdict } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { Element } from "@xmpp-e2e/xml"
import * as Arbitrary from "effect/Arbitrary"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as FastCheck from "fast-check"
import * as Lines from "../src/internal/schema/line.ts"
import * as Recording from "../src/Recording.ts"
import * as Redact from "../src/Redact.ts"
import * as Replay from "../src/Replay.ts"
import * as arbitrary from "./arbitrary.ts"
import * as Corpus from "./corpus.ts"

const readCorpus = (name: string): Recording.Recording => Result.getOrThrow(Recording.decode(Corpus.textOf(name)))

const corpus = Corpus.names().map(readCorpus)

const levels = ["redacted", "shape"] as const

/** Elements of every kind that the reducer tells apart, with something to hide in each place that may be hidden. */
const telling = (secret: string): ReadonlyArray<Element.Element> => [
  Element.make(Namespace.client, "message", { to: `${secret}@forza/${secret}`, from: `juliet@${secret}`, id: secret }, [
    secret,
    Element.make(Namespace.client, "body", { title: secret }, [
      secret,
      Element.make("urn:x", "b", { a: secret }, [secret])
    ])
  ]),
  Element.make(Namespace.client, "message", { to: "romeo@forza", from: `juliet@pronto/${secret}`, type: secret }),
  Element.make(Namespace.client, "message", { to: `${secret}@@`, from: "juliet@pronto" }),
  Element.make(Namespace.client, "iq", { type: "get", id: secret }, [Element.make("urn:x", "query", {}, [secret])]),
  Element.make(Namespace.client, "iq", { type: "set", to: `nurse@${secret}`, id: "1" }, [Element.make("urn:x", "q")]),
  Element.make(Namespace.client, "odd", {}, [secret]),
  {
    ...Element.make(Namespace.client, "message"),
    attributes: [{ name: "lang", namespace: Element.xmlNamespace, value: `x-${secret}` }]
  },
  Element.make(Namespace.stream, "odd", {}, [secret]),
  Element.make("urn:x", "extension", {}, [secret]),
  Element.make(Namespace.sasl, "auth", { mechanism: "EXTERNAL" }, [Base64.encode(`${secret}@forza`)]),
  Element.make(Namespace.sasl, "auth", { mechanism: secret }, [Base64.encode(`\0romeo\0${secret}`)]),
  Element.make(Namespace.sasl, "response", {}, [secret]),
  Element.make(Namespace.sasl, "challenge", {}, [Base64.encode(secret)]),
  Element.make(Namespace.sasl, "success", {}, [Base64.encode(secret)]),
  Element.make(Namespace.sasl, "failure", {}, [
    Element.make(Namespace.sasl, "not-authorized"),
    Element.make(Namespace.sasl, "text", {}, [secret])
  ]),
  Element.make(Namespace.management, "enabled", { id: secret, resume: "true", location: secret }),
  Element.make(Namespace.management, "resume", { previd: secret, h: "0" }),
  Element.make(Namespace.management, "failed", { h: secret }, [
    Element.make(Namespace.stanzaErrors, "item-not-found"),
    Element.make(Namespace.stanzaErrors, "text", {}, [secret])
  ]),
  Element.make(Namespace.tls, "starttls", {}, [
    Element.make(Namespace.c2cOffer, "offer", {}, [
      Element.make(Namespace.c2cKey, "keyinfo", {}, [
        Element.make(Namespace.c2cKey, "name", {}, [` ${secret} `]),
        Element.make(Namespace.c2cKey, "data", {}, [secret])
      ])
    ])
  ]),
  Element.make(Namespace.stream, "features", {}, [
    Element.make(Namespace.tls, "starttls"),
    Element.make(Namespace.sasl, "mechanisms", {}, [
      Element.make(Namespace.sasl, "mechanism", {}, [secret]),
      Element.make(Namespace.sasl, "mechanism", {}, ["EXTERNAL"])
    ]),
    Element.make("http://jabber.org/protocol/caps", "c", { node: secret })
  ]),
  Element.make(Namespace.stream, "error", {}, [
    secret,
    Element.make(Namespace.streamErrors, "see-other-host", {}, [secret]),
    Element.make(Namespace.streamErrors, "text", {}, [secret]),
    Element.make("urn:x", "more", { a: secret }, [secret])
  ])
]

const rejected = (secret: string): Verdict.Verdict => ({
  decision: "reject",
  code: "untrustedCa",
  rule: "CERT-86",
  because: `nobody vouches for CN=${secret}`,
  strength: "none",
  identity: `${secret}@pronto`,
  authorised: [`${secret}@pronto`, `*.${secret}.example`],
  notices: [`expired: ${secret}`],
  fingerprint: `${secret}${"0".repeat(64)}`.slice(0, 64)
})

const shown = (secret: string): Verdict.Evidence => ({
  certificates: [{
    sent: true,
    subject: `CN=${secret}`,
    issuer: `CN=${secret} Authority`,
    serial: secret,
    names: [
      { kind: "xmppAddr", value: `${secret}@pronto` },
      { kind: "srvName", value: `_xmpp-server.${secret}` },
      { kind: "srvName", value: `_${secret}.pronto` },
      { kind: "dnsName", value: `*.${secret}.example` },
      { kind: "ipAddress", value: secret }
    ],
    notBefore: Date.UTC(2026, 0, 15, 12),
    notAfter: Date.UTC(2027, 0, 15, 12),
    key: `a key of ${secret}`,
    fingerprint: `${secret}${"0".repeat(64)}`.slice(0, 64)
  }],
  proof: {
    about: "path",
    words: `The path CN=${secret} is good`,
    holds: false,
    needs: "all",
    reasons: [{
      about: "certificate",
      words: secret,
      holds: false,
      needs: "all",
      reasons: [],
      rule: secret,
      source: secret,
      found: secret,
      certificate: 0
    }]
  }
})

/** Events of every kind that carries a text. */
const revealing = (secret: string): ReadonlyArray<Event.Event> => [
  ...telling(secret).map((element) => ({ _tag: "ElementReceived", element, freshId: secret }) as const),
  ...telling(secret).map((stanza) => ({ _tag: "SendRequested", request: 1, stanza }) as const),
  {
    _tag: "HeaderReceived",
    tag: {
      name: "stream",
      namespace: Namespace.stream,
      prefix: "stream",
      attributes: [
        ...Element.attributesOf({ to: `${secret}@pronto`, from: `romeo@${secret}`, id: secret, version: secret }),
        { name: "lang", namespace: Element.xmlNamespace, value: `en-x-${secret}` }
      ],
      declarations: [{ prefix: "", namespace: Namespace.client }]
    },
    freshId: secret
  },
  { _tag: "InputRejected", fault: { kind: "notWellFormed", detail: secret }, freshId: secret },
  { _tag: "FailRequested", condition: "see-other-host", text: secret, host: secret },
  { _tag: "TransportLost", fault: secret },
  { _tag: "TlsFailed", fault: secret },
  {
    _tag: "TlsEstablished",
    facts: { protocol: "TLSv1.3", cipher: "c", resumed: false, chain: [secret, Base64.encode(`CN=${secret}`)] }
  },
  { _tag: "PeerJudged", verdict: rejected(secret) },
  { _tag: "PeerJudged", verdict: rejected("x"), evidence: shown(secret) },
  {
    _tag: "ResumptionJudged",
    resumption: { id: secret, identity: `${secret}@forza`, handled: 0, sent: 1, unacknowledged: telling(secret) }
  }
]

/** Lines of TLS and its secrets, and where they stand. */
const tlsLines = Arbitrary.array(
  Arbitrary.schema(Schema.Struct({ line: Schema.Union([Lines.Tls, Lines.KeyLog]), place: Schema.Natural })),
  { maxLength: 6 }
)

/** Long enough not to be found by chance; not all of them are addresses. */
const secrets = FastCheck.constantFrom("5ec8e7-K4pulet", "Mönt4gue-Secret", "verona verona", "x\u0301ylophone9")

/** Where few octets may wait, lengths decide, and other names have other lengths: the limit that `Redact.ts` tells of. */
const roomy = corpus.filter(({ head }) => head.config.limits.heldBytesMax >= 10_000)

/** Stories of the corpus, with some of these in between, under a head that has secrets too. */
const disturbed = FastCheck.tuple(
  secrets,
  FastCheck.nat(roomy.length - 1),
  FastCheck.array(FastCheck.tuple(FastCheck.nat(), FastCheck.nat()), { minLength: 1, maxLength: 4 })
).map(([secret, choice, strangers]) => {
  const { head, lines } = roomy[choice]!
  const all = revealing(secret)
  const events = strangers.reduce<ReadonlyArray<Event.Event>>(
    (events, [which, place]) => events.toSpliced(place % (events.length + 1), 0, all[which % all.length]!),
    lines.filter(Recording.isStep).map((step) => step.event)
  )
  const told: Recording.Head = {
    config: {
      ...head.config,
      aliases: [`${secret}@forza`],
      former: [`old@${secret}`],
      languages: [`en-x-${secret}`, `${secret}!`],
      extraFeatures: [Element.make("urn:x", "feature", { a: secret }, [secret])],
      management: {
        use: true,
        resumableSeconds: 60,
        resume: { id: secret, identity: "juliet@pronto", handled: 0, sent: 1, unacknowledged: telling(secret) }
      }
    },
    note: `the other end is ${secret}`,
    startedAt: "2026-01-15T12:00:00Z",
    trust: { combination: { AnyOf: [{ Pin: { pins: [secret] } }, { [secret]: {} }] }, [secret]: secret }
  }
  return { secret, recording: arbitrary.record(told, events) }
})

/** As it stands, and as it looks in other clothes. */
const formsOf = (secret: string): ReadonlyArray<string> => [
  secret,
  secret.toLowerCase(),
  secret.normalize("NFC"),
  Base64.encode(secret),
  Base64.encode(secret).slice(0, -3)
]

/** What a step asked for, without its words. */
const tagsOf = ({ actions, event, state }: Recording.Step): ReadonlyArray<string> => [
  event._tag,
  ...actions.map((action: Action.Action) => action._tag === "Report" ? `Report ${action.notice._tag}` : action._tag),
  state
]

describe.each(levels)("a recording at level %s", (level) => {
  it("P-21 replays to the same tags and states, and holds nothing that was to be hidden", () => {
    FastCheck.assert(
      FastCheck.property(disturbed, ({ recording, secret }) => {
        const redacted = Redact.recording(recording, { level })
        const text = Recording.encode(redacted)
        for (const form of formsOf(secret)) expect(text).not.toContain(form)
        expect(Replay.run(redacted)).toMatchObject({ _tag: "Matched", steps: recording.lines.length })
        expect(Recording.steps(Replay.renew(redacted)).map(tagsOf)).toEqual(Recording.steps(recording).map(tagsOf))
        expect(Result.getOrThrow(Recording.decode(text))).toEqual(redacted)
      }),
      { numRuns: 300 }
    )
  })

  it.each(revealing("5ec8e7-K4pulet").map((event, at) => [at, event._tag, event] as const))(
    "hides what event %i, %s, says",
    (_at, _tag, event) => {
      expect(JSON.stringify(event)).toMatch(/5ec8e7-K4pulet|NWVjOGU3|VjOGU3|ZWM4ZTct/)
      const config = arbitrary.configure({ role: "recipient", self: "juliet@pronto" })
      const redacted = Redact.recording(arbitrary.record({ config }, [{ _tag: "TransportOpened" }, event]), { level })
      const text = Recording.encode(redacted)
      for (const form of formsOf("5ec8e7-K4pulet")) expect(text).not.toContain(form)
    }
  )

  it.prop("P-21 replays, whatever happened", [arbitrary.config, arbitrary.events], ([config, events]) => {
    const redacted = Redact.recording(arbitrary.record({ config }, events), { level })
    expect(Replay.run(redacted)._tag).toBe("Matched")
  })

  it.prop("has nothing more to hide afterwards", [arbitrary.document], ([document]) => {
    const once = Redact.recording(document, { level })
    expect(Redact.recording(once, { level })).toBe(once)
  })

  it("leaves the raw chunks out", () => {
    const [recording] = corpus
    const lines = [Recording.makeWire("in", 0, new TextEncoder().encode("secret")), ...recording!.lines]
    expect(Redact.recording({ ...recording!, lines }, { level }).lines.some(Recording.isWire)).toBe(false)
  })

  it.prop(
    "leaves TLS and its secrets out, wherever they stand",
    [arbitrary.document, tlsLines],
    ([document, strewn]) => {
      const lines = strewn.reduce<ReadonlyArray<Recording.Line>>(
        (lines, { line, place }) => lines.toSpliced(place % (lines.length + 1), 0, line),
        document.lines
      )
      const { level: _level, redacted: _redacted, ...head } = document.head
      const redacted = Redact.recording({ head: { ...head, tls: true }, lines }, { level })
      expect(redacted.head.tls).toBe(undefined)
      expect(redacted.lines.every(Recording.isStep)).toBe(true)
      const text = Recording.encode(redacted)
      for (const { line } of strewn) {
        const told = Recording.isTls(line) ? [line.bytes] : line.keylog.split(" ").slice(1)
        // What is short or monotonous may stand there by chance.
        for (const each of told) if (each.length >= 16 && new Set(each).size > 4) expect(text).not.toContain(each)
      }
    }
  )
})

describe("recording", () => {
  it.each(["secure-session", "clear-session", "stream-management"])(
    "gives both sides of %s the same names, though they share no key",
    (name) => {
      const [sent, received] = ["initiator", "recipient"].map((side) =>
        Recording.steps(Redact.recording(readCorpus(`${name}.${side}`)))
      )
      const written = sent!.flatMap(({ actions }) =>
        actions.flatMap((action) => action._tag === "SendElement" ? [JSON.stringify(action.element)] : [])
      )
      const read = received!.flatMap(({ event }) =>
        event._tag === "ElementReceived" ? [JSON.stringify(event.element)] : []
      )
      expect(written.some((element) => element.includes("\"message\""))).toBe(true)
      expect(read).toEqual(written)
    }
  )

  it("gives names that depend on the secret, when one is given", () => {
    const [recording] = corpus
    const names = ["one", "other", undefined].map((secret) =>
      Redact.recording(recording!, secret === undefined ? {} : { secret }).head.config.self
    )
    expect(new Set(names).size).toBe(3)
  })

  it("gives at level shape names that neither the other side nor level redacted has", () => {
    const sides = ["secure-session.initiator", "secure-session.recipient"].map(readCorpus)
    const [mine, theirs] = sides.map((side) => Redact.recording(side, { level: "shape" }).head.config.self)
    const [redacted] = sides.map((side) => Redact.recording(side).head.config)
    expect(new Set([mine, redacted?.self]).size).toBe(2)
    expect(theirs).not.toBe(Redact.recording(sides[0]!, { level: "shape" }).head.config.peer)
  })

  it("TIME-12 tells for how many days a certificate is good, and not until when", () => {
    const exact = 7 * 86_400_000 - 12_345
    const { head, lines } = readCorpus("secure-session.initiator")
    const events = lines.filter(Recording.isStep).map(({ event }): Event.Event =>
      event._tag === "PeerJudged" ? { ...event, verdict: { ...event.verdict, expiresIn: exact } } : event
    )
    const told = arbitrary.record(head, events)
    expect(Recording.encode(told)).toContain(`"after":${exact}`)
    const redacted = Redact.recording(told)
    expect(Recording.encode(redacted)).not.toContain(String(exact))
    expect(Recording.encode(redacted)).toContain(`"timer":"certificate","generation":8,"after":${7 * 86_400_000}`)
    expect(Replay.run(redacted)).toMatchObject({ _tag: "Matched", steps: events.length })
  })

  it("CERT-02 tells which ways of trusting there were, and not whom they trust", () => {
    const config = arbitrary.configure({ role: "initiator", self: "romeo@forza", peer: "juliet@pronto" })
    const trust = {
      combination: { AnyOf: [{ Pin: { pins: ["juliet@pronto"] } }, { AllOf: [{ Custom: { name: "mine" } }, 1] }] }
    }
    const redactor = Redact.make("redacted", "secret", "jid")
    expect(redactor.head({ config, trust, startedAt: "2026-01-15" })).toMatchObject({
      trust: { combination: { AnyOf: [{ Pin: {} }, { AllOf: [{ Custom: {} }, { Custom: {} }] }] } },
      startedAt: "2026-01-15"
    })
    const shape = Redact.make("shape", "secret", "jid").head({ config, trust, startedAt: "2026-01-15" })
    expect(Object.keys(shape).toSorted()).toEqual(["config", "level", "redacted"])
  })
})

describe("what a verdict rests on", () => {
  const evidence = shown("juliet")
  const proof: Verdict.Claim = {
    about: "rule",
    words: "It is within its dates",
    holds: false,
    needs: "all",
    reasons: [],
    rule: "CERT-30",
    source: "RFC 5280 §6.1.3 (d) to (f), §6.1.5 (g); RFC 9618"
  }
  const event: Event.Event = {
    _tag: "PeerJudged",
    verdict: { ...rejected("x"), identity: "juliet@pronto", fingerprint: "ab".repeat(32) },
    evidence: {
      certificates: evidence.certificates.map((each) => ({
        ...each,
        names: [{ kind: "xmppAddr", value: "juliet@pronto" }],
        key: "RSA 2048",
        fingerprint: "ab".repeat(32)
      })),
      proof: { ...proof, about: "path", reasons: [proof] }
    }
  }
  const judgedAt = (level: typeof levels[number]) => {
    const step = Redact.make(level, "secret", "jid").step({ seq: 0, at: 0, event, actions: [], state: "Closed" })
    return step.event._tag === "PeerJudged" ? [step.event] as const : expect.unreachable()
  }

  it("CERT-105 keeps the rules, the kind of key and the days, and gives names as everywhere else", () => {
    const [{ evidence, verdict }] = judgedAt("redacted")
    expect(evidence).toMatchObject({
      certificates: [{
        sent: true,
        names: [{ kind: "xmppAddr", value: verdict.identity }],
        key: "RSA 2048",
        notBefore: Date.UTC(2026, 0, 15),
        notAfter: Date.UTC(2027, 0, 16),
        fingerprint: verdict.fingerprint
      }],
      proof: { reasons: [{ rule: "CERT-30", source: proof.source, holds: false, words: "x".repeat(22) }] }
    })
    const [certificate] = evidence?.certificates ?? []
    expect(certificate?.subject).not.toBe(certificate?.issuer)
  })

  it("is gone at level shape, the verdict is not", () => {
    const [event] = judgedAt("shape")
    expect(Object.keys(event)).toEqual(["_tag", "verdict"])
  })
})

describe("secretOf", () => {
  it("HDR-23 is the id that the recipient gives the stream, on both sides", () => {
    const tag = {
      name: "stream",
      namespace: Namespace.stream,
      prefix: "stream",
      attributes: Element.attributesOf({ id: "written" }),
      declarations: []
    }
    const header: Event.Event = { _tag: "HeaderReceived", tag, freshId: "drawn" }
    expect(Redact.secretOf("initiator", header)).toBe("written")
    expect(Redact.secretOf("recipient", header)).toBe("drawn")
    expect(Redact.secretOf("initiator", { _tag: "TransportOpened" })).toBe(undefined)
  })
})

describe("octets", () => {
  it("says what the redacted step says, of every story of the corpus with secrets in between", () => {
    FastCheck.assert(FastCheck.property(disturbed, ({ recording }) => {
      for (const [fast, slow] of bothWays(recording)) expect(fast).toEqual(slow)
    }))
  })

  it.prop("and whatever happened", [arbitrary.document], ([document]) => {
    for (const [fast, slow] of bothWays(document)) expect(fast).toEqual(slow)
  })
})

const bothWays = (recording: Recording.Recording): ReadonlyArray<readonly [fast: unknown, slow: unknown]> => {
  const redactor = Redact.make("redacted", "secret", recording.head.config.naming)
  return Recording.steps(recording).map((step) => [
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(redactor.octets(step))),
    JSON.parse(Recording.step(redactor.step(step)))
  ])
}
