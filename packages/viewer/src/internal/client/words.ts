/** What kinds and phases are called on the page. */
import type { Kind, Phase } from "../model.ts"

/** @internal */
export const phaseWords: Readonly<Record<Phase, string>> = {
  opening: "Negotiation",
  tls: "TLS handshake",
  verdict: "Verdict",
  sasl: "SASL",
  open: "Established",
  closing: "Closing",
  closed: "Closed"
}

/** @internal */
export const kindWords: Readonly<Record<Kind, string>> = {
  negotiation: "Negotiation",
  stanza: "Stanzas",
  tls: "TLS",
  certificate: "Certificates",
  sasl: "SASL",
  timer: "Timers",
  request: "Requests",
  transport: "Transport",
  error: "Errors"
}
