/** A certificate in words: what `identity show` prints, and what `--json` gives instead. */
import { Certificate, Fingerprint, PresentedNames } from "@xmpp-e2e/certificates"
import type { Address } from "@xmpp-e2e/protocol"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

export interface Explained {
  readonly addresses: ReadonlyArray<string>
  readonly services: ReadonlyArray<string>
  readonly commonNames: ReadonlyArray<string>
  readonly notices: ReadonlyArray<string>
  readonly notBefore: string
  readonly notAfter: string
  readonly state: "valid" | "expired" | "not yet valid"
  readonly key: string
  readonly sha256: string
  readonly keySha256: string
  readonly selfIssued: boolean
  readonly authority: boolean
  readonly keyUsage: ReadonlyArray<string>
  readonly purposes: ReadonlyArray<string>
}

export const explain = Effect.fnUntraced(
  function*(certificate: Certificate.Certificate, naming: Address.Naming): Effect.fn.Return<Explained> {
    const names = PresentedNames.read(certificate, naming)
    const now = DateTime.toEpochMillis(yield* DateTime.now)
    const { extensions, notAfter, notBefore, publicKey } = certificate
    return {
      addresses: names.xmppAddr,
      services: PresentedNames.texts({ ...names, xmppAddr: [] }),
      commonNames: names.commonNames,
      notices: names.notices,
      notBefore: iso(notBefore),
      notAfter: iso(notAfter),
      state: now < notBefore ? "not yet valid" : now > notAfter ? "expired" : "valid",
      key: publicKey.text,
      sha256: yield* Fingerprint.sha256(certificate.der),
      keySha256: yield* Fingerprint.sha256(publicKey.spki),
      selfIssued: Certificate.isSelfIssued(certificate),
      authority: extensions.basicConstraints?.isCa === true,
      keyUsage: extensions.keyUsage ?? [],
      purposes: (extensions.extKeyUsage ?? []).map((oid) => purposes.get(oid) ?? oid)
    }
  }
)

export const lines = (explained: Explained): ReadonlyArray<string> => [
  ...row("address", explained.addresses),
  ...row("service", explained.services),
  ...row("common name", explained.commonNames.map((name) => `${name} (not an identity, CERT-63)`)),
  ...row("left out", explained.notices),
  `  valid         ${explained.notBefore} to ${explained.notAfter}: ${explained.state}`,
  `  key           ${explained.key}`,
  `  SHA-256       ${Fingerprint.display(explained.sha256)}`,
  `  issued by     ${
    explained.selfIssued ? "itself: it proves nothing until somebody pins it (CERT-82)" : "an authority"
  }`,
  `  may be used   ${uses(explained)}`,
  `  pin it with   --trust-pin ${explained.sha256}`,
  `  or its key    --trust-by key --trust-pin ${explained.keySha256}`
]

const uses = ({ authority, keyUsage, purposes }: Explained): string => {
  if (authority) return "to sign other certificates (an authority, CERT-31)"
  const signs = keyUsage.length === 0 || keyUsage.includes("digitalSignature")
  if (!signs) return `not in TLS: its key may not sign (${keyUsage.join(", ")}; CERT-55)`
  return purposes.length === 0 ? "for anything, on either side of TLS" : purposes.join(", ")
}

const row = (name: string, values: ReadonlyArray<string>): ReadonlyArray<string> =>
  values.map((value, index) => `  ${(index === 0 ? name : "").padEnd(13)} ${value}`)

const iso = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

/** Extended key usages in words (RFC 5280 §4.2.1.12, RFC 6120 §13.7.1.4). */
const purposes: ReadonlyMap<string, string> = new Map([
  ["1.3.6.1.5.5.7.3.1", "as a TLS server"],
  ["1.3.6.1.5.5.7.3.2", "as a TLS client"],
  ["1.3.6.1.5.5.7.8.5", "for XMPP"],
  ["2.5.29.37.0", "for any purpose"]
])
