/**
 * Who we are: making certificates of our own (CERT-80, CERT-81), and reading those that other tools made. Making a new
 * certificate for an old key is in `Renewal.ts`; authorities that issue for others are in `Authority.ts`.
 *
 * @since 0.1.0
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type * as Certificate from "./Certificate.ts"
import * as Fingerprint from "./Fingerprint.ts"
import * as Issuing from "./internal/issuing.ts"
import * as Keys from "./internal/keys.ts"
import { chainOf } from "./internal/ownChain.ts"
import * as PrivateKeys from "./internal/privateKeys.ts"
import { periodOf, readProfile } from "./internal/profile.ts"
import * as Sources from "./internal/sources.ts"
import * as Match from "./Match.ts"
import * as Pem from "./Pem.ts"
import * as PresentedNames from "./PresentedNames.ts"

/**
 * What a stream needs to show who it is, and to prove it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Identity {
  /** PEM: our own first, then those that may have issued one before. */
  readonly certificates: string
  /** PEM, PKCS #8, not encrypted. */
  readonly privateKey: Redacted.Redacted<string>
  /** The same certificates, DER. */
  readonly chain: ReadonlyArray<Uint8Array>
  readonly certificate: Certificate.Certificate
  /** SHA-256 of our certificate. */
  readonly fingerprint: string
  /** The addresses that our certificate holds; how many decides what EXTERNAL says (SASL-16…19). */
  readonly addresses: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** The address that the certificate is for. A mere domain gets the names of a service. */
  readonly address: string
  readonly naming: Address.Naming
  readonly algorithm: Algorithm
  readonly days: number
  /** More addresses that it may reveal. */
  readonly alsoKnownAs?: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export type Algorithm = Keys.Algorithm

/**
 * @since 0.1.0
 * @category models
 */
export type Created = SelfSigned | Request

/**
 * @since 0.1.0
 * @category models
 */
export interface SelfSigned {
  readonly kind: "self-signed"
  readonly privateKeyPem: Redacted.Redacted<string>
  readonly certificatePem: string
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly kind: "request"
  readonly privateKeyPem: Redacted.Redacted<string>
  /** PKCS #10. */
  readonly requestPem: string
}

/**
 * - `options`: an address is none, or the days are no number of days
 * - `pem`: no certificate, key or request is there, or one that cannot be read or is not granted
 * - `pkcs12`: a file is no PKCS #12 file, or is damaged
 * - `encrypted`: the key has a passphrase, and none was given
 * - `passphrase`: the passphrase is wrong
 * - `unsupported`: encrypted in a way that is not read here; the detail says how to convert it
 * - `costly`: trying the passphrase takes more work than we do
 * - `mismatch`: none of the certificates belongs to a key
 * - `issued`: an authority issued the certificate, so that we cannot renew it
 * - `crypto`: the platform cannot use this kind of key
 *
 * @since 0.1.0
 * @category errors
 */
