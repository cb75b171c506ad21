/** Rows of the ledger on XEP-0246 itself, stream headers, languages, versions and namespaces. */
import type { Row } from "../ledger.ts"

export const e2e: ReadonlyArray<Row> = [
  ["E2E-01", "I", "MUST", "an open transport gets an initial header"],
  ["E2E-02", "B", "MUST", "RFC 6120 applies, without resource binding"],
  ["E2E-03", "I", "SHOULD", "the initial header names both ends"],
  ["E2E-04", "B", "SHOULD", "link-local headers carry the advertised names"],
  ["E2E-05", "B", "SHOULD", "Jingle streams carry bare addresses"],
  ["E2E-06", "I", "SHOULD", "the initial header says version 1.0"],
  ["E2E-07", "R", "MUST", "a header is answered with a header"],
  ["E2E-08", "R", "MUST", "features follow when both ends speak 1.0"],
  ["E2E-09", "B", "rule", "nothing learned before TLS is trusted"],
  ["E2E-10", "B", "SHOULD", "STARTTLS follows the features"],
  ["E2E-11", "B", "SHOULD", "SASL may follow TLS"],
  ["E2E-12", "R", "SHOULD", "the TLS server asks for a certificate"],
  ["E2E-13", "B", "MUST", "certificates are made and judged by RFC 6120"],
  ["E2E-14", "B", "MAY", "a profile may add rules of its own"],
  ["E2E-15", "B", "MAY", "OpenPGP and SRP are not offered"],
  ["E2E-16", "B", "MAY", "stanzas may go without addresses"],
  ["E2E-17", "B", "MAY", "either end may close at any time"],
  ["E2E-18", "B", "MUST", "a footer is answered with a footer"],
  ["E2E-19", "B", "SHOULD", "the transport ends after both footers"],
  ["E2E-20", "B", "MAY", "clients and services may meet in any pairing"],
  ["E2E-21", "B", "MUST NOT", "nothing is relayed between mesh and network"],
  ["E2E-22", "B", "SHOULD", "an insecure stream is reported"]
]

export const hdr: ReadonlyArray<Row> = [
  ["HDR-01", "B", "SHOULD", "an XML declaration precedes each header"],
  ["HDR-02", "B", "MUST", "the root is `stream` of the stream namespace"],
  ["HDR-03", "B", "MUST", "a bad initial header is answered with header, error and footer in one write"],
  ["HDR-04", "R", "PROJECT", "of several faults the first in a fixed order counts"],
  ["HDR-05", "B", "MUST NOT", "header attributes have no prefix"],
  ["HDR-06", "B", "MAY", "foreign attributes are ignored"],
  ["HDR-07", "B", "MUST", "attributes seen before TLS are hints only"],
  ["HDR-08", "I", "MUST", "the initial header has `to`"],
  ["HDR-09", "I", "SHOULD", "the initial header has `from`, or hides it before TLS"],
  ["HDR-10", "R", "SHOULD", "a missing `to` means the default address"],
  ["HDR-11", "R", "SHOULD", "a missing `from` is accepted and gets no `to` back"],
  ["HDR-12", "R", "MUST", "the response has `from`"],
  ["HDR-13", "R", "MUST", "the response has the bare `from` as its `to`"],
  ["HDR-14", "R", "MUST", "a refusal in setup speaks as an address of ours, or as none"],
  ["HDR-15", "B", "MUST", "the peer is verified before stanzas, whatever its header says"],
  ["HDR-16", "B", "PROJECT", "link-local names compare as opaque labels"],
  ["HDR-17", "B", "PROJECT", "bare and full addresses compare by their bare part"],
  ["HDR-18", "R", "MUST", "an unknown or former `to` is refused as such"],
  ["HDR-19", "R", "PROJECT", "a `to` or `from` that is no address is refused"],
  ["HDR-20", "I", "PROJECT", "a response from somebody else ends a trusted stream"],
  ["HDR-21", "I", "PROJECT", "a response without `from` is accepted"],
  ["HDR-22", "I", "PROJECT", "a response to somebody else ends a trusted stream"],
  ["HDR-23", "R", "MUST", "each response has a fresh, unpredictable id"],
  ["HDR-24", "I", "MUST NOT", "the initial header has no id; a recipient ignores one"],
  ["HDR-25", "I", "PROJECT", "a response without id is accepted"],
  ["HDR-26", "R", "MUST", "every restart has an id of its own"],
  ["HDR-27", "B", "MUST", "a restart replaces the stream without a footer"],
  ["HDR-28", "I", "MUST", "TLS and SASL success lead to a new initial header"],
  ["HDR-29", "R", "MUST", "a restarted header gets a new header and new features"],
  ["HDR-30", "R", "MUST", "the `to` of a restart is ours, and after SASL unchanged"],
  ["HDR-31", "R", "SHOULD", "a `from` inside TLS fits the certificate"],
  ["HDR-32", "R", "PROJECT", "a `from` after SASL is the authorised identity"],
  ["HDR-33", "B", "MUST", "a nested `stream` is no restart"],
  ["HDR-34", "I", "MUST NOT", "nothing follows the initial header before its response"]
]

