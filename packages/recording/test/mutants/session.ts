/** Changed rules of an open stream, of stream management, and of the end. */
import { inFile, type Mutant } from "./mutant.ts"

export const session: ReadonlyArray<Mutant> = [
  ...inFile("internal/established.ts", [
    ["HDR-33", "takes a second header", `return misbehaved(state, "bad-format", "HDR-33")`, `return move(state)`],
    ["TIME-01", "sends no white space", `return move(state, { _tag: "SendWhitespace" })`, `return move(state)`],
    [
      "TIME-10",
      "ends with an error when nobody speaks",
      `return close(state, Reason.make("idle"))`,
      `return unresponsive(state)`
    ],
    [
      "TIME-12",
      "goes on with an expired certificate",
      `return resetStream(state, "certificateExpired")`,
      `return move(state)`
    ],
    [
      "CERT-54",
      "goes on with a revoked certificate",
      `return event.verdict.decision === "reject"`,
      `return event.verdict.decision === "accept"`
    ],
    [
      "END-07",
      "takes a cut for the end",
      `return cut(state, Reason.make("truncated"))`,
      `return cut(state, Reason.make("closedByPeer"), true)`
    ],
    [
      "END-04",
      "does not wait for its own side",
      `if (state.config.timeouts.drainMillis === 0) return`,
      `if (state.config.timeouts.drainMillis >= 0) return`
    ],
    [
      "SM-12",
      "does not count what it takes",
      `const management = Management.handled(session.management)\n  return`,
      `const management = session.management\n  return`
    ],
    [
      "STZ-01",
      "sends whatever it is given",
      `if (!isStanza(stanza, state.config)) return refuse(state, request, "notAStanza")`,
      ``
    ]
  ]),
  ...inFile("internal/stanza.ts", [
    ["NS-10", "lets prefixes of the header be used inside", `if (headerPrefixed) return`, `if (false) return`],
    [
      "STZ-05",
      "delivers in anybody's name",
      `if (rule !== undefined) return { _tag: "Fail"`,
      `if (false) return { _tag: "Fail"`
    ],
    ["STZ-10", "delivers what is for somebody else", `if (to !== undefined && !isOurs(config, to)) {`, `if (false) {`],
    [
      "SERR-01",
      "does not swap the addresses of an error",
      `from: get("to"), to: get("from")`,
      `from: get("from"), to: get("to")`
    ],
    [
      "IQ-08",
      "delivers replies that nobody awaits",
      `return id !== undefined && pending.includes(id)`,
      `return id !== undefined`
    ],
    ["IQ-05", "takes requests without a child", ` && Element.elements(stanza).length === 1`, ``],
    [
      "STZ-13",
      "delivers presence of no known type",
      `return stanza.name === "presence" && !presenceTypes`,
      `return false && !presenceTypes`
    ]
  ]),
  ...inFile("internal/ending.ts", [
    [
      "ERR-01",
      "says no footer behind an error",
      `    { _tag: "SendFooter" },\n    report({ _tag: "SentError", error })`,
      `    report({ _tag: "SentError", error })`
    ],
    [
      "HDR-03",
      "sends an error without a header",
      `...(header === undefined ? [] : [{ _tag: "SendHeader", header } as const]),`,
      ``
    ],
    [
      "END-08",
      "ends the transport that the peer has to end",
      `{ _tag: "AwaitingEnd", clean: true, ended: false }, reason),\n  actions: [{ _tag: "SendFooter" }, { _tag: "StopInput" }]`,
      `{ _tag: "AwaitingEnd", clean: true, ended: true }, reason),\n  actions: [{ _tag: "SendFooter" }, { _tag: "StopInput" }, { _tag: "EndTransport" }]`
    ],
    [
      "END-16",
      "leaves out the last acknowledgement",
      `state._tag === "Established" && state.config.role === "initiator" && state.session.management._tag === "On"`,
      `false`
    ],
    [
      "ERR-50",
      "does not tell of redirections",
      `...(error.host === undefined ? [] : [report({ _tag: "Redirected", host: error.host })])`,
      ``
    ],
    [
      "P-15",
      "forgets what was not sent",
      `unsent: unsentOf(state),\n        endedLate`,
      `unsent: [],\n        endedLate`
    ],
    ["ERR-56", "resumes sessions that an error ended", `  reason.condition !== undefined ||\n`, ``],
    ["END-12", "says no footer when the transport was cut", `after([{ _tag: "SendFooter" }], leave`, `after([], leave`],
    ["END-20", "waits for the end of what it cannot read", `if (unreadable) {`, `if (false) {`]
  ]),
  ...inFile("internal/closing.ts", [
    [
      "STZ-21",
      "delivers nothing behind its footer",
      `if (failed || was === undefined) return move(state)`,
      `return move(state)`
    ],
    [
      "END-06",
      "waits for ever for a footer",
      `return event.timer === "close" ? closeTimeout(state)`,
      `return event.timer === "close" ? move(state)`
    ],
    [
      "END-10",
      "does not tell that the transport ended late",
      `gone(state, state.reason, true)`,
      `gone(state, state.reason)`
    ],
    [
      "IQ-08",
      "remembers answered requests while closing",
      `verdict._tag === "Answer" ? settled(session, verdict.id) : session`,
      `session`
    ],
    [
      "SM-06",
      "does not count what it says behind the peer's footer",
      `? move(remembering(state, event), {`,
      `? move(state, {`
    ],
    [
      "ERR-09",
      "does not tell of errors behind its footer",
      `actions: heard(Condition.fromElement(event.element))`,
      `actions: []`
    ],
    [
      "SM-09",
      "does not hear acknowledgements behind its footer",
      `return onAcknowledgement(state, event)`,
      `return move(state)`
    ]
  ]),
  ...inFile("internal/managed.ts", [
    [
      "SM-05",
      "lets management be enabled twice",
      `if (session.management._tag !== "Off") return write(state, managementFailed("unexpected-request"))`,
      ``
    ],
    [
      "SM-15",
      "gives sessions to whoever asks",
      `if (found === undefined || found.identity !== state.admission.peer.address) {`,
      `if (found === undefined) {`
    ],
    [
      "SM-15",
      "promises resumption to strangers",
      `const resumable = seconds !== undefined && state.admission.peer.verified &&`,
      `const resumable = seconds !== undefined &&`
    ],
    [
      "SM-10",
      "takes more acknowledgements than it sent stanzas",
      `return tooHigh(state, h, management.sent)`,
      `return move(state)`
    ],
    [
      "SM-11",
      "does not tell of stale acknowledgements",
      `return diagnose(state, "staleAcknowledgement", "SM-11")`,
      `return move(state)`
    ],
    [
      "TIME-09",
      "asks again instead of giving up",
      `management._tag === "On" && !management.asked ? ask`,
      `management._tag === "On" ? ask`
    ],
    ["SM-15", "does not send again what was not acknowledged", `resumed, resend(on.kept))`, `resumed)`]
  ]),
  ...inFile("internal/management.ts", [
    [
      "SM-26",
      "asks after eleven stanzas",
      `managed.unasked + 1 >= stanzasPerQuery`,
      `managed.unasked >= stanzasPerQuery`
    ],
    ["SM-08", "reads any text as a number", `!/^[0-9]{1,10}$/.test(text)`, `text === ""`]
  ]),
  ...inFile("internal/sending.ts", [
    [
      "PING-03",
      "waits for the answer to a probe that came",
      `return probe === undefined || probe === id ? {`,
      `return probe === undefined ? {`
    ],
    ["SM-26", "writes no question behind ten stanzas", `actions: query ? [written,`, `actions: false ? [written,`]
  ])
]
