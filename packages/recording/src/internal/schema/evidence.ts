/**
 * Schemas of what a verdict rests on. Recordings from before it was kept have none.
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Schema from "effect/Schema"
import type { Drift, Proof } from "./tagged.ts"

/** @internal */
export const CertificateFacts = Schema.Struct({
  sent: Schema.Boolean,
  subject: Schema.String,
  issuer: Schema.String,
  serial: Schema.String,
  names: Schema.Array(
    Schema.Struct({ kind: Schema.Literals(["xmppAddr", "srvName", "dnsName", "ipAddress"]), value: Schema.String })
  ),
  notBefore: Schema.Finite,
  notAfter: Schema.Finite,
  key: Schema.String,
  fingerprint: Schema.optionalKey(Schema.String)
})

/** @internal */
export const Claim = Schema.Struct({
  about: Schema.Literals(["verdict", "combination", "model", "path", "certificate", "rule"]),
  words: Schema.String,
  holds: Schema.Boolean,
  needs: Schema.Literals(["all", "any"]),
  reasons: Schema.Array(Schema.suspend((): Schema.Codec<Verdict.Claim> => Claim)),
  rule: Schema.optionalKey(Schema.String),
  source: Schema.optionalKey(Schema.String),
  found: Schema.optionalKey(Schema.String),
  certificate: Schema.optionalKey(Schema.Natural)
})

/** @internal */
export const Evidence = Schema.Struct({ certificates: Schema.Array(CertificateFacts), proof: Claim })

/** @internal */
export type Proofs = [
  Proof<Drift<typeof CertificateFacts, Verdict.CertificateFacts>>,
  Proof<Drift<typeof Claim, Verdict.Claim>>,
  Proof<Drift<typeof Evidence, Verdict.Evidence>>
]