export const lang: ReadonlyArray<Row> = [
  ["LANG-01", "I", "SHOULD", "the initial header has a language"],
  ["LANG-02", "R", "MUST", "the response picks a language by lookup"],
  ["LANG-03", "B", "MUST", "a malformed language tag counts as absent"],
  ["LANG-04", "B", "MUST", "a stanza inherits the language of the header"],
  ["LANG-05", "B", "SHOULD", "own texts in stanzas have a language"],
  ["LANG-06", "B", "SHOULD", "texts in errors have a language"]
]

export const ver: ReadonlyArray<Row> = [
  ["VER-01", "I", "MUST", "the initial header says the highest version"],
  ["VER-02", "B", "MUST", "major and minor compare as two numbers"],
  ["VER-03", "R", "MUST", "the response says the lower of both versions"],
  ["VER-04", "B", "MUST", "a peer without version is 0.9 and gets no features"],
  ["VER-05", "B", "PROJECT", "a version below 1.0 counts as none"],
  ["VER-06", "I", "SHOULD", "an initiator that needs 1.0 refuses a 0.9 response"],
  ["VER-07", "R", "PROJECT", "a recipient that needs 1.0 refuses a 0.9 header"],
  ["VER-08", "R", "PROJECT", "a higher major is answered with 1.0"],
  ["VER-09", "I", "PROJECT", "a response of a higher major is refused"],
  ["VER-10", "B", "PROJECT", "odd version syntax is refused"],
  ["VER-11", "B", "MUST", "a higher minor is ignored"],
  ["VER-12", "I", "PROJECT", "features of a 0.9 peer are ignored"],
  ["VER-13", "B", "PROJECT", "a 0.9 stream has neither TLS nor SASL"]
]

export const ns: ReadonlyArray<Row> = [
  ["NS-01", "B", "MUST", "the stream namespace is exact"],
  ["NS-02", "B", "MAY", "both styles of declaring the content namespace are read"],
  ["NS-03", "B", "MUST", "the content namespace is the agreed one, both ways"],
  ["NS-04", "B", "MAY", "any stream prefix is read, `stream` is written"],
  ["NS-05", "B", "MUST", "a prefixed stanza closes the stream"],
  ["NS-06", "B", "MUST", "an unsupported content namespace closes the stream"],
  ["NS-07", "B", "MUST", "unknown first-level elements are ignored, or close by policy"],
  ["NS-08", "B", "PROJECT", "unknown elements of known namespaces close the stream"],
  ["NS-09", "B", "MUST NOT", "our header declares no namespace of payloads"],
  ["NS-10", "B", "SHOULD", "a prefix that only the header binds is not used inside"],
  ["NS-11", "B", "MUST NOT", "elements that look like stanzas are none"],
  ["NS-12", "B", "MUST NOT", "nothing depends on how a prefix is spelled"],
  ["NS-13", "B", "MUST", "payloads have a namespace of their own"],
  ["NS-14", "B", "SHOULD NOT", "own stanzas carry no foreign attributes"]
]
