/**
 * Tables of the state machine, whose rows are counted from 1, and the invariants that hold over all of them. (What is done
 * with a stanza has no table here: its rows are STZ and IQ.)
 */
import type { Row } from "../ledger.ts"

/** `8.2` has 10 rows: `8.2.1` to `8.2.10`. */
export const tables: ReadonlyArray<readonly [table: string, rows: number, title: string]> = [
  ["7.1", 12, "the check of a header"],
  ["7.2", 7, "what a recipient offers"],
  ["7.3", 9, "what an initiator does with features"],
  ["7.4", 8, "EXTERNAL at the recipient"],
  ["8.0", 16, "defaults"],
  ["8.1", 6, "`Dormant`"],
  ["8.2", 10, "`Initiating.AwaitingHeader`"],
  ["8.3", 7, "`Initiating.AwaitingFeatures`"],
  ["8.4", 10, "`Initiating.AwaitingProceed`"],
  ["8.5", 7, "`AwaitingTls` of both roles"],
  ["8.6", 7, "`Initiating.AwaitingVerdict`"],
  ["8.7", 12, "`Initiating.AwaitingSasl`"],
  ["8.8", 3, "`Initiating.AwaitingAbort`"],
  ["8.9", 6, "`Initiating.AwaitingResumed`"],
  ["8.10", 10, "`Responding.AwaitingHeader`"],
  ["8.11", 12, "`Responding.AwaitingChoice` in clear"],
  ["8.12", 10, "`Responding.AwaitingChoice` in TLS"],
  ["8.13", 5, "`Responding.AwaitingResponse`"],
  ["8.14", 7, "`Responding.AwaitingCommitment`"],
  ["8.15", 7, "`Responding.AwaitingVerdict`"],
  ["8.16", 6, "`Established`, resuming"],
  ["8.17", 32, "`Established`"],
  ["8.18", 16, "`Closing.AwaitingFooter`"],
  ["8.19", 7, "`Closing.AwaitingDrain`"],
  ["8.20", 6, "`Closing.AwaitingEnd`"],
  ["8.21", 2, "`Closed`"]
]

export const invariants: ReadonlyArray<Row> = [
  ["P-01", "B", "PROJECT", "every step answers"],
  ["P-02", "B", "PROJECT", "nothing is delivered before completion"],
  ["P-03", "B", "PROJECT", "required TLS: nothing but the offer in clear"],
  ["P-04", "B", "PROJECT", "nothing is written after our footer"],
  ["P-05", "B", "PROJECT", "one footer, and one error right before it"],
  ["P-06", "B", "PROJECT", "nothing is written during TLS and judgement"],
  ["P-07", "B", "PROJECT", "nothing is written while `starttls` is unanswered"],
  ["P-08", "B", "PROJECT", "every timer is cancelled or fires"],
  ["P-09", "B", "PROJECT", "a stale timer changes nothing"],
  ["P-10", "B", "PROJECT", "the end is final and told once"],
  ["P-11", "B", "PROJECT", "the transport is ended once and dropped once"],
  ["P-12", "R", "PROJECT", "ids of one connection differ"],
  ["P-13", "B", "PROJECT", "what was said in clear has no influence after TLS"],
  ["P-14", "B", "PROJECT", "verified means: a verdict authorised it"],
  ["P-15", "B", "PROJECT", "what was queued is sent in order or reported unsent"],
  ["P-16", "B", "PROJECT", "no more stanzas are delivered than received"],
  ["P-17", "B", "PROJECT", "counts of stream management are honest"],
  ["P-18", "R", "PROJECT", "tries stay within their limit"],
  ["P-19", "B", "PROJECT", "what we write is read by our own reader"],
  ["P-20", "B", "PROJECT", "chunking changes nothing"],
  ["P-21", "B", "PROJECT", "a replay gives the same actions"],
  ["P-22", "B", "PROJECT", "two ends settle in the same way"],
  ["P-23", "B", "PROJECT", "two ends settle under any verdict"],
  ["P-24", "B", "PROJECT", "both ends know each other's identity"],
  ["P-25", "B", "PROJECT", "meddling before TLS can only prevent the stream"],
  ["P-26", "B", "PROJECT", "bytes appended before TLS are never parsed"],
  ["P-27", "B", "PROJECT", "messages arrive once, in order, unchanged"],
  ["P-28", "B", "PROJECT", "an orderly close is clean at both ends"],
  ["P-29", "B", "PROJECT", "arbitrary bytes are survived within bounds"],
  ["P-30", "B", "PROJECT", "memory stays within the limits"],
  ["P-31", "B", "PROJECT", "the size limit is exact to the byte"],
  ["P-32", "B", "PROJECT", "what is written reads back equal"],
  ["P-33", "B", "PROJECT", "the reader lets no restricted XML through"]
]
