import { Element } from "@xmpp-e2e/xml"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { Action } from "../src/Action.ts"
import * as Describe from "../src/Describe.ts"
import type { Event } from "../src/Event.ts"
import * as Namespace from "../src/Namespace.ts"
import type { Notice } from "../src/Notice.ts"
import * as Reason from "../src/Reason.ts"
import type { Verdict } from "../src/Verdict.ts"

const starttls = Element.make(Namespace.tls, "starttls")
const proceed = Element.make(Namespace.tls, "proceed")

const letter = (secret: string): Element.Element =>
  Element.make(Namespace.client, "message", { to: "juliet@pronto", id: secret }, [
    Element.make(Namespace.client, "body", { title: secret }, [secret])
  ])

const verdict: Verdict = {
  decision: "reject",
  code: "untrustedCa",
  rule: "CERT-85",
  because: "nobody vouches for it",
  strength: "none",
  authorised: [],
  notices: []
}

describe("step", () => {
  it("tells a step in one line", () => {
    expect(
      Describe.step("Responding.AwaitingChoice", { _tag: "ElementReceived", element: starttls }, [
        { _tag: "SendElement", element: proceed },
        { _tag: "StartTls", as: "server" }
      ])
    ).toBe("Responding.AwaitingChoice  <- ElementReceived <starttls/>  => send <proceed/>, start TLS as server")
  })

  it("says so when nothing is to do", () => {
    expect(Describe.step("Closed", { _tag: "WhitespaceReceived" }, [])).toBe(
      "Closed  <- WhitespaceReceived  => nothing"
    )
  })
})

describe("event", () => {
  const cases: ReadonlyArray<readonly [Event, string]> = [
    [
      {
        _tag: "HeaderReceived",
        tag: {
          name: "stream",
          namespace: Namespace.stream,
          prefix: "stream",
          attributes: Element.attributesOf({ to: "juliet@pronto", from: "romeo@forza", version: "1.0" }),
          declarations: []
        },
        freshId: "a1",
        overloaded: true
      },
      "HeaderReceived <stream to=\"juliet@pronto\" from=\"romeo@forza\" version=\"1.0\">, no room"
    ],
    [
      {
        _tag: "HeaderReceived",
        tag: {
          name: "stream",
          namespace: Namespace.stream,
          prefix: "stream",
          attributes: Element.attributesOf({ id: "i1", from: "romeo@forza" }),
          declarations: []
        },
        freshId: "a1"
      },
      "HeaderReceived <stream from=\"romeo@forza\" id=\"i1\">"
    ],
    [{ _tag: "FooterReceived" }, "FooterReceived"],
    [
      { _tag: "TlsEstablished", facts: { protocol: "TLSv1.2", cipher: "TLS_Y", resumed: false, chain: [] } },
      "TlsEstablished TLSv1.2 TLS_Y, 0 certificates"
    ],
    [
      { _tag: "InputRejected", fault: { kind: "restricted", detail: "a comment" }, freshId: "a1" },
      "InputRejected restricted: a comment"
    ],
    [
      { _tag: "SendRequested", request: 3, stanza: letter("secret") },
      "SendRequested #3 <message to=\"juliet@pronto\"/> (body; 6 chars)"
    ],
    [{ _tag: "FailRequested", condition: "conflict", text: "secret" }, "FailRequested conflict"],
    [{ _tag: "EnableRequested", resumable: true }, "EnableRequested resumable"],
    [{ _tag: "EnableRequested", resumable: false }, "EnableRequested"],
    [{ _tag: "TransportLost" }, "TransportLost"],
    [{ _tag: "TransportLost", fault: "ECONNRESET" }, "TransportLost: ECONNRESET"],
    [
      { _tag: "TlsEstablished", facts: { protocol: "TLSv1.3", cipher: "TLS_X", resumed: true, chain: ["AA=="] } },
      "TlsEstablished TLSv1.3 TLS_X resumed, 1 certificate"
    ],
    [{ _tag: "TlsFailed", fault: "bad record" }, "TlsFailed: bad record"],
    [{ _tag: "PeerJudged", verdict }, "PeerJudged reject untrustedCa (CERT-85): nobody vouches for it"],
    [
      { _tag: "PeerJudged", verdict: { ...verdict, decision: "accept", code: "trusted", identity: "juliet@pronto" } },
      "PeerJudged accept trusted (CERT-85) juliet@pronto"
    ],
    [{ _tag: "ResumptionJudged" }, "ResumptionJudged none"],
    [
      {
        _tag: "ResumptionJudged",
        resumption: { id: "r1", identity: "romeo@forza", handled: 1, sent: 2, unacknowledged: [letter("secret")] }
      },
      "ResumptionJudged r1 of romeo@forza, 1 stanza kept"
    ],
    [{ _tag: "TimerFired", timer: "step", generation: 4 }, "TimerFired step #4"]
  ]

  it.each(cases)("%j", (event, line) => {
    expect(Describe.event(event)).toBe(line)
  })

  it.each(
    [
      "FooterReceived",
      "WhitespaceReceived",
      "CloseRequested",
      "AbortRequested",
      "AcknowledgeRequested",
      "AcknowledgementRequested",
      "ResumeRequested",
      "TransportOpened",
      "TransportEnded"
    ] as const
  )("%s says it all", (_tag) => {
    expect(Describe.event({ _tag })).toBe(_tag)
  })
})

