/** The flags that say whom we believe. `listen`, `connect` and `identity show` share them; `trusting.ts` reads them. */
import * as Flag from "effect/cli/Flag"

export const store = Flag.String("trust-store").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription("Believe whoever comes first under a name and remember the certificate; a change is refused")
)

export const trust = {
  trustCa: Flag.String("trust-ca").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Believe certificates of these authorities (PEM, DER, or a directory); may be repeated"),
    Flag.atLeast(0)
  ),
  trustSystem: Flag.Boolean("trust-system").pipe(
    Flag.withDescription("Believe certificates of the authorities that this system trusts"),
    Flag.withDefault(false)
  ),
  trustPin: Flag.String("trust-pin").pipe(
    Flag.withMetavar("SHA256"),
    Flag.withDescription(
      "Believe this certificate, by its SHA-256 fingerprint; ADDRESS=SHA256 says whose; may be repeated"
    ),
    Flag.atLeast(0)
  ),
  trustStore: store.pipe(Flag.optional),
  trustBy: Flag.Literals("trust-by", ["certificate", "key"]).pipe(
    Flag.withDescription(
      "What pins compare: the certificate, or only its key, so that renewals pass (default: certificate)"
    ),
    Flag.optional
  ),
  firstUse: Flag.Literals("first-use", ["accept", "ask", "reject"]).pipe(
    Flag.withDescription(
      "Whether the --trust-store takes in an unknown certificate; ask asks on the terminal (default: accept)"
    ),
    Flag.optional
  ),
  trustRequire: Flag.Literals("trust-require", ["any", "all"]).pipe(
    Flag.withDescription("Whether one of authorities, pins and store is enough, or all must agree (default: any)"),
    Flag.optional
  ),
  purpose: Flag.Literals("purpose", ["strict", "either", "ignore"]).pipe(
    Flag.withDescription(
      "What a certificate must be made for: its side of TLS, either side, or anything (default: either)"
    ),
    Flag.withDefault("either")
  ),
  crl: Flag.String("crl").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Revocation lists of authorities (PEM, DER, or a directory); may be repeated"),
    Flag.atLeast(0)
  ),
  revocation: Flag.Literals("revocation", ["hard", "soft", "off"]).pipe(
    Flag.withDescription(
      "Certificates of authorities of which nobody knows whether they are revoked: hard refuses them, soft says so, " +
        "off does not ask (default: soft)"
    ),
    Flag.optional
  )
}
