/**
 * Schema of the configuration, the head's only decisive content.
 */
import type { Config as Configs } from "@xmpp-e2e/protocol"
import * as Namespace from "@xmpp-e2e/protocol/Namespace"
import * as Schema from "effect/Schema"
import type { Drift, Proof } from "./tagged.ts"
import { Resumption } from "./values.ts"
import { Element } from "./xml.ts"

/** @internal */
export const Policy = Schema.Struct({
  profile: Schema.Literals(["0.1", "0.1.1"]),
  tls: Schema.Literals(["required", "preferred", "never"]),
  tlsEntry: Schema.Literals(["starttls", "direct"]),
  sasl: Schema.Literals(["ifUsable", "required", "never"]),
  authenticatePeer: Schema.Boolean,
  legacy: Schema.Literals(["refuse", "accept"]),
  contentNamespace: Schema.Literals([Namespace.client, Namespace.server]),
  unknownElement: Schema.Literals(["ignore", "close"]),
  strictStreamPrefix: Schema.Boolean,
  strictIds: Schema.Boolean,
  hideFromBeforeTls: Schema.Boolean
})

/** @internal */
export const Limits = Schema.Struct({
  headerBytesMax: Schema.Finite,
  elementBytesMax: Schema.Finite,
  depthMax: Schema.Finite,
  attributesMax: Schema.Finite,
  heldStanzasMax: Schema.Finite,
  heldBytesMax: Schema.Finite,
  deferredMax: Schema.Finite,
  saslTriesMax: Schema.Finite
})

/** @internal */
export const Timeouts = Schema.Struct({
  negotiationMillis: Schema.Finite,
  stepMillis: Schema.Finite,
  verdictMillis: Schema.Finite,
  commitMillis: Schema.Finite,
  closeMillis: Schema.Finite,
  drainMillis: Schema.Finite,
  endMillis: Schema.Finite,
  keepaliveMillis: Schema.Finite,
  idleMillis: Schema.optionalKey(Schema.Finite),
  pongMillis: Schema.Finite,
  acknowledgementMillis: Schema.Finite
})

/** @internal */
export const Management = Schema.Struct({
  use: Schema.Boolean,
  resumableSeconds: Schema.optionalKey(Schema.Finite),
  resume: Schema.optionalKey(Resumption)
})

/** @internal */
export const Config = Schema.Struct({
  role: Schema.Literals(["initiator", "recipient"]),
  self: Schema.String,
  aliases: Schema.Array(Schema.String),
  former: Schema.Array(Schema.String),
  peer: Schema.optionalKey(Schema.String),
  naming: Schema.Literals(["jid", "linkLocal"]),
  policy: Policy,
  limits: Limits,
  timeouts: Timeouts,
  lang: Schema.String,
  languages: Schema.Array(Schema.String),
  extraFeatures: Schema.Array(Element),
  certificate: Schema.optionalKey(Schema.Struct({ addresses: Schema.Array(Schema.String) })),
  management: Management
})

/** @internal */
export type Proofs = [
  Proof<Drift<typeof Policy, Configs.Policy>>,
  Proof<Drift<typeof Limits, Configs.Limits>>,
  Proof<Drift<typeof Timeouts, Configs.Timeouts>>,
  Proof<Drift<typeof Management, Configs.Management>>,
  Proof<Drift<typeof Config, Configs.Config>>
]