describe("action", () => {
  const cases: ReadonlyArray<readonly [Action, string]> = [
    [
      { _tag: "SendHeader", header: { to: "juliet@pronto", version: "1.0", contentNamespace: Namespace.client } },
      "send header to=\"juliet@pronto\" version=\"1.0\""
    ],
    [
      { _tag: "SendElement", element: letter("secret"), request: 2 },
      "send <message to=\"juliet@pronto\"/> (body; 6 chars) for #2"
    ],
    [
      { _tag: "SendHeader", header: { from: "", id: "i1", contentNamespace: Namespace.client } },
      "send header from=\"\" id=\"i1\""
    ],
    [{ _tag: "SendElement", element: starttls }, "send <starttls/>"],
    [{ _tag: "Deliver", stanza: starttls, delivery: { to: "juliet@pronto", canReply: true } }, "deliver <starttls/>"],
    [{ _tag: "SendFooter" }, "send footer"],
    [{ _tag: "SendWhitespace" }, "send white space"],
    [{ _tag: "RestartInput" }, "restart input"],
    [{ _tag: "StopInput" }, "stop input"],
    [
      { _tag: "JudgePeer", chain: [], expected: "juliet@pronto" },
      "judge peer by 0 certificates, expecting juliet@pronto"
    ],
    [{ _tag: "JudgePeer", chain: ["AA==", "AA=="] }, "judge peer by 2 certificates"],
    [{ _tag: "JudgeResumption", id: "r1", identity: "romeo@forza" }, "judge resumption r1 of romeo@forza"],
    [{ _tag: "SetTimer", timer: "close", generation: 7, after: 5000 }, "set close #7 to 5000 ms"],
    [{ _tag: "ClearTimer", timer: "close", generation: 7 }, "clear close #7"],
    [
      { _tag: "Deliver", stanza: letter("secret"), delivery: { to: "juliet@pronto", canReply: false } },
      "deliver <message to=\"juliet@pronto\"/> (body; 6 chars), no reply possible"
    ],
    [{ _tag: "Refuse", request: 9, refusal: "closed" }, "refuse #9 (closed)"],
    [{ _tag: "Refuse", refusal: "notOpen" }, "refuse (notOpen)"],
    [{ _tag: "Report", notice: { _tag: "PeerClosed" } }, "report PeerClosed"],
    [{ _tag: "EndTransport" }, "end transport"],
    [{ _tag: "DropTransport" }, "drop transport"]
  ]

  it.each(cases)("%j", (action, words) => {
    expect(Describe.action(action)).toBe(words)
  })
})

describe("notice", () => {
  const cases: ReadonlyArray<readonly [Notice, string]> = [
    [
      { _tag: "TlsOn", facts: { protocol: "TLSv1.3", cipher: "TLS_X", resumed: false }, verdict },
      "TlsOn TLSv1.3 TLS_X, reject untrustedCa (CERT-85): nobody vouches for it"
    ],
    [
      { _tag: "AuthenticationFailed", condition: "not-authorized", text: "secret" },
      "AuthenticationFailed not-authorized"
    ],
    [
      {
        _tag: "Negotiated",
        peer: { address: "romeo@forza", how: "sasl", verified: true },
        secured: true,
        resumed: false
      },
      "Negotiated romeo@forza (sasl, verified), secured"
    ],
    [
      { _tag: "Negotiated", peer: { how: "unknown", verified: false }, secured: false, resumed: true },
      "Negotiated nobody we know (unknown, not verified), not secured, resumed"
    ],
    [
      { _tag: "PeerError", error: { condition: "see-other-host", host: "pumps.example", text: "secret" } },
      "PeerError see-other-host host=\"pumps.example\""
    ],
    [
      {
        _tag: "SentError",
        error: {
          condition: "undefined-condition",
          application: Element.make(Namespace.management, "handled-count-too-high", { h: "9" })
        }
      },
      "SentError undefined-condition with <handled-count-too-high/>"
    ],
    [
      { _tag: "CertificateRejected", verdict },
      "CertificateRejected reject untrustedCa (CERT-85): nobody vouches for it"
    ],
    [{ _tag: "InsecureChannel" }, "InsecureChannel"],
    [{ _tag: "ManagementOff" }, "ManagementOff"],
    [{ _tag: "Redirected", host: "pumps.example" }, "Redirected to pumps.example"],
    [{ _tag: "ManagementOn" }, "ManagementOn"],
    [{ _tag: "ManagementOn", id: "r1" }, "ManagementOn r1"],
    [{ _tag: "StanzasAcknowledged", requests: [1, 2] }, "StanzasAcknowledged #1 #2"],
    [
      { _tag: "StanzasAcknowledged", requests: Array.from({ length: 20 }, (_, index) => index) },
      "StanzasAcknowledged #0 #1 #2 #3 #4 #5 #6 #7 … 20 in all"
    ],
    [
      { _tag: "StanzasAcknowledged", requests: [0, 1, 2, 3, 4, 5, 6, 7] },
      "StanzasAcknowledged #0 #1 #2 #3 #4 #5 #6 #7"
    ],
    [{ _tag: "Diagnostic", about: "missingId" }, "Diagnostic missingId"],
    [{ _tag: "Diagnostic", about: "staleAcknowledgement", detail: "SM-11" }, "Diagnostic staleAcknowledgement: SM-11"],
    [
      {
        _tag: "Ended",
        reason: Reason.make("transportLost"),
        clean: true,
        unsent: [],
        endedLate: false,
        resumption: { id: "r1", identity: "romeo@forza", handled: 1, sent: 2, unacknowledged: [] }
      },
      "Ended clean: Environment transportLost (TIME-08), resumable as r1 of romeo@forza, 0 stanzas kept"
    ],
    [
      {
        _tag: "Ended",
        reason: Reason.make("truncated", { condition: "reset", detail: "no footer" }),
        clean: false,
        unsent: [4],
        endedLate: true
      },
      "Ended unclean, late: Environment truncated reset (END-07): no footer, unsent #4"
    ]
  ]

  it.each(cases)("%j", (notice, words) => {
    expect(Describe.notice(notice)).toBe(words)
  })
})

