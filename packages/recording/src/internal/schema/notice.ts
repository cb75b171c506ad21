/**
 * Schema of notices.
 */
import type { Notice as Notices } from "@xmpp-e2e/protocol"
import * as Schema from "effect/Schema"
import { type Drift, type Proof, tagged } from "./tagged.ts"
import { PeerIdentity, Resumption, StreamError, StreamReason, TlsSummary, Verdict } from "./values.ts"

/** @internal */
export const Diagnostic = Schema.Literals([
  "unexpectedEvent",
  "unexpectedElement",
  "unexpectedFeatures",
  "unexpectedTimer",
  "unknownElement",
  "ignoredAddress",
  "ignoredLanguage",
  "missingId",
  "repeatedId",
  "repeatedFeature",
  "tlsNotAdvertised",
  "tlsRefused",
  "whitespaceInWindow",
  "unknownReply",
  "droppedStanza",
  "certificateExpired",
  "resumptionRefused",
  "staleAcknowledgement"
])

/** @internal */
export const Notice = tagged("a notice", [
  Schema.TaggedStruct("TlsOn", { facts: TlsSummary, verdict: Verdict }),
  Schema.TaggedStruct("CertificateRejected", { verdict: Verdict }),
  Schema.TaggedStruct("AuthenticationFailed", { condition: Schema.String, text: Schema.optionalKey(Schema.String) }),
  Schema.TaggedStruct("Negotiated", { peer: PeerIdentity, secured: Schema.Boolean, resumed: Schema.Boolean }),
  Schema.TaggedStruct("InsecureChannel", {}),
  Schema.TaggedStruct("PeerError", { error: StreamError }),
  Schema.TaggedStruct("SentError", { error: StreamError }),
  Schema.TaggedStruct("Redirected", { host: Schema.String }),
  Schema.TaggedStruct("PeerClosed", {}),
  Schema.TaggedStruct("ManagementOn", { id: Schema.optionalKey(Schema.String) }),
  Schema.TaggedStruct("ManagementOff", {}),
  Schema.TaggedStruct("StanzasAcknowledged", { requests: Schema.Array(Schema.Int) }),
  Schema.TaggedStruct("Diagnostic", { about: Diagnostic, detail: Schema.optionalKey(Schema.String) }),
  Schema.TaggedStruct("Ended", {
    reason: StreamReason,
    clean: Schema.Boolean,
    unsent: Schema.Array(Schema.Int),
    endedLate: Schema.Boolean,
    resumption: Schema.optionalKey(Resumption)
  })
])

/** @internal */
export type Proofs = [Proof<Drift<typeof Diagnostic, Notices.Diagnostic>>, Proof<Drift<typeof Notice, Notices.Notice>>]
