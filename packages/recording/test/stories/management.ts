/** Stream management (XEP-0198): acknowledgements, sessions that are taken up again, and those that are not. */
import type { Event } from "@xmpp-e2e/protocol"
import {
  accepted,
  authenticated,
  believed,
  close,
  direct,
  ended,
  farewell,
  features,
  fires,
  footer,
  gone,
  header,
  initiator,
  judged,
  juliet,
  letter,
  opened,
  recipient,
  reset,
  romeo,
  says,
  secured,
  send,
  sm,
  stanza
} from "./saying.ts"
import { hangUp, open } from "./sessions.ts"
import { alone, both, type Scenario } from "./telling.ts"

export const management = (): ReadonlyArray<Scenario> => [...counting(), ...resuming(), ...refusing()]

const use = { management: { use: true } }
const resumable = { management: { use: true, resumableSeconds: 300 } }

const asked: Event.Event = { _tag: "AcknowledgementRequested" }

/** Of three stanzas the last two were not acknowledged; five were handled. */
const session = (identity: string, to: string): Event.Resumption => ({
  id: "session-1",
  identity,
  handled: 5,
  sent: 3,
  unacknowledged: [stanza("message", { to, id: "two" }), stanza("message", { to, id: "three" })]
})

const known = session(juliet, juliet)
const resumes = { management: { use: true, resumableSeconds: 300, resume: known } }

/** An initiator that has turned it on. */
const on = (more: Record<string, string> = {}) => [
  ...authenticated("initiator"),
  features(sm("sm")),
  says(sm("enabled", more))
]

/** A recipient that has it turned on. */
const enabled = [
  ...authenticated("recipient"),
  says(sm("enable", { resume: "true" }), { freshId: "session-9" })
]

const counting = (): ReadonlyArray<Scenario> => [
  ...both("stream-management", "SM-03 SM-09 END-16: enabled, a stanza acknowledged", {
    script: [...open, [["initiator", send(1, letter(juliet))]], [["initiator", asked]], hangUp],
    initiator: { ...initiator, ...use },
    recipient: { ...recipient, ...use }
  }),
  alone("ten-stanzas", "SM-26: after ten stanzas an acknowledgement is asked for", { ...direct("initiator"), ...use }, [
    ...on(),
    ...Array.from({ length: 10 }, (_, at) => send(at + 1, stanza("presence"))),
    says(sm("a", { h: "10" })),
    says(sm("a", { h: "9" })),
    { _tag: "AcknowledgeRequested" },
    says(sm("r")),
    close,
    says(sm("a", { h: "10" })),
    ...farewell
  ]),
  alone("acknowledged-late", "SM-09 END-16: the last acknowledgement comes behind our footer", {
    ...direct("initiator"),
    ...use
  }, [
    ...on(),
    send(1, letter(juliet)),
    close,
    says(sm("a", { h: "1" })),
    ...farewell
  ]),
  alone("acknowledgement-timer", "SM-26 TIME-09: asked when it takes too long, and not answered", {
    ...direct("initiator"),
    ...use
  }, [
    ...on(),
    send(1, letter(juliet)),
    fires("acknowledgement"),
    fires("acknowledgement"),
    ...farewell
  ]),
  alone("acknowledged-in-time", "SM-26 SM-09: asked when it takes too long, and answered", {
    ...direct("initiator"),
    ...use
  }, [
    ...on(),
    send(1, letter(juliet)),
    fires("acknowledgement"),
    says(sm("a", { h: "1" })),
    close,
    ...farewell
  ]),
  alone(
    "enabled-by-hand",
    "SM-03 SM-06: turned on when our side asks, and counted from there on",
    direct("initiator"),
    [
      ...authenticated("initiator"),
      features(),
      send(1, letter(juliet)),
      { _tag: "EnableRequested", resumable: false },
      { _tag: "EnableRequested", resumable: false },
      send(2, letter(juliet)),
      says(sm("enabled")),
      says(sm("a", { h: "1" })),
      close,
      ...farewell
    ]
  ),
  alone("enable-refused", "SM-04: the peer will not", { ...direct("initiator"), ...use }, [
    ...authenticated("initiator"),
    features(sm("sm")),
    says(sm("failed")),
    close,
    ...farewell
  ])
]

