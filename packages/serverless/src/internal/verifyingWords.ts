/** Sentences about verifications: what happened, why, and what to do. @internal */
import type { Why } from "../VerifyingFailure.ts"

/** @internal */
export const explain = (why: Why, detail?: string): string =>
  `${happened[why]}${detail === undefined ? "" : ` (${detail})`}. ${advice[why]}`

const happened: Readonly<Record<Why, string>> = {
  unencrypted: "this stream is not encrypted, so there is nothing that a string could vouch for",
  oldTls: "this stream does not use TLS 1.3, and only that binds the string to it (RFC 9266)",
  noExporter: "TLS gives nothing that would bind the string to this stream (RFC 9266)",
  noIdentity: "we have no certificate that the peer could make sure of",
  peerUnproven: "the peer has not proved its address by a certificate that we believe",
  underWay: "a verification with this peer is under way",
  unsupported: "the peer's software cannot verify in this way",
  declined: "the peer did not take the request",
  unanswered: "the peer gave no answer",
  different: "the two strings differ: somebody sits between you and the peer, and reads and writes in both names",
  commitmentBroken: "the peer broke its commitment, which nobody does by mistake: somebody tries to sit in between",
  reflected: "our own commitment came back, which nobody sends by mistake: somebody tries to sit in between",
  outOfOrder: "the peer did not keep to the order of a verification",
  malformed: "the peer sent something that belongs to no verification",
  stopped: "the verification was stopped",
  stoppedByPeer: "the peer stopped the verification",
  timedOut: "the verification took too long",
  unkept: "the strings are the same, but that could not be written down"
}

const grave =
  "Say nothing more on this stream, close it, and remove the pin of this peer before you try again over another "
  + "network"
const again = "Nothing was found out; start again when both of you are ready"
const fingerprints = "Compare fingerprints instead"

const advice: Readonly<Record<Why, string>> = {
  unencrypted: "Open a stream with TLS, and verify that one.",
  oldTls: "Have both sides allow TLS 1.3, and open a new stream.",
  noExporter: `${fingerprints}, or use software whose TLS gives an exporter.`,
  noIdentity: "Give us an identity, and open a new stream.",
  peerUnproven: "Pin its certificate or take it in at first use, and open a new stream.",
  underWay: "Finish or stop that one first.",
  unsupported: `${fingerprints}.`,
  declined: "Ask the person at the other end, and try again.",
  unanswered: "Try again once the stream works.",
  different: `${grave}.`,
  commitmentBroken: `${grave}.`,
  reflected: `${grave}.`,
  outOfOrder: `${again}.`,
  malformed: `${again}.`,
  stopped: `${again}.`,
  stoppedByPeer: `${again}.`,
  timedOut: `${again}.`,
  unkept: "Mend what keeps the store of pins from being written, and verify again."
}
