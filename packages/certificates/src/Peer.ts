/**
 * A peer as every way of trusting sees it: what it showed, whom we wanted, the moment, and the rules by which names are
 * read. The ways are in `AuthorityTrust.ts`, `PinTrust.ts`, `FirstUse.ts` and `CustomTrust.ts`.
 *
 * @since 0.1.0
 */
import { Address } from "@xmpp-e2e/protocol"
import * as Certificate from "./Certificate.ts"
import type { Purpose } from "./Fault.ts"
import * as oids from "./internal/oids.ts"
import { visible } from "./internal/visible.ts"
import type * as Match from "./Match.ts"
import type * as Pin from "./Pin.ts"
import * as PresentedNames from "./PresentedNames.ts"
import type * as Verdicts from "./Verdicts.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Peer {
  /** Ours: an initiator judges a TLS server, a recipient a TLS client. */
  readonly role: "initiator" | "recipient"
  /** Prepared and bare. An initiator has one (CERT-01). */
  readonly wanted?: Address.Address
  /** CERT-09: bare, prepared JIDs of the wanted link-local instance, as discovery claims. Not there when it has a pin. */
  readonly aliases?: ReadonlyArray<string>
  readonly naming: Address.Naming
  /** Milliseconds since 1970. */
  readonly now: number
  /** DER, its own certificate first. */
  readonly chain: ReadonlyArray<Uint8Array>
  readonly certificate: Certificate.Certificate
  /** What else it sent and can be read, as it came. */
  readonly others: ReadonlyArray<Certificate.Certificate>
  readonly hashes: Pin.Hashes
  readonly names: PresentedNames.PresentedNames
  readonly rules: Match.Rules
  readonly purpose: Purpose
  /** OCSPResponse, DER, as it came with the handshake. */
  readonly ocspStaple?: Uint8Array
  /** What people should know whatever comes out: certificates that cannot be read, names that were left out. */
  readonly notices: ReadonlyArray<string>
}

/**
 * What every sentence about the peer may speak of.
 *
 * @since 0.1.0
 * @category getters
 */
export const caseOf = (peer: Peer, notices: ReadonlyArray<string> = []): Verdicts.Case => {
  const wanted = wantedText(peer)
  return {
    fingerprint: peer.hashes.certificate,
    presented: PresentedNames.texts(peer.names),
    notices: [...peer.notices, ...notices],
    ...wanted === undefined ? {} : { wanted }
  }
}

/**
 * @since 0.1.0
 * @category getters
 */
export const wantedText = ({ wanted }: Peer): string | undefined => wanted && Address.format(wanted)

/**
 * Whom the peer has to be, for sentences.
 *
 * @since 0.1.0
 * @category getters
 */
export const who = (peer: Peer): string => {
  const wanted = wantedText(peer)
  return wanted === undefined ? "somebody" : visible(wanted)
}

/**
 * The addresses that matter for pins: the wanted one (CERT-84), or those that the certificate presents.
 *
 * @since 0.1.0
 * @category getters
 */
export const claimed = (peer: Peer): ReadonlyArray<string> => {
  const wanted = wantedText(peer)
  return wanted === undefined ? peer.names.xmppAddr : [wanted]
}

/**
 * CERT-31: a notice for certificates that people signed themselves and whose tools marked them as an authority's.
 *
 * @since 0.1.0
 * @category getters
 */
export const markedAsAuthority = ({ certificate }: Peer): ReadonlyArray<string> =>
  Certificate.isCa(certificate) ? ["eeIsCa: the certificate is marked as that of an authority."] : []

/**
 * CERT-57: a notice for a certificate that is accepted by policy, though it is not made for this role in TLS.
 *
 * @since 0.1.0
 * @category getters
 */
export const otherPurpose = ({ certificate: { extensions }, purpose: { peer } }: Peer): ReadonlyArray<string> => {
  const allowed = [peer === "server" ? oids.serverAuth : oids.clientAuth, oids.xmppAddr, oids.anyExtendedKeyUsage]
  return extensions.extKeyUsage === undefined || extensions.extKeyUsage.some((each) => allowed.includes(each))
    ? []
    : ["purpose: the certificate is not made for this role in TLS, which the policy allows."]
}

/**
 * CERT-105: milliseconds until the first of the certificates expires. The last second counts to its end.
 *
 * @since 0.1.0
 * @category getters
 */
export const timeLeft = (path: ReadonlyArray<Certificate.Certificate>, now: number): number =>
  Math.max(0, Math.min(...path.map((each) => each.notAfter)) + 1000 - now)