const resuming = (): ReadonlyArray<Scenario> => [
  ...both("resumed", "SM-14 SM-15: a session goes on where it broke", {
    script: [...open, hangUp],
    initiator: { ...initiator, ...resumes },
    recipient: { ...recipient, ...resumable },
    resumption: { ...session(romeo, romeo), handled: 2, sent: 6 }
  }),
  ...both("resumption-unknown", "SM-16: the session is not known any more; what was not acknowledged goes out anew", {
    script: [...open, hangUp],
    initiator: { ...initiator, ...resumes },
    recipient: { ...recipient, ...resumable }
  }),
  alone("resumption-of-another", "SM-15: a session belongs to one identity", { ...direct("recipient"), ...resumable }, [
    ...authenticated("recipient"),
    says(sm("resume", { previd: "session-1", h: "1" })),
    send(1, letter(romeo)),
    says(letter(juliet)),
    { _tag: "ResumptionJudged", resumption: session("paris@forza", romeo) },
    footer,
    gone
  ]),
  alone("resumption-too-slow", "SM-16: the session store does not answer in time", {
    ...direct("recipient"),
    ...resumable
  }, [
    ...authenticated("recipient"),
    says(sm("resume", { previd: "session-1", h: "1" })),
    send(1, letter(romeo)),
    fires("step"),
    { _tag: "ResumptionJudged" },
    footer,
    gone
  ]),
  alone("resumption-flood", "LIM-05: a peer that says too much while the session store is asked", {
    ...direct("recipient"),
    ...resumable,
    limits: { deferredMax: 1 }
  }, [
    ...authenticated("recipient"),
    says(sm("resume", { previd: "session-1", h: "1" })),
    says(letter(juliet)),
    says(letter(juliet)),
    ...farewell
  ]),
  alone("resumption-count-too-high", "SM-10 ERR-40: more was handled than was ever sent", {
    ...direct("recipient"),
    ...resumable
  }, [
    ...authenticated("recipient"),
    says(sm("resume", { previd: "session-1", h: "9" })),
    { _tag: "ResumptionJudged", resumption: session(romeo, romeo) },
    ...farewell
  ]),
  alone("resumed-count-too-high", "SM-10 ERR-40: the recipient claims to have handled more than was ever sent", {
    ...direct("initiator"),
    ...resumes
  }, [
    ...authenticated("initiator"),
    features(sm("sm")),
    says(sm("resumed", { previd: "session-1", h: "9" })),
    ...farewell
  ]),
  alone(
    "resumed-another-session",
    "SM-14: the answer is about another session",
    { ...direct("initiator"), ...resumes },
    [
      ...authenticated("initiator"),
      features(sm("sm")),
      says(sm("resumed", { previd: "session-2", h: "1" })),
      ...farewell
    ]
  ),
  alone("broken-resumable", "SM-20 END-07: a resumable session breaks", { ...direct("initiator"), ...resumable }, [
    ...on({ id: "session-9", resume: "true" }),
    send(1, letter(juliet)),
    says(letter(romeo)),
    reset
  ]),
  alone("broken-resumable", "SM-20 END-12: a resumable session is cut", { ...direct("recipient"), ...resumable }, [
    ...enabled,
    send(1, letter(romeo)),
    says(letter(juliet)),
    ended,
    gone
  ]),
  alone(
    "unresponsive-resumable",
    "ERR-56 TIME-09: the error about an unanswered question ends the session as well",
    { ...direct("initiator"), ...resumable },
    [...on({ id: "session-9", resume: "true" }), send(1, letter(juliet)), asked, fires("acknowledgement"), ended, gone]
  ),
  alone("ended-resumable", "SM-20 ERR-56: a stream error ends the session as well", {
    ...direct("recipient"),
    ...resumable
  }, [
    ...enabled,
    send(1, letter(romeo)),
    { _tag: "FailRequested", condition: "reset" },
    reset
  ])
]

/** Nobody has proved who they are. */
const unproven = { code: "noCertificate", rule: "CERT-102", strength: "none", authorised: [] } as const
const strangersMayStay = { authenticatePeer: false, sasl: "never" } as const

const refusing = (): ReadonlyArray<Scenario> => [
  alone(
    "resumption-unproven",
    "SM-15: only a peer that has proved who it is takes a session up again",
    { ...direct("recipient", { policy: strangersMayStay }), ...resumable },
    [
      ...believed("recipient", unproven),
      header("recipient"),
      says(sm("enable", { resume: "true" }), { freshId: "session-9" }),
      footer,
      gone
    ]
  ),
  alone(
    "resumption-unproven-asked",
    "SM-15: a peer that has proved nothing asks for a session",
    { ...direct("recipient", { policy: strangersMayStay }), ...resumable },
    [
      ...believed("recipient", unproven),
      header("recipient"),
      says(sm("resume", { previd: "session-1", h: "1" })),
      footer,
      gone
    ]
  ),
  alone(
    "resumption-unproven",
    "SM-15: no session is taken up again with a peer that has proved nothing",
    { ...direct("initiator", { policy: strangersMayStay }), ...resumes },
    [
      opened,
      secured("initiator"),
      judged(accepted("recipient", unproven)),
      header("initiator"),
      features(sm("sm")),
      close,
      ...farewell
    ]
  ),
  alone("enabled-twice", "SM-05 AMB-10: turned on twice, the second is refused and the stream goes on", {
    ...direct("recipient"),
    ...resumable
  }, [
    ...enabled,
    says(sm("enable"), { freshId: "session-10" }),
    says(sm("resume", { previd: "session-9", h: "0" })),
    footer,
    gone
  ]),
  alone(
    "resumption-not-offered",
    "SM-15: nobody said that sessions can be resumed",
    { ...direct("recipient"), ...use },
    [
      ...authenticated("recipient"),
      says(sm("resume", { previd: "session-1", h: "1" })),
      says(sm("enable", { resume: "1" }), { freshId: "session-9" }),
      footer,
      gone
    ]
  ),
  alone(
    "resumption-nameless",
    "SM-14 SM-08: a request that names no session",
    { ...direct("recipient"), ...resumable },
    [
      ...authenticated("recipient"),
      says(sm("resume", { h: "1" })),
      footer,
      gone
    ]
  ),
  alone("management-not-offered", "NS-07: management that nobody offered is passed over", direct("recipient"), [
    ...authenticated("recipient"),
    says(sm("enable"), { freshId: "session-9" }),
    says(sm("r")),
    footer,
    gone
  ]),
  alone(
    "acknowledged-too-much",
    "SM-10 ERR-40: more is acknowledged than was sent",
    { ...direct("initiator"), ...use },
    [
      ...on(),
      send(1, letter(juliet)),
      says(sm("a", { h: "2" })),
      ...farewell
    ]
  ),
  alone(
    "acknowledged-in-hexadecimal",
    "SM-08: an acknowledgement whose number is written in another way",
    { ...direct("initiator"), ...use },
    [...on(), says(sm("a", { h: "0x0" })), ...farewell]
  ),
  alone("acknowledged-nonsense", "SM-08: an acknowledgement without a number", { ...direct("initiator"), ...use }, [
    ...on(),
    says(sm("a", { h: "all of it" })),
    ...farewell
  ])
]
