/**
 * What CRLs and OCSP may say about one certificate, and how answers are put together.
 *
 * @internal
 */
import type * as Certificate from "../Certificate.ts"
import type * as Crl from "../Crl.ts"
import type { Checks } from "./checks.ts"
import type { Cause } from "./reasons.ts"

export type Status = Good | Revoked | Unknown

export interface Good {
  readonly _tag: "Good"
  readonly source: Source
  readonly until: number
}

export interface Revoked {
  readonly _tag: "Revoked"
  readonly source: Source
  readonly at: number
  readonly reason: Cause
}

export interface Unknown {
  readonly _tag: "Unknown"
  readonly because: string
  readonly isMissing: boolean
}

export type Source = "crl" | "ocsp"

/** What is asked, and with what to find it out. `authorities`: the issuer first, the anchor last. */
export interface Scene {
  readonly certificate: Certificate.Certificate
  readonly authorities: ReadonlyArray<Certificate.Certificate>
  readonly crls: ReadonlyArray<Crl.Crl>
  readonly issuers: ReadonlyArray<Certificate.Certificate>
  readonly now: number
  readonly checks: Checks
}

/** There is no information that speaks about the certificate. */
export const missing = (because: string): Unknown => ({ _tag: "Unknown", because, isMissing: true })

/** There is some, and it cannot be believed. */
export const unusable = (because: string): Unknown => ({ _tag: "Unknown", because, isMissing: false })

/** CERT-54: information without a date for the next is good for a day. */
export const freshUntil = (update: { readonly thisUpdate: number; readonly nextUpdate?: number }): number =>
  update.nextUpdate ?? update.thisUpdate + dayMillis

/** Both ends count, as in a certificate. */
export const isFresh = (
  update: { readonly thisUpdate: number; readonly nextUpdate?: number },
  now: number
): boolean => update.thisUpdate <= now && now < freshUntil(update) + 1000

export const dayMillis = 86_400_000
