/** Rows of the ledger on discovery without a server, and on entity capabilities. */
import type { Row } from "../ledger.ts"

export const ll: ReadonlyArray<Row> = [
  ["LL-01", "B", "MUST", "whoever is available publishes PTR, SRV, TXT and an address"],
  ["LL-02", "B", "MUST", "a TXT record without content is one empty string; empty and missing are the same"],
  ["LL-03", "B", "MUST", "a TXT string is split at its first equals sign; without a key it is ignored"],
  ["LL-04", "B", "MUST", "TXT keys are printable ASCII and compared without case"],
  ["LL-05", "B", "MUST NOT", "no TXT key is sent twice; of those received, the first counts"],
  ["LL-06", "B", "SHOULD", "`txtvers=1` comes first; the keys of another version are ignored"],
  ["LL-07", "B", "MUST", "unknown keys are ignored, missing ones done without"],
  ["LL-08", "B", "rule", "sizes of TXT records that fit, and that are refused"],
  ["LL-09", "B", "rule", "the registered TXT keys"],
  ["LL-10", "B", "MUST", "the port is that of SRV; `port.p2pj` is written for old peers and ignored"],
  ["LL-11", "B", "MUST", "a name that is taken gets a number, after the machine or after the user"],
  ["LL-12", "B", "MUST", "a name is probed for before it is announced"],
  ["LL-13", "B", "SHOULD", "host records live 120 s, the others 75 min"],
  ["LL-14", "B", "MUST", "entities are found by PTR, without the own instance"],
  ["LL-15", "B", "SHOULD NOT", "SRV and TXT are not asked for before there is something to say"],
  ["LL-16", "B", "MAY", "further records come with the PTR answer, or do not"],
  ["LL-17", "B", "MUST", "an instance is one label of at most 63 octets, escaped in text"],
  ["LL-18", "B", "MUST NOT", "the machine part has nothing beyond ASCII"],
  ["LL-19", "B", "MUST", "an entity on several interfaces is shown once"],
  ["LL-20", "B", "MUST", "going offline sends a goodbye"],
  ["LL-21", "B", "MUST", "a goodbye ends queries, and a second later the entity"],
  ["LL-22", "B", "MUST", "presence is the TXT record; `avail` is the default status"],
  ["LL-23", "B", "SHOULD", "capabilities stand in TXT as XEP-0115 has them"],
  ["LL-24", "B", "SHOULD", "a picture is a record of its own, known by its hash"],
  ["LL-25", "B", "MUST", "personal keys can be withheld"],
  ["LL-26", "B", "rule", "nothing in DNS records is authenticated"],
  ["LL-27", "I", "MUST", "to connect, SRV and addresses are resolved, and the stream goes to that port"],
  ["LL-28", "B", "MAY", "the same service in ordinary DNS-SD"],
  ["LL-29", "B", "SHOULD", "priority and weight of a single SRV are 0"],
  ["LL-30", "B", "MAY", "a person is asked before a chat begins"],
  ["LL-31", "B", "SHOULD", "the instance is the name that is shown"]
]

export const caps: ReadonlyArray<Row> = [
  ["CAPS-01", "B", "MUST", "`ver` is the hash of identities, features and forms in their order by octets"],
  ["CAPS-02", "B", "MUST", "an answer is kept for others only when its hash is the claimed one"],
  ["CAPS-03", "B", "MUST", "without a known hash the entity is asked, for itself alone"],
  ["CAPS-04", "B", "PROJECT", "features heard before TLS are for display only"]
]