export class IdentityError extends Data.TaggedError("IdentityError")<{
  readonly reason:
    | "options"
    | "pem"
    | "pkcs12"
    | "encrypted"
    | "passphrase"
    | "unsupported"
    | "costly"
    | "mismatch"
    | "issued"
    | "crypto"
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * Makes a key, and a certificate signed by itself or a request for an authority.
 *
 * @since 0.1.0
 * @category constructors
 */
export const create = (
  options: Options & { readonly kind: Created["kind"] }
): Effect.Effect<Created, IdentityError> =>
  options.kind === "request" ? createRequest(options) : createSelfSigned(options)

/**
 * CERT-81.
 *
 * @since 0.1.0
 * @category constructors
 */
export const createSelfSigned = Effect.fn("Identity.createSelfSigned")(function*(
  options: Options
): Effect.fn.Return<SelfSigned, IdentityError> {
  const { keys, privateKeyPem, subject } = yield* prepare(options)
  const period = periodOf(yield* Clock.currentTimeMillis, options.days)
  const issuer = { name: subject.name, keys }
  const der = yield* Issuing.certificate(subject, issuer, period).pipe(Effect.mapError(cryptoError))
  return { kind: "self-signed", privateKeyPem, certificatePem: Pem.encode("CERTIFICATE", der) }
})

/**
 * RFC 2986. `days` is up to the authority.
 *
 * @since 0.1.0
 * @category constructors
 */
export const createRequest = Effect.fn("Identity.createRequest")(function*(
  options: Options
): Effect.fn.Return<Request, IdentityError> {
  const { keys, privateKeyPem, subject } = yield* prepare(options)
  const der = yield* Issuing.request(subject, keys).pipe(Effect.mapError(cryptoError))
  return { kind: "request", privateKeyPem, requestPem: Pem.encode("CERTIFICATE REQUEST", der) }
})

/**
 * Reads an identity from PEM texts. The key may be PKCS #8, PKCS #1, SEC 1 or, with a passphrase, encrypted PKCS #8; of
 * several, the first that belongs to a certificate counts. The certificates may stand in any order; those that lead
 * nowhere from ours are left out. `naming` says how the names in the certificate are read; without it, as JIDs.
 *
 * @since 0.1.0
 * @category decoding
 */
export const fromPem = Effect.fn("Identity.fromPem")(function*(source: {
  readonly certificates: string
  readonly privateKey: string | Redacted.Redacted<string>
  readonly passphrase?: Redacted.Redacted<string>
  readonly naming?: Address.Naming
}): Effect.fn.Return<Identity, IdentityError> {
  const text = Redacted.isRedacted(source.privateKey) ? Redacted.value(source.privateKey) : source.privateKey
  return yield* Effect.all({
    certificates: Sources.certificates(source.certificates),
    keys: PrivateKeys.fromPem(text, source.passphrase)
  }).pipe(Effect.mapError(asIdentityError), Effect.flatMap((found) => assemble(found, source.naming)))
})

/**
 * Reads an identity from the files of other tools, in any number and order: PEM, PKCS #12 (what kinds of them are read
 * stands at `Pkcs12.open`), certificates in DER. One passphrase is for all; without one, PKCS #12 files are read that were
 * made without. The rest is as for `fromPem`.
 *
 * @since 0.1.0
 * @category decoding
 */
export const fromFiles = Effect.fn("Identity.fromFiles")(function*(source: {
  readonly files: ReadonlyArray<Uint8Array>
  readonly passphrase?: Redacted.Redacted<string>
  readonly naming?: Address.Naming
}): Effect.fn.Return<Identity, IdentityError> {
  const all = yield* Effect.forEach(source.files, (file) => Sources.read(file, source.passphrase)).pipe(
    Effect.mapError(asIdentityError)
  )
  const found = { certificates: all.flatMap((each) => each.certificates), keys: all.flatMap(({ keys }) => keys) }
  return yield* assemble(found, source.naming)
})

/**
 * Makes of a failed use of Web Crypto an error of this module.
 *
 * @since 0.1.0
 * @category errors
 */
export const cryptoError = ({ cause }: { readonly cause: unknown }): IdentityError =>
  new IdentityError({ reason: "crypto", detail: "this kind of key cannot be used here", cause })

const prepare = Effect.fnUntraced(function*(options: Options) {
  const profile = yield* Effect.fromResult(
    Result.mapError(readProfile(options), (detail) => new IdentityError({ reason: "options", detail }))
  )
  const pair = yield* Keys.generate(options.algorithm).pipe(Effect.mapError(cryptoError))
  const keys = yield* Keys.load(pair).pipe(Effect.mapError(cryptoError))
  const privateKeyPem = Redacted.make(Pem.encode("PRIVATE KEY", pair.pkcs8), { label: "private key" })
  return { keys, privateKeyPem, subject: { ...profile, publicKey: pair.publicKey } }
})

const assemble = Effect.fnUntraced(function*(
  { certificates, keys }: Sources.Found,
  naming: Address.Naming = "jid"
): Effect.fn.Return<Identity, IdentityError> {
  yield* checkCount(certificates.length, certificatesMax, "certificate")
  yield* checkCount(keys.length, keysMax, "private key")
  for (const key of keys) {
    for (const certificate of certificates) {
      const pkcs8 = key.isWrapped ? key.der : Keys.wrap(key.der, certificate.publicKey)
      if (!(yield* Keys.belongTogether({ pkcs8, publicKey: certificate.publicKey }))) continue
      const chain = chainOf(certificate, certificates).map(({ der }) => der)
      const names = PresentedNames.read(certificate, naming)
      return {
        certificates: chain.map((each) => Pem.encode("CERTIFICATE", each)).join(""),
        privateKey: Redacted.make(Pem.encode("PRIVATE KEY", pkcs8), { label: "private key" }),
        chain,
        certificate,
        fingerprint: yield* Fingerprint.sha256(certificate.der),
        addresses: Match.addresses(names, { naming, services: ownServices, legacyCommonName: false })
      }
    }
  }
  return yield* new IdentityError({ reason: "mismatch", detail: "the private key belongs to none of the certificates" })
})

/** Each key is tried with each certificate. */
const checkCount = (count: number, most: number, what: string): Effect.Effect<void, IdentityError> => {
  const detail = count === 0 ? `there is no ${what}` : count > most ? `there are more than ${most} ${what}s` : undefined
  return detail === undefined ? Effect.void : Effect.fail(new IdentityError({ reason: "pem", detail }))
}

const asIdentityError = (failure: Sources.Failure): IdentityError => new IdentityError(failure)

const ownServices = ["xmpp-client", "xmpp-server"]
const certificatesMax = 64
const keysMax = 16
