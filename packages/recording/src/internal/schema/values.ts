/**
 * Schemas of the values that events, actions and notices share.
 */
import type { Event, Header, State, Timer as Timers, Verdict as Verdicts } from "@xmpp-e2e/protocol"
import * as Condition from "@xmpp-e2e/protocol/Condition"
import * as Reason from "@xmpp-e2e/protocol/Reason"
import * as Schema from "effect/Schema"
import type { Drift, Proof } from "./tagged.ts"
import { Element } from "./xml.ts"

/** @internal */
export const Timer = Schema.Literals([
  "negotiation",
  "step",
  "verdict",
  "commit",
  "keepalive",
  "idle",
  "pong",
  "certificate",
  "acknowledgement",
  "close",
  "drain",
  "end"
])

/** @internal */
export const StreamCondition = Schema.Literals(Condition.conditions)

/** @internal */
export const StreamError = Schema.Struct({
  condition: StreamCondition,
  text: Schema.optionalKey(Schema.String),
  application: Schema.optionalKey(Element),
  host: Schema.optionalKey(Schema.String)
})

/** @internal */
export const StreamHeader = Schema.Struct({
  to: Schema.optionalKey(Schema.String),
  from: Schema.optionalKey(Schema.String),
  id: Schema.optionalKey(Schema.String),
  version: Schema.optionalKey(Schema.Literal("1.0")),
  lang: Schema.optionalKey(Schema.String),
  contentNamespace: Schema.String
})

/** `TlsFacts` without the certificates. @internal */
export const TlsSummary = Schema.Struct({
  protocol: Schema.String,
  cipher: Schema.String,
  resumed: Schema.Boolean
})

/** @internal */
export const TlsFacts = Schema.Struct({ ...TlsSummary.fields, chain: Schema.Array(Schema.String) })

/** @internal */
export const Resumption = Schema.Struct({
  id: Schema.String,
  identity: Schema.String,
  handled: Schema.Int,
  sent: Schema.Int,
  unacknowledged: Schema.Array(Element)
})

/** @internal */
export const Verdict = Schema.Struct({
  decision: Schema.Literals(["accept", "reject"]),
  code: Schema.Literals([
    "noCertificate",
    "malformed",
    "offerMismatch",
    "pinned",
    "pinMismatch",
    "trusted",
    "identityMismatch",
    "noIdentity",
    "expired",
    "notYetValid",
    "revoked",
    "revocationUnknown",
    "badSignature",
    "nameChaining",
    "notACa",
    "pathLength",
    "keyUsage",
    "purpose",
    "policy",
    "nameConstraint",
    "unknownCritical",
    "weakSignature",
    "weakKey",
    "eeIsCa",
    "emptySubject",
    "selfSigned",
    "untrustedCa",
    "firstUse",
    "userRejected",
    "verdictTimeout",
    "internal"
  ]),
  rule: Schema.String,
  because: Schema.String,
  strength: Schema.Literals(["pki", "pinned", "firstUse", "custom", "none"]),
  identity: Schema.optionalKey(Schema.String),
  authorised: Schema.Array(Schema.String),
  notices: Schema.Array(Schema.String),
  fingerprint: Schema.optionalKey(Schema.String),
  expiresIn: Schema.optionalKey(Schema.Finite)
})

/** @internal */
export const PeerIdentity = Schema.Struct({
  address: Schema.optionalKey(Schema.String),
  how: Schema.Literals(["sasl", "certificate", "announced", "unknown"]),
  verified: Schema.Boolean,
  alias: Schema.optionalKey(Schema.String)
})

/** @internal */
export const StreamReason = Schema.Struct({
  _tag: Schema.Literals([
    "Finished",
    "PeerMisbehaved",
    "PeerIncompatible",
    "PeerReported",
    "NotAdmitted",
    "LocalPolicy",
    "Environment"
  ]),
  cause: Schema.Literals(Object.keys(Reason.causes) as ReadonlyArray<Reason.Cause>),
  rule: Schema.String,
  condition: Schema.optionalKey(StreamCondition),
  detail: Schema.optionalKey(Schema.String)
})

/** @internal */
export type Proofs = [
  Proof<Drift<typeof Timer, Timers.Timer>>,
  Proof<Drift<typeof StreamCondition, Condition.StreamCondition>>,
  Proof<Drift<typeof StreamError, Condition.StreamError>>,
  Proof<Drift<typeof StreamHeader, Header.StreamHeader>>,
  Proof<Drift<typeof TlsSummary, Omit<Event.TlsFacts, "chain">>>,
  Proof<Drift<typeof TlsFacts, Event.TlsFacts>>,
  Proof<Drift<typeof Resumption, Event.Resumption>>,
  Proof<Drift<typeof Verdict, Verdicts.Verdict>>,
  Proof<Drift<typeof PeerIdentity, State.PeerIdentity>>,
  Proof<Drift<typeof StreamReason, Reason.Reason>>
]
