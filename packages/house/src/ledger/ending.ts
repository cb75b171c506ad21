/** Rows of the ledger on closing, time, addresses, limits, and the choices made where the texts disagree. */
import type { Row } from "../ledger.ts"

export const end: ReadonlyArray<Row> = [
  ["END-01", "B", "MAY", "a footer closes an open stream"],
  ["END-02", "B", "MUST", "nothing is written after our footer"],
  ["END-03", "B", "MUST", "reading goes on after our footer"],
  ["END-04", "B", "MUST", "the peer's footer is answered, after what is queued"],
  ["END-05", "B", "MUST", "the transport outlives our footer"],
  ["END-06", "B", "MUST", "a peer that does not answer our footer is given up"],
  ["END-07", "B", "MUST", "a transport that ends without footer truncates the stream"],
  ["END-08", "B", "MUST", "who closed first ends the transport"],
  ["END-09", "B", "MUST", "close_notify follows both footers"],
  ["END-10", "B", "PROJECT", "a missing close_notify after both footers is clean"],
  ["END-11", "B", "MUST", "simultaneous footers answer each other"],
  ["END-12", "B", "PROJECT", "a half-closed transport is closed from our side too"],
  ["END-13", "B", "PROJECT", "where no stream is open, closing ends the transport"],
  ["END-14", "B", "PROJECT", "closing during the TLS handshake drops the transport"],
  ["END-15", "B", "PROJECT", "an abort drops the transport from anywhere"],
  ["END-16", "I", "SHOULD", "an acknowledgement precedes our footer"],
  ["END-17", "B", "PROJECT", "data after the peer's footer is ignored"],
  ["END-18", "B", "PROJECT", "a footer during negotiation is a refusal"],
  ["END-19", "I", "SHOULD", "who only wanted the features closes after them"],
  ["END-20", "B", "PROJECT", "after unparsable input our direction ends at once"],
  ["END-21", "I", "PROJECT", "closing while `starttls` is unanswered sends no footer"]
]

export const time: ReadonlyArray<Row> = [
  ["TIME-01", "B", "MAY", "a space keeps the stream alive, where it is allowed"],
  ["TIME-02", "B", "SHOULD", "liveness is checked rarely"],
  ["TIME-03", "R", "PROJECT", "without an initial header the transport ends"],
  ["TIME-04", "I", "PROJECT", "an unanswered step times out with an error"],
  ["TIME-05", "R", "PROJECT", "an initiator that ignores the features times out"],
  ["TIME-06", "B", "PROJECT", "a slow TLS handshake is dropped"],
  ["TIME-07", "B", "PROJECT", "the whole negotiation has a limit"],
  ["TIME-08", "B", "SHOULD", "a dead transport gets no error"],
  ["TIME-09", "B", "SHOULD", "an unanswered probe times out with an error"],
  ["TIME-10", "B", "MAY", "idle peers are welcome, or closed plainly"],
  ["TIME-11", "B", "SHOULD", "coming back is delayed and backs off"],
  ["TIME-12", "B", "SHOULD", "certificates that expire reset the stream"],
  ["TIME-13", "B", "PROJECT", "a peer that judges us gets the time for it"]
]

export const jid: ReadonlyArray<Row> = [
  ["JID-01", "B", "MUST", "addresses are split at the first slash, then at the first at-sign"],
  ["JID-02", "B", "MUST", "each part has 1 to 1023 octets"],
  ["JID-03", "B", "MUST", "domain parts are host names or addresses, mapped by IDNA"],
  ["JID-04", "B", "MUST", "local parts are mapped and checked by PRECIS"],
  ["JID-05", "B", "MUST", "resource parts are opaque strings of PRECIS"],
  ["JID-06", "B", "MUST", "addresses compare octet by octet once enforced"],
  ["JID-07", "B", "PROJECT", "empty parts make no address"],
  ["JID-08", "B", "PROJECT", "a resource does not start with a space"],
  ["JID-09", "B", "PROJECT", "link-local names have a form of their own"],
  ["JID-10", "B", "PROJECT", "the kind of stream decides how an address compares"],
  ["JID-11", "B", "MUST", "IPv6 is written in its short form"]
]

export const lim: ReadonlyArray<Row> = [
  ["LIM-01", "R", "SHOULD", "connections are limited"],
  ["LIM-02", "B", "SHOULD", "the size of a stanza is limited, not too low"],
  ["LIM-03", "B", "SHOULD", "rate is limited by back-pressure first"],
  ["LIM-04", "B", "MUST NOT", "unauthenticated peers are not served"],
  ["LIM-05", "B", "PROJECT", "memory before completion is bounded"]
]

export const amb: ReadonlyArray<Row> = [
  ["AMB-01", "B", "PROJECT", "headers of Jingle streams: bare sent, both read"],
  ["AMB-02", "B", "PROJECT", "the content namespace: `jabber:client` unless told otherwise"],
  ["AMB-03", "R", "PROJECT", "features are a duty between ends of 1.0"],
  ["AMB-04", "B", "PROJECT", "required TLS refuses a peer without version by `unsupported-version`"],
  ["AMB-05", "R", "PROJECT", "a higher major is answered, not refused"],
  ["AMB-06", "B", "PROJECT", "SASL after TLS: offered with a usable certificate, then mandatory"],
  ["AMB-07", "R", "PROJECT", "`starttls` without an offer proceeds"],
  ["AMB-08", "R", "PROJECT", "several identities and no name: `from` decides"],
  ["AMB-09", "R", "PROJECT", "SASL failures leave the stream open where a retry can help"],
  ["AMB-10", "R", "PROJECT", "a second `enable` fails and the stream goes on"],
  ["AMB-11", "R", "PROJECT", "voluntary TLS: the recipient waits before it speaks"],
  ["AMB-12", "B", "PROJECT", "a byte order mark is not well-formed"],
  ["AMB-13", "B", "PROJECT", "extra declarations in a header harm only where they are used"],
  ["AMB-14", "B", "PROJECT", "a leading space in a resource is refused"],
  ["AMB-15", "B", "PROJECT", "link-local queries use the full instance name"],
  ["AMB-16", "B", "PROJECT", "Jingle namespaces are those of version 1"],
  ["AMB-17", "B", "PROJECT", "SOCKS5 hashes use the transport's sid"],
  ["AMB-18", "B", "PROJECT", "XTLS fingerprints are SHA-256, SHA-1 is read"],
  ["AMB-19", "B", "PROJECT", "who closes ends the transport, the other after a while"],
  ["AMB-20", "B", "PROJECT", "the wait for close_notify is bounded"],
  ["AMB-21", "B", "PROJECT", "white space before TLS goes to TLS"],
  ["AMB-22", "B", "PROJECT", "a stanza for somebody else gets a stanza error"],
  ["AMB-23", "B", "PROJECT", "a wrong `from` closes the stream"],
  ["AMB-24", "I", "PROJECT", "any `required` child makes a feature mandatory"],
  ["AMB-25", "B", "PROJECT", "of the two revisions the newer holds, stricter words of the older stay"],
  ["AMB-26", "I", "PROJECT", "an initiator follows redirects only of an authenticated peer"],
  ["AMB-27", "B", "PROJECT", "unknown elements are ignored, unless their namespace is known"],
  ["AMB-28", "B", "PROJECT", "the list of conditions follows the text, not the schema"],
  ["AMB-29", "B", "PROJECT", "rules between servers are not used"],
  ["AMB-30", "B", "PROJECT", "an oversize stanza is a stream error"]
]
