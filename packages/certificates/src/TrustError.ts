/**
 * A configuration of trust that cannot be used. Nothing is judged with half a configuration (CERT-37).
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"

/**
 * `detail` says what cannot be read, or what is missing.
 *
 * @since 0.1.0
 * @category errors
 */
export class TrustError extends Data.TaggedError("TrustError")<{
  readonly reason: "anchor" | "intermediate" | "fingerprint" | "pin" | "pem" | "crl" | "custom"
  readonly detail: string
}> {
  override get message(): string {
    return this.detail
  }
}
