/** Rows of the ledger on bytestreams within a stream. */
import type { Row } from "../ledger.ts"

export const ibb: ReadonlyArray<Row> = [
  ["IBB-01", "I", "MUST", "the transport of a Jingle session names its sid and the size of its blocks"],
  ["IBB-02", "R", "MAY", "who accepts a session may ask for smaller blocks, not for larger ones"],
  ["IBB-03", "I", "MUST", "the bytestream is opened with the agreed values before any block"],
  ["IBB-04", "R", "rule", "how opening is refused, and what each refusal means"],
  ["IBB-05", "R", "PROJECT", "a bytestream that nobody announced is not accepted"],
  ["IBB-06", "B", "MUST", "blocks are numbered from 0 for each sender, and 65535 is followed by 0"],
  ["IBB-07", "B", "MUST NOT", "no block has more octets than was agreed"],
  ["IBB-08", "B", "MUST", "a block is complete base64, and nothing but that"],
  ["IBB-09", "B", "MUST", "each block is answered when it has been dealt with; few are on their way"],
  ["IBB-10", "B", "MUST", "a number that was used or skipped ends the bytestream"],
  ["IBB-11", "B", "MUST", "an unknown sid, or somebody else's, is not found"],
  ["IBB-12", "B", "SHOULD", "a peer that is not there ends the bytestream"],
  ["IBB-13", "B", "MUST", "an error about a block closes the bytestream"],
  ["IBB-14", "B", "MUST", "closing is answered, after what is pending"],
  ["IBB-15", "B", "PROJECT", "a close ends both directions"],
  ["IBB-16", "B", "MAY", "messages are received where that was agreed, and not sent"],
  ["IBB-17", "B", "MAY", "several bytestreams in one Jingle session are not offered"],
  ["IBB-18", "B", "rule", "each direction counts for itself"],
  ["IBB-19", "B", "MUST", "the transport is announced"]
]
