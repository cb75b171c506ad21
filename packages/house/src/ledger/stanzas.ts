/** Rows of the ledger on stanzas, requests, errors of both kinds, and two streams between the same peers. */
import type { Row } from "../ledger.ts"

export const stz: ReadonlyArray<Row> = [
  ["STZ-01", "B", "MUST", "what a stanza is"],
  ["STZ-02", "B", "MAY", "addresses are optional"],
  ["STZ-03", "B", "PROJECT", "missing addresses are those of the stream"],
  ["STZ-04", "B", "MUST", "link-local stanzas carry advertised names"],
  ["STZ-05", "B", "MUST", "an explicit `from` is the authorised peer"],
  ["STZ-06", "B", "PROJECT", "an explicit `from` is the announced peer"],
  ["STZ-07", "B", "PROJECT", "an explicit `from` of a nameless peer is unverified"],
  ["STZ-08", "B", "PROJECT", "a `from` that is no address closes the stream"],
  ["STZ-09", "B", "PROJECT", "a `to` that is no address is answered with an error"],
  ["STZ-10", "B", "PROJECT", "a stanza for somebody else is answered, never forwarded"],
  ["STZ-11", "B", "MUST", "requests have an id, answers copy it"],
  ["STZ-12", "B", "MAY", "ids are not interpreted"],
  ["STZ-13", "B", "MUST", "a message without known type is normal"],
  ["STZ-14", "B", "MUST NOT", "stanzas are not relayed between mesh and network"],
  ["STZ-15", "B", "MUST", "a message with an unknown payload does no harm"],
  ["STZ-16", "B", "MUST", "unknown parts of a stanza are ignored"],
  ["STZ-17", "B", "MUST", "presence with an unknown payload counts as empty"],
  ["STZ-18", "B", "rule", "presence stanzas are delivered"],
  ["STZ-19", "B", "MUST", "order is kept, both ways"],
  ["STZ-20", "B", "MUST NOT", "no stanza after our footer"],
  ["STZ-21", "B", "SHOULD", "stanzas after our footer are still presented"],
  ["STZ-22", "B", "MUST", "a stanza over the limit closes the stream"],
  ["STZ-23", "B", "PROJECT", "early stanzas wait, up to a bound"],
  ["STZ-24", "B", "MUST NOT", "an unfinished stanza is not delivered"]
]

export const iq: ReadonlyArray<Row> = [
  ["IQ-01", "B", "MUST", "an iq has an id"],
  ["IQ-02", "B", "MUST", "an iq has one of four types"],
  ["IQ-03", "B", "MUST", "a request gets exactly one reply"],
  ["IQ-04", "B", "MUST NOT", "a reply is not answered"],
  ["IQ-05", "B", "MUST", "a request has exactly one child"],
  ["IQ-06", "B", "MUST", "a result has at most one child"],
  ["IQ-07", "B", "MUST", "an error reply holds an error"],
  ["IQ-08", "B", "MUST", "a reply that nobody awaits is ignored"],
  ["IQ-09", "B", "MUST", "an unknown payload is unavailable"],
  ["IQ-10", "B", "SHOULD", "an unknown element of a known namespace is not implemented"],
  ["IQ-11", "B", "SHOULD", "a payload that breaks its syntax is a bad request"],
  ["IQ-12", "B", "PROJECT", "a handler that fails or dawdles is answered for"],
  ["IQ-13", "B", "PROJECT", "requests fail when the stream ends"],
  ["IQ-14", "B", "PROJECT", "requests on their way have different ids"]
]

export const serr: ReadonlyArray<Row> = [
  ["SERR-01", "B", "MUST", "an error goes back as the same kind with the same id"],
  ["SERR-02", "B", "MUST", "an error holds one defined condition"],
  ["SERR-03", "B", "MUST", "an unknown error type counts as `cancel`"],
  ["SERR-04", "B", "MUST NOT", "only error stanzas hold errors"],
  ["SERR-05", "B", "MUST NOT", "offending XML is not echoed"],
  ["SERR-06", "B", "MUST NOT", "an error is not answered with an error"],
  ["SERR-07", "B", "MUST", "an unknown condition counts as undefined"],
  ["SERR-08", "B", "MUST", "an unknown application element is ignored"],
  ["SERR-09", "B", "MUST", "errors do not give presence away"],
  ["SERR-10", "B", "SHOULD", "redirects are followed by consent only"]
]