describe("element", () => {
  it("names both addresses", () => {
    const element = Element.make("", "message", { from: "romeo@forza", to: "juliet@pronto", id: "i1" })
    expect(Describe.element(element)).toBe("<message to=\"juliet@pronto\" from=\"romeo@forza\"/>")
  })

  it("names the first children only", () => {
    const children = ["a", "b", "c", "d", "e"].map((name) => Element.make("", name))
    expect(Describe.element(Element.make("", "all", {}, children))).toBe("<all/> (a, b, c, d, …)")
    expect(Describe.element(Element.make("", "all", {}, children.slice(0, 4)))).toBe("<all/> (a, b, c, d)")
  })

  it("counts the text of an element that nests without bound", () => {
    let element = Element.make("", "deep", {}, ["end"])
    for (let depth = 0; depth < 50_000; depth++) element = Element.make("", "deep", {}, [element])
    expect(Describe.element(element)).toBe("<deep/> (deep; 3 chars)")
  })

  it("tells nothing of what is written inside", () => {
    fc.assert(fc.property(fc.stringMatching(/^[0-9]{12,40}$/), (secret) => {
      const all: ReadonlyArray<Event> = [
        { _tag: "ElementReceived", element: letter(secret) },
        { _tag: "SendRequested", request: 1, stanza: letter(secret) },
        { _tag: "FailRequested", condition: "reset", text: secret }
      ]
      for (const event of all) expect(Describe.event(event)).not.toContain(secret)
      for (const cause of ["reported", "failedBySelf"] as const) {
        expect(Describe.reason(Reason.make(cause, { condition: "reset", detail: secret }))).not.toContain(secret)
      }
    }))
  })

  it("is one line without control characters, of bounded length, whatever the peer wrote", () => {
    const text = fc.string({ unit: "binary", maxLength: 400 })
    fc.assert(fc.property(text, text, text, (to, name, fault) => {
      const line = Describe.step(
        "Established",
        { _tag: "ElementReceived", element: Element.make("", name, { to }, [Element.make("", name)]) },
        [{ _tag: "Report", notice: { _tag: "Diagnostic", about: "unknownElement", detail: fault } }]
      )
      expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
      expect(line.length).toBeLessThan(5000)
    }))
  })

  it("cannot be talked out of its quotation marks", () => {
    expect(Describe.element(Element.make("", "iq", { to: "a\" from=\"b" }))).toBe("<iq to=\"a\\\" from=\\\"b\"/>")
  })
})

describe("clean", () => {
  it("shows what would otherwise move the cursor or turn the line around", () => {
    expect(Describe.clean("a\u001b[2Jb\nc\u202ed\ud800")).toBe("a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{d800}")
  })

  it("cuts", () => {
    expect(Describe.clean("x".repeat(1000))).toBe(`${"x".repeat(160)}…`)
    expect(Describe.clean("x".repeat(160))).toBe("x".repeat(160))
    expect(Describe.clean("abc", 2)).toBe("ab…")
    expect(Describe.clean("abc", 3)).toBe("abc")
    const name = "n".repeat(81)
    expect(Describe.element(Element.make("", name, { to: name }))).toBe(
      `<${name.slice(1)}… to="${name.slice(1)}…"/>`
    )
  })
})
