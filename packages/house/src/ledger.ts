/**
 * The ledger of requirements: every rule that the product is held to, under its id, with a title in our words. Tests carry
 * these ids in their names; `conformance.ts` joins the two. The rules in full are in the texts named beside each group.
 */
import { ibb } from "./ledger/bytestreams.ts"
import { cert } from "./ledger/certificates.ts"
import { amb, end, jid, lim, time } from "./ledger/ending.ts"
import { e2e, hdr, lang, ns, ver } from "./ledger/headers.ts"
import { caps, ll } from "./ledger/linkLocal.ts"
import { invariants, tables } from "./ledger/machine.ts"
import { feat, sasl, tls, xml } from "./ledger/negotiation.ts"
import { dup, err, iq, serr, stz } from "./ledger/stanzas.ts"

/** The strongest word of the text; `PROJECT` where the text leaves the choice to us, `rule` where it has no such word. */
export type Level = "MUST" | "MUST NOT" | "SHOULD" | "SHOULD NOT" | "MAY" | "PROJECT" | "rule"

/** Initiator, recipient, both. */
export type Who = "I" | "R" | "B"

export type Row = readonly [id: string, who: Who, level: Level, title: string]

export interface Group {
  readonly title: string
  /** Where the rules come from. */
  readonly texts: string
  readonly rows: ReadonlyArray<Row>
}

export const groups: ReadonlyArray<Group> = [
  { title: "End-to-end streams", texts: "XEP-0246, XEP-0174", rows: e2e },
  { title: "Stream headers", texts: "RFC 6120 §4.2, §4.3, §4.7; XEP-0246 §2", rows: hdr },
  { title: "Languages", texts: "RFC 6120 §4.7.4, §8.1.5; RFC 4647", rows: lang },
  { title: "Versions", texts: "RFC 6120 §4.7.5", rows: ver },
  { title: "Namespaces", texts: "RFC 6120 §4.8, §8.4", rows: ns },
  { title: "Restricted XML", texts: "RFC 6120 §11; XML 1.0", rows: xml },
  { title: "Stream features", texts: "RFC 6120 §4.3; XEP-0174 §10", rows: feat },
  { title: "STARTTLS and TLS", texts: "RFC 6120 §5, §13; RFC 7590; RFC 8446", rows: tls },
  { title: "SASL EXTERNAL", texts: "RFC 6120 §6; RFC 4422; XEP-0178", rows: sasl },
  { title: "Stanzas", texts: "RFC 6120 §8, §10; XEP-0246 §4", rows: stz },
  { title: "Requests and replies", texts: "RFC 6120 §8.2.3", rows: iq },
  { title: "Stanza errors", texts: "RFC 6120 §8.3", rows: serr },
  { title: "Stream errors", texts: "RFC 6120 §4.9", rows: err },
  { title: "Two streams between two peers", texts: "RFC 6120 §4.9.3.3", rows: dup },
  { title: "Closing", texts: "RFC 6120 §4.4; XEP-0246 §5; XEP-0174 §8", rows: end },
  { title: "Silence and deadlines", texts: "RFC 6120 §4.6", rows: time },
  { title: "Addresses", texts: "RFC 7622; RFC 8265; RFC 6763", rows: jid },
  { title: "Limits", texts: "RFC 6120 §13.12", rows: lim },
  { title: "Choices where the texts disagree", texts: "the texts above", rows: amb },
  { title: "Certificates", texts: "RFC 6120 §13.7; RFC 5280; RFC 9525; XEP-0178", rows: cert },
  { title: "Link-local discovery", texts: "XEP-0174; RFC 6762; RFC 6763", rows: ll },
  { title: "Entity capabilities", texts: "XEP-0115", rows: caps },
  { title: "In-band bytestreams", texts: "XEP-0047, XEP-0261", rows: ibb },
  { title: "Invariants", texts: "of the state machine and the reader", rows: invariants }
]

/** Groups of the ledger that belong to packages to come, by the prefix of their ids. */
export const later: ReadonlyArray<readonly [prefixes: string, title: string, when: string]> = [
  ["JNG, JXS", "Jingle sessions and XML streams in them, XEP-0166 and XEP-0247", "package `jingle`"],
  ["S5B, ICE", "bytestreams of their own connections, XEP-0065, XEP-0176, XEP-0260", "package `jingle`"],
  ["C2C, XTLS", "agreeing on keys before TLS, XEP-0250 and the XTLS draft", "package `jingle`"],
  ["SM", "stream management, XEP-0198", "the reducer has the states; its tests come with resumption"],
  ["PING, DISCO, RCPT", "XEP-0199, XEP-0030, XEP-0184", "machines above an established stream"]
]

export { tables }

/** `8.2.1` to `8.2.10` for the table 8.2. */
export const machineIds: ReadonlyArray<string> = tables.flatMap(([table, rows]) =>
  Array.from({ length: rows }, (_, at) => `${table}.${at + 1}`)
)

export const rows: ReadonlyArray<Row> = groups.flatMap((group) => group.rows)

export const isMust = ([, , level]: Row): boolean => level === "MUST" || level === "MUST NOT"
