/**
 * Why two people could not make sure of each other, as an error with a sentence for each of them. What they do about it is in
 * `Verifying.ts`.
 *
 * @since 0.1.0
 */
import type * as Verification from "@xmpp-e2e/stream/Verification"
import * as Data from "effect/Data"
import { explain } from "./internal/verifyingWords.ts"

/**
 * What a stream lacks for a verification:
 *
 * - `unencrypted`: TLS
 * - `oldTls`, `noExporter`: what binds the string to the stream (RFC 9266)
 * - `noIdentity`: a certificate of ours
 * - `peerUnproven`: a certificate of the peer that was accepted for its address
 *
 * @since 0.1.0
 * @category models
 */
export type Obstacle = "unencrypted" | "oldTls" | "noExporter" | "noIdentity" | "peerUnproven"

/**
 * Why nobody is verified, beside what `Verification.Failure` and `Obstacle` say:
 *
 * - `underWay`: there is a verification on this stream already
 * - `unsupported`: the peer's software knows nothing of it
 * - `declined`: the peer refused the request; `detail` is what it said, a stranger's text
 * - `unanswered`: the request did not reach the peer, or no answer came
 * - `unkept`: our person said `same`, and the store of pins failed
 *
 * @since 0.1.0
 * @category models
 */
export type Why = Verification.Failure | Obstacle | "underWay" | "unsupported" | "declined" | "unanswered" | "unkept"

/**
 * The message says what happened, why, and what to do.
 *
 * @since 0.1.0
 * @category errors
 */
export class VerifyingFailed extends Data.TaggedError("VerifyingFailed")<{
  readonly why: Why
  readonly detail?: string
}> {
  override get message(): string {
    return explain(this.why, this.detail)
  }
}