export const err: ReadonlyArray<Row> = [
  ["ERR-01", "B", "MUST", "a stream error is followed by the footer at once"],
  ["ERR-02", "B", "MUST", "a stream error is answered with a footer"],
  ["ERR-03", "R", "MUST", "an error about the initial header follows a header"],
  ["ERR-04", "B", "MUST", "a condition out of its namespace counts as undefined"],
  ["ERR-05", "B", "MUST", "unknown and older conditions are understood"],
  ["ERR-06", "B", "MUST NOT", "the text of an error decides nothing"],
  ["ERR-07", "B", "MAY", "an error may hold one application element"],
  ["ERR-08", "B", "MUST NOT", "there is no second error"],
  ["ERR-09", "B", "PROJECT", "an error that crosses ours is recorded"],
  ["ERR-10", "B", "MUST NOT", "offending data is not processed"],
  ["ERR-11", "B", "MUST NOT", "faults of TLS are not told in XML"],
  ["ERR-12", "B", "PROJECT", "`bad-format` never stands in for a closer condition"],
  ["ERR-13", "B", "MAY", "an error without footer is waited out"],
  ["ERR-20", "B", "PROJECT", "when `bad-format` is sent"],
  ["ERR-21", "B", "PROJECT", "when `bad-namespace-prefix` is sent"],
  ["ERR-22", "B", "PROJECT", "when `conflict` is sent"],
  ["ERR-23", "B", "PROJECT", "when `connection-timeout` is sent"],
  ["ERR-24", "R", "PROJECT", "when `host-gone` is sent"],
  ["ERR-25", "B", "PROJECT", "when `host-unknown` is sent"],
  ["ERR-26", "B", "PROJECT", "`improper-addressing` is never sent"],
  ["ERR-27", "B", "PROJECT", "when `internal-server-error` is sent"],
  ["ERR-28", "B", "PROJECT", "when `invalid-from` is sent"],
  ["ERR-29", "B", "PROJECT", "when `invalid-namespace` is sent"],
  ["ERR-30", "B", "PROJECT", "when `invalid-xml` is sent"],
  ["ERR-31", "B", "PROJECT", "when `not-authorized` is sent"],
  ["ERR-32", "B", "PROJECT", "when `not-well-formed` is sent"],
  ["ERR-33", "B", "PROJECT", "when `policy-violation` is sent"],
  ["ERR-34", "B", "PROJECT", "`remote-connection-failed` is never sent"],
  ["ERR-35", "B", "PROJECT", "when `reset` is sent"],
  ["ERR-36", "B", "PROJECT", "when `resource-constraint` is sent"],
  ["ERR-37", "B", "PROJECT", "when `restricted-xml` is sent"],
  ["ERR-38", "R", "PROJECT", "when `see-other-host` is sent"],
  ["ERR-39", "B", "PROJECT", "when `system-shutdown` is sent"],
  ["ERR-40", "B", "PROJECT", "when `undefined-condition` is sent"],
  ["ERR-41", "B", "PROJECT", "when `unsupported-encoding` is sent"],
  ["ERR-42", "I", "PROJECT", "when `unsupported-feature` is sent"],
  ["ERR-43", "B", "PROJECT", "when `unsupported-stanza-type` is sent"],
  ["ERR-44", "B", "PROJECT", "when `unsupported-version` is sent"],
  ["ERR-50", "B", "PROJECT", "`see-other-host` is reported, and followed with care"],
  ["ERR-51", "B", "PROJECT", "`reset` allows to come back at once"],
  ["ERR-52", "B", "PROJECT", "`conflict` forbids to come back by itself"],
  ["ERR-53", "B", "PROJECT", "unknown and gone hosts ask for new discovery"],
  ["ERR-54", "B", "PROJECT", "policy and XML faults forbid to come back by itself"],
  ["ERR-55", "B", "PROJECT", "transient conditions allow to come back with delay"],
  ["ERR-56", "B", "PROJECT", "a stream error ends the session of stream management"]
]

export const dup: ReadonlyArray<Row> = [
  ["DUP-01", "B", "PROJECT", "of two streams dialled crosswise one is kept, the same at both ends"],
  ["DUP-02", "B", "PROJECT", "of two streams of one party the newer wins"]
]
