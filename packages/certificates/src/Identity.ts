/**
 * Who we are: making certificates of our own (CERT-80, CERT-81), and reading those that other tools made. Authorities
 * that issue for others are in `Authority.ts`.
 *
 * @since 0.1.0
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Certificate from "./Certificate.ts"
import * as Fingerprint from "./Fingerprint.ts"
import * as Issuing from "./internal/issuing.ts"
import * as Keys from "./internal/keys.ts"
import { periodOf, readProfile } from "./internal/profile.ts"
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
  /** PEM, our own first. */
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
 * - `pem`: no certificate or no key in the text, or one that cannot be read
 * - `encrypted`: the key has a passphrase; take it off first (`openssl pkey`)
 * - `mismatch`: none of the certificates belongs to the key
 * - `crypto`: the platform cannot use this kind of key
 *
 * @since 0.1.0
 * @category errors
 */
export class IdentityError extends Data.TaggedError("IdentityError")<{
  readonly reason: "options" | "pem" | "encrypted" | "mismatch" | "crypto"
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
 * Reads an identity from PEM texts. The key may be PKCS #8, PKCS #1 or SEC 1; the certificates may stand in any order.
 * `naming` says how the names in the certificate are read; without it, as JIDs.
 *
 * @since 0.1.0
 * @category decoding
 */
export const fromPem = Effect.fn("Identity.fromPem")(function*(source: {
  readonly certificates: string
  readonly privateKey: string | Redacted.Redacted<string>
  readonly naming?: Address.Naming
}): Effect.fn.Return<Identity, IdentityError> {
  const certificates = yield* readCertificates(source.certificates)
  const key = yield* readKey(
    Redacted.isRedacted(source.privateKey) ? Redacted.value(source.privateKey) : source.privateKey
  )
  for (const certificate of certificates) {
    const pkcs8 = key.isWrapped ? key.der : Keys.wrap(key.der, certificate.publicKey)
    if (!(yield* Keys.belongTogether({ pkcs8, publicKey: certificate.publicKey }))) continue
    const chain = [certificate, ...certificates.filter((each) => each !== certificate)].map(({ der }) => der)
    const names = PresentedNames.read(certificate, source.naming ?? "jid")
    return {
      certificates: chain.map((each) => Pem.encode("CERTIFICATE", each)).join(""),
      privateKey: Redacted.make(Pem.encode("PRIVATE KEY", pkcs8), { label: "private key" }),
      chain,
      certificate,
      fingerprint: yield* Fingerprint.sha256(certificate.der),
      addresses: Match.addresses(names, {
        naming: source.naming ?? "jid",
        services: ownServices,
        legacyCommonName: false
      })
    }
  }
  return yield* new IdentityError({ reason: "mismatch", detail: "the private key belongs to none of the certificates" })
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

const readCertificates = Effect.fnUntraced(function*(
  text: string
): Effect.fn.Return<ReadonlyArray<Certificate.Certificate>, IdentityError> {
  const ders = Pem.certificates(text)
  if (ders.length === 0) return yield* pemError("there is no certificate in the PEM text")
  const certificates: Array<Certificate.Certificate> = []
  for (const der of ders) {
    if (der === undefined) return yield* pemError("a certificate in the PEM text is not base64")
    const read = Certificate.decode(der)
    if (Result.isFailure(read)) {
      return yield* pemError(`a certificate in the PEM text cannot be read: ${read.failure.detail}`)
    }
    certificates.push(read.success)
  }
  return certificates
})

const readKey = (
  text: string
): Effect.Effect<{ readonly der: Uint8Array; readonly isWrapped: boolean }, IdentityError> => {
  const block = Pem.decode(text).find(({ label }) => label.endsWith("PRIVATE KEY"))
  if (block === undefined) return pemError("there is no private key in the PEM text")
  if (block.isEncrypted) {
    const detail = "the private key is encrypted; take the passphrase off first, for instance with `openssl pkey`"
    return Effect.fail(new IdentityError({ reason: "encrypted", detail }))
  }
  if (block.der === undefined) return pemError("the private key in the PEM text is not base64")
  return Effect.succeed({ der: block.der, isWrapped: block.label === "PRIVATE KEY" })
}

const pemError = (detail: string): Effect.Effect<never, IdentityError> =>
  Effect.fail(new IdentityError({ reason: "pem", detail }))

const ownServices = ["xmpp-client", "xmpp-server"]
