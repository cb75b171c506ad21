/** Sessions with all their bytes, so that the reader is tried in every run as well: cut well and badly, and unreadable. */
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import { bytewise, type Next, overTheWire } from "./bytes.ts"
import {
  accepted,
  clear,
  close,
  direct,
  ended,
  gone,
  initiator,
  judged,
  juliet,
  letter,
  opened,
  recipient,
  romeo,
  secured,
  send
} from "./saying.ts"
import type { Scenario } from "./telling.ts"

/** As romeo writes it to juliet; many ways of writing it are right. */
const called = `<?xml version="1.0"?>\n<stream:stream xmlns="jabber:client" xmlns:stream="${Namespace.stream}"` +
  ` from="${romeo}" to="${juliet}" version="1.0">`

/** As juliet answers; both prefixes are her own. */
const answered = (id: string): string =>
  `<s:stream xmlns:s='${Namespace.stream}' xmlns='jabber:client' id='${id}' to='${romeo}' from='${juliet}' version='1.0'>`

const footer = "</stream:stream>"
const starttls = `<starttls xmlns='${Namespace.tls}'/>`
const proceed = `<proceed xmlns='${Namespace.tls}'/>`
const success = `<success xmlns='${Namespace.sasl}'/>`
const auth = `<auth xmlns='${Namespace.sasl}' mechanism='EXTERNAL'>=</auth>`
const offer = `<s:features><starttls xmlns='${Namespace.tls}'><required/></starttls></s:features>`
const external = `<s:features><mechanisms xmlns='${Namespace.sasl}'><mechanism>EXTERNAL</mechanism></mechanisms>` +
  `</s:features>`
const hello = `<message to='${juliet}'><body>Wherefore &amp; why&#x21; 🌹</body></message>`

const believed = (side: "initiator" | "recipient"): ReadonlyArray<Next> => [
  opened,
  secured(side),
  judged(accepted(side))
]

const talking: ReadonlyArray<Next> = [opened, called]

export const wires = (): ReadonlyArray<Scenario> => [...whole(), ...residue(), ...cut(), ...unreadable(), ...ending()]

const whole = (): ReadonlyArray<Scenario> => [
  overTheWire("bytes-of-a-session", "TLS-15 SASL-29 XML-19: a secure session, byte for byte", initiator, [
    opened,
    answered("one"),
    offer,
    proceed,
    secured("initiator"),
    judged(accepted("initiator")),
    `${answered("two")}${external}`,
    success,
    `${answered("three")}<s:features/>`,
    send(1, letter(juliet)),
    `<message from='${juliet}'><body><![CDATA[<O Romeo>]]></body></message>`,
    close,
    "</s:stream>",
    gone
  ]),
  overTheWire("bytes-of-a-session", "TLS-15 SASL-29 XML-19: a secure session, byte for byte", recipient, [
    ...talking,
    starttls,
    secured("recipient"),
    judged(accepted("recipient")),
    called,
    auth,
    called,
    `${hello}\n`,
    send(1, letter(romeo)),
    footer,
    ended,
    gone
  ])
]

const residue = (): ReadonlyArray<Scenario> => [
  overTheWire("residue-to-tls", "TLS-15: what comes behind STARTTLS is for TLS, and never read", recipient, [
    ...talking,
    `${starttls}${hello}<!-- not yours -->`,
    secured("recipient"),
    judged(accepted("recipient")),
    called,
    auth,
    `${called}${hello}${footer}`,
    gone
  ]),
  overTheWire("residue-to-tls", "TLS-15: what comes behind the word to proceed is for TLS, and never read", initiator, [
    opened,
    `${answered("one")}${offer}`,
    `${proceed}<s:features/>`,
    secured("initiator"),
    judged(accepted("initiator")),
    `${answered("two")}${external}`,
    `${success}${answered("three")}<s:features/>`,
    close,
    "</s:stream>",
    gone
  ]),
  overTheWire(
    "residue-to-restart",
    "SASL-29: what comes behind the credentials begins a new document",
    direct("recipient"),
    [
      ...believed("recipient"),
      `${called}${auth}${called}${hello}${footer}`,
      gone
    ]
  )
]

const cut = (): ReadonlyArray<Scenario> => [
  overTheWire("byte-by-byte", "P-20 XML-06: a whole conversation in chunks of a single octet", clear("recipient"), [
    opened,
    ...bytewise(`<stream:stream xmlns='jabber:client' xmlns:stream='${Namespace.stream}' version='1.0'>`),
    ...bytewise(" <message><body>é&lt;🌹</body></message>\n\n<presence/> "),
    ...bytewise(footer),
    gone
  ])
]

const unreadable = (): ReadonlyArray<Scenario> => [
  overTheWire(
    "bytes-of-a-comment",
    "XML-01: a comment between two stanzas, and what comes behind it",
    clear("recipient"),
    [
      ...talking,
      `${hello}<!-- aside -->${hello}`,
      hello,
      gone
    ]
  ),
  overTheWire("bytes-of-no-utf-8", "XML-09: bytes that are not UTF-8", clear("recipient"), [
    ...talking,
    "<message><body>",
    Uint8Array.of(0xc3, 0x28),
    gone
  ]),
  overTheWire("bytes-of-mismatched-tags", "XML-07: tags that do not match", clear("initiator"), [
    opened,
    answered("one"),
    "<s:features/>",
    "<message><body></message></body>",
    gone
  ])
]

const ending = (): ReadonlyArray<Scenario> => [
  overTheWire(
    "bytes-behind-the-footer",
    "END-02 XML-23: nothing behind the peer's footer is read",
    clear("recipient"),
    [
      ...talking,
      `${hello} ${footer}${hello}<`,
      hello,
      ended,
      gone
    ]
  ),
  overTheWire("bytes-until-cut-off", "END-07: the transport ends inside a stanza", clear("recipient"), [
    ...talking,
    `${hello}<message><bo`,
    ended,
    gone
  ])
]
