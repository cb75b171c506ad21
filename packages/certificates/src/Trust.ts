/**
 * Whom we believe, and how far, in one record: plain data, given to `PeerJudge.layer`. The default believes nobody. The
 * ways of trusting can also be had one by one, each as a layer (`TrustModel.ts`).
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import type { AuthorityTrust } from "./AuthorityTrust.ts"
import type { FirstUseTrust } from "./FirstUse.ts"
import * as Pem from "./Pem.ts"
import type { Comparison, Pin } from "./Pin.ts"
import type { PinTrust } from "./PinTrust.ts"
import type * as Revocation from "./Revocation.ts"
import { TrustError } from "./TrustError.ts"
import * as TrustModel from "./TrustModel.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Trust extends Rules {
  /** How the ways of trusting below are combined. */
  readonly combination: TrustModel.Combination<AuthorityTrust | PinTrust | FirstUseTrust>
  /** DER certificates of the authorities. Their names, their keys, and the limits that they set to names count (CERT-42). */
  readonly anchors: ReadonlyArray<Uint8Array>
  /** DER certificates that a path may lead through besides those that the peer sends (CERT-40). */
  readonly intermediates: ReadonlyArray<Uint8Array>
  /** CRLs, DER (CERT-50). */
  readonly crls: ReadonlyArray<Uint8Array>
  /** CERT-51: what happens when nobody knows whether a certificate is revoked. */
  readonly revocation: Revocation.Mode
  /**
   * Bare pins: SHA-256 of certificates, in any usual notation. For whom they speak is said in `PinTrust.Options`.
   */
  readonly fingerprints: ReadonlyArray<string>
  /** Pins besides those of the `PinStore`. */
  readonly pins: ReadonlyArray<Pin>
  readonly pinBy: Comparison
  /** CERT-89: a pinned certificate may be out of date. */
  readonly pinIgnoresValidity: boolean
  /** CERT-86. `ask` needs an `Approver`; without one nobody is accepted. `reject` asks none, even where there is one. */
  readonly firstUse: "reject" | "ask" | "accept"
}

/**
 * By which names and purposes a certificate is judged, whoever vouches for it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Rules {
  /**
   * What an extended key usage must allow, if there is one (CERT-56). `strict`: the peer's role in TLS; `either`:
   * serverAuth or clientAuth; `ignore`: it is not looked at. anyExtendedKeyUsage and id-on-xmppAddr always do.
   */
  readonly purpose: "strict" | "either" | "ignore"
  /** What we are. It decides by which SRVName we know a service that we dial (CERT-08). */
  readonly as: "client" | "service"
  /** CERT-08: `_xmpp-client` and `_xmpp-server` both name a service. */
  readonly eitherServiceLabel: boolean
  /** CERT-63: the Common Name of a certificate without any other name names a service, as RFC 6125 §6.4.4 had it. */
  readonly legacyCommonName: boolean
}

/**
 * The default, with what is given instead.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (options: Partial<Trust>): Trust => ({ ...nobody, ...options })

/**
 * The certificates in a PEM text, for `anchors` and `intermediates`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const certificatesFromPem = (text: string): Result.Result<ReadonlyArray<Uint8Array>, TrustError> => {
  const ders = Pem.certificates(text)
  const readable = ders.filter((each) => each !== undefined)
  if (readable.length > 0 && readable.length === ders.length) return Result.succeed(readable)
  const detail = ders.length === 0
    ? "there is no certificate in the PEM text"
    : "a certificate in the PEM text is not base64"
  return Result.fail(new TrustError({ reason: "pem", detail }))
}

/**
 * The default of the rules.
 *
 * @since 0.1.0
 * @category constants
 */
export const rules: Rules = {
  purpose: "either",
  as: "client",
  eitherServiceLabel: false,
  legacyCommonName: false
}

/**
 * No authority, no pin, no leap of faith.
 *
 * @since 0.1.0
 * @category constants
 */
export const nobody: Trust = {
  combination: TrustModel.usual,
  anchors: [],
  intermediates: [],
  crls: [],
  revocation: "soft",
  fingerprints: [],
  pins: [],
  pinBy: "certificate",
  pinIgnoresValidity: false,
  firstUse: "reject",
  ...rules
}
