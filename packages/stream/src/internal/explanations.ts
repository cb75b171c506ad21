/**
 * Each cause of an end, for people: what happened, and what they can do.
 */
import type { Reason } from "@xmpp-e2e/protocol"

/** `happened` goes on with a condition or a detail; `advice` is whole sentences. */
export interface Explanation {
  readonly happened: string
  readonly advice: string
}

/** @internal */
export const explanations: Readonly<Record<Reason.Cause, Explanation>> = {
  closedBySelf: { happened: "we closed the stream", advice: "Nothing needs to be done." },
  closedByPeer: { happened: "the peer closed the stream", advice: "Connect again if there is more to say." },
  idle: { happened: "the stream was idle for too long", advice: "Connect again when needed, or raise idleMillis." },
  neverOpened: { happened: "the stream was ended before it began", advice: "Nothing needs to be done." },
  closedBeforeStream: {
    happened: "the stream was closed before both sides had opened it",
    advice: "Nothing needs to be done."
  },
  aborted: { happened: "our own side broke the stream off", advice: "What was on its way may be lost." },
  failedBySelf: {
    happened: "our own side ended the stream with an error",
    advice: "Its detail says which part of the application asked for it."
  },
  misbehaved: {
    happened: "the peer broke the protocol and was told",
    advice: "Record the stream and show the recording to the makers of the peer's software."
  },
  reported: {
    happened: "the peer ended the stream with an error",
    advice: "Its condition names what the peer objects to; the peer's log may say more."
  },
  unsupportedVersion: {
    happened: "the peer speaks a version of XML streams that our policy does not accept",
    advice: "A peer without a version needs policy legacy accept and TLS not required; better, update the peer."
  },
  unsupportedFeature: {
    happened: "the peer insists on a feature that we do not have or may not use",
    advice: "Compare the tls and sasl policies of both sides."
  },
  tlsRefused: {
    happened: "the peer will not turn to TLS",
    advice: "Our policy requires it. Let the peer allow TLS, and give it a certificate."
  },
  tlsFailed: {
    happened: "the TLS handshake failed",
    advice: "Check that both sides have a certificate with its key and share TLS 1.2 or 1.3."
  },
  tlsTimeout: {
    happened: "the TLS handshake took too long",
    advice: "Try again; a peer that stays silent here may not speak TLS on this port, or stepMillis is too short."
  },
  certificate: {
    happened: "the peer's certificate was not accepted",
    advice: "If the peer is who it should be, add its authority or its fingerprint to what is trusted."
  },
  verdictTimeout: {
    happened: "nobody decided about the peer's certificate in time",
    advice: "Connect again and answer, or decide beforehand by pinning the fingerprint."
  },
  identity: {
    happened: "the peer is not whom we wanted, or names an address that it may not use",
    advice: "Compare the address asked for with those in the peer's certificate."
  },
  noMechanism: {
    happened: "the peer wants authentication by a mechanism that we cannot use",
    advice: "Only SASL EXTERNAL is used between peers; it needs a certificate of ours that the peer accepts."
  },
  authenticationRequired: {
    happened: "our policy requires authentication, and the peer cannot be authenticated",
    advice: "The peer needs a certificate with its address that we trust."
  },
  authenticationFailed: {
    happened: "the peer did not accept our identity",
    advice: "The address we use must stand in the certificate we show, and the peer must trust its issuer."
  },
  authenticationAborted: {
    happened: "authentication was broken off",
    advice: "The peer asked for something that EXTERNAL does not have; its software may be at fault."
  },
  tooManyTries: {
    happened: "the peer tried to authenticate too often",
    advice: "Its certificate holds none of the addresses that it claims."
  },
  refusedByPeer: {
    happened: "the peer closed the stream during the negotiation",
    advice: "It gave no reason on the stream; its log may."
  },
  flood: {
    happened: "the peer sent too much before it was admitted",
    advice: "Nothing needs to be done; the connection was dropped."
  },
  noHeader: {
    happened: "the peer connected and did not open a stream in time",
    advice: "A port scanner looks like this. A slow peer needs a longer stepMillis."
  },
  silence: {
    happened: "the peer did not go on with the negotiation in time",
    advice: "Try again; a slow peer needs a longer stepMillis or negotiationMillis."
  },
  unresponsive: {
    happened: "the peer no longer answers",
    advice: "Its machine or the network between may be gone. Connect again later."
  },
  peerGone: {
    happened: "the connection ended during the negotiation",
    advice: "If that was right after TLS, the peer may have refused our certificate; its log says."
  },
  truncated: {
    happened: "the connection ended although the peer had not closed its stream",
    advice: "The last stanzas of the peer may be missing. Connect again."
  },
  transportLost: { happened: "the connection failed", advice: "Check address, port and network, then connect again." },
  closeTimeout: {
    happened: "the peer did not close its stream in time after we had closed ours",
    advice: "What we sent has been written; whether the peer read it is unknown."
  },
  certificateExpired: {
    happened: "a certificate of the peer's path expired while the stream was open",
    advice: "Connect again once the peer has a new certificate."
  },
  certificateRevoked: {
    happened: "the peer's certificate was revoked while the stream was open",
    advice: "Do not connect again before the peer has a new certificate."
  }
}
