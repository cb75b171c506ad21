/**
 * The service that answers "who is at the other end?" with a verdict. The stream asks it once TLS is up, before a byte of
 * XML is written or read (CERT-104). It never fails: what cannot be judged is refused (fail closed).
 *
 * @since 0.1.0
 */
import type { Address, Verdict } from "@xmpp-e2e/protocol"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/**
 * @since 0.1.0
 * @category models
 */
export interface Question {
  /** As the peer sent it, DER, end entity first. */
  readonly chain: ReadonlyArray<Uint8Array>
  /** Our role: an initiator judges a TLS server, a recipient a TLS client. */
  readonly role: "initiator" | "recipient"
  /** CERT-01: what we wanted, fixed before connecting. An initiator always has it. */
  readonly expected?: string
  readonly naming: Address.Naming
  /** CERT-91: lower-case hex SHA-1 or SHA-256 of certificates announced beforehand. */
  readonly hints?: ReadonlyArray<string>
  /** Whether a recipient insists on a known peer (certificates §8, the recipient note). */
  readonly authenticatePeer: boolean
}

/**
 * @since 0.1.0
 * @category services
 */
export class PeerJudge extends Context.Service<PeerJudge, {
  readonly judge: (question: Question) => Effect.Effect<Verdict.Verdict>
}>()("@xmpp-e2e/certificates/PeerJudge") {}
