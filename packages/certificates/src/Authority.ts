/**
 * A small certificate authority: for closed groups, demonstrations and tests. Its peers trust it by its certificate, given
 * to `Trust.anchors`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Certificate from "./Certificate.ts"
import * as Fingerprint from "./Fingerprint.ts"
import * as Identity from "./Identity.ts"
import { equal } from "./internal/bytes.ts"
import * as Issuing from "./internal/issuing.ts"
import * as Keys from "./internal/keys.ts"
import { isDays, periodOf } from "./internal/profile.ts"
import * as Requests from "./internal/requests.ts"
import * as Pem from "./Pem.ts"
import * as Signature from "./Signature.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Authority {
  readonly certificatePem: string
  /** PKCS #8. */
  readonly privateKeyPem: Redacted.Redacted<string>
  readonly certificate: Certificate.Certificate
  /** What peers have to send besides their own: this authority and those above it, without the root. */
  readonly intermediatesPem: string
}

/**
 * A root, or, with `issuer`, an authority below another.
 *
 * @since 0.1.0
 * @category constructors
 */
export const create = Effect.fn("Authority.create")(function*(options: {
  readonly name: string
  readonly algorithm: Identity.Algorithm
  readonly days: number
  readonly pathLengthMax?: number
  readonly issuer?: Authority
}): Effect.fn.Return<Authority, Identity.IdentityError> {
  yield* checkDays(options.days)
  const pair = yield* Keys.generate(options.algorithm).pipe(Effect.mapError(Identity.cryptoError))
  const { days, issuer, name, pathLengthMax } = options
  const holder = { _tag: "Authority" as const, ...pathLengthMax === undefined ? {} : { pathLengthMax } }
  const subject = { name, publicKey: pair.publicKey, holder }
  const certificate = issuer === undefined
    ? yield* signWith({ name, keys: yield* load(pair) }, subject, days)
    : yield* certify(issuer, subject, days)
  const certificatePem = Pem.encode("CERTIFICATE", certificate.der)
  return {
    certificatePem,
    privateKeyPem: Redacted.make(Pem.encode("PRIVATE KEY", pair.pkcs8), { label: "private key" }),
    certificate,
    intermediatesPem: issuer === undefined ? "" : certificatePem + issuer.intermediatesPem
  }
})

/**
 * Makes a key and a certificate for a peer. `certificatePem` holds the intermediates too.
 *
 * @since 0.1.0
 * @category constructors
 */
export const issue = Effect.fn("Authority.issue")(function*(
  authority: Authority,
  options: Identity.Options
): Effect.fn.Return<
  { readonly privateKeyPem: Redacted.Redacted<string>; readonly certificatePem: string },
  Identity.IdentityError
> {
  const { privateKeyPem, requestPem } = yield* Identity.createRequest(options)
  return { privateKeyPem, certificatePem: yield* sign(authority, { requestPem, days: options.days }) }
})

/**
 * What a request asks for, so that an operator can look before signing.
 *
 * @since 0.1.0
 * @category models
 */
export interface Requested {
  /** For people: `CN=mira@tansy`. */
  readonly subject: string
  /** For people: `P-256`. */
  readonly key: string
  /** SHA-256 of the public key, in hex: the asker can read it aloud. */
  readonly keyFingerprint: string
  /** Every name that the certificate would hold. */
  readonly names: ReadonlyArray<string>
  /**
   * Object identifiers of what else is asked for. It is not granted: usages and purposes are those of our own
   * certificates, whatever a request says.
   */
  readonly ignored: ReadonlyArray<string>
}

/**
 * Reads a request (PKCS #10) without signing anything. Fails with `pem` for a request that `sign` refuses: unreadable, not
 * signed by its own key, with a weak key, for an authority (CERT-31), without names, or with a name that is malformed or of
 * a kind that is no identity in XMPP.
 *
 * @since 0.1.0
 * @category decoding
 */
export const examine = Effect.fn("Authority.examine")(function*(
  requestPem: string
): Effect.fn.Return<Requested, Identity.IdentityError> {
  const { ignored, names, publicKey, subject } = yield* readRequest(requestPem)
  return {
    subject: subject.text,
    key: publicKey.text,
    keyFingerprint: yield* Fingerprint.sha256(publicKey.spki),
    names,
    ignored
  }
})

/**
 * Certifies a request (PKCS #10). The names are those that it asks for: whoever calls this has looked at them (`examine`)
 * and knows that they are the asker's. Everything else is as for our own certificates.
 *
 * @since 0.1.0
 * @category constructors
 */
export const sign = Effect.fn("Authority.sign")(function*(
  authority: Authority,
  options: { readonly requestPem: string; readonly days: number }
): Effect.fn.Return<string, Identity.IdentityError> {
  yield* checkDays(options.days)
  const { alternativeNames: names, publicKey, subject } = yield* readRequest(options.requestPem)
  // RFC 5280 §4.2.1.6: without a subject, the names have to be understood.
  const holder = { _tag: "Peer" as const, names, isCritical: subject.isEmpty }
  const { der } = yield* certify(authority, { name: subject.raw, publicKey, holder }, options.days)
  return Pem.encode("CERTIFICATE", der) + authority.intermediatesPem
})

const readRequest = Effect.fnUntraced(function*(
  requestPem: string
): Effect.fn.Return<Requests.Request, Identity.IdentityError> {
  const block = Pem.decode(requestPem).find(({ label }) => requestLabels.has(label))
  if (block?.der === undefined) return yield* pemError("there is no certificate request in the PEM text")
  const request = yield* Effect.fromResult(Requests.read(block.der)).pipe(
    Effect.catch(({ detail, rule }) => pemError(`the certificate request is refused: ${detail} [${rule}]`))
  )
  return (yield* Signature.verifyWhole(block.der, request.publicKey))
    ? request
    : yield* pemError("the certificate request is not signed by the key that it names")
})

const certify = Effect.fnUntraced(function*(
  { certificate, privateKeyPem }: Authority,
  subject: Issuing.Subject,
  days: number
): Effect.fn.Return<Certificate.Certificate, Identity.IdentityError> {
  const [block] = Pem.decode(Redacted.value(privateKeyPem))
  if (block?.der === undefined) return yield* pemError("the authority's private key cannot be read")
  const { publicKey, subject: name } = certificate
  const keys = yield* load({ pkcs8: block.der, publicKey })
  const made = yield* signWith({ name: name.raw, publicKey, keys }, subject, days)
  // Names are copied by a library that reads and writes them: another octet, and nobody finds this authority.
  if (!equal(made.issuer.raw, name.raw)) return yield* pemError("the authority's name cannot be copied")
  return typeof subject.name === "string" || equal(made.subject.raw, subject.name)
    ? made
    : yield* pemError("the name of the request's subject cannot be copied, octet by octet")
})

const signWith = Effect.fnUntraced(function*(
  issuer: Issuing.Issuer,
  subject: Issuing.Subject,
  days: number
): Effect.fn.Return<Certificate.Certificate, Identity.IdentityError> {
  const period = periodOf(yield* Clock.currentTimeMillis, days)
  // The key has been loaded already, so what the library cannot write is a name.
  const der = yield* Issuing.certificate(subject, issuer, period).pipe(
    Effect.catch(() => pemError("the certificate cannot be written: a name in it is of an unknown form"))
  )
  return yield* decoded(der)
})

const load = (pair: Keys.Pair): Effect.Effect<Keys.Loaded, Identity.IdentityError> =>
  Keys.load(pair).pipe(Effect.mapError(Identity.cryptoError))

const decoded = (der: Uint8Array): Effect.Effect<Certificate.Certificate, Identity.IdentityError> =>
  Effect.fromResult(Certificate.decode(der)).pipe(Effect.catch(({ detail }) => pemError(detail)))

const checkDays = (days: number): Effect.Effect<void, Identity.IdentityError> =>
  isDays(days)
    ? Effect.void
    : Effect.fail(
      new Identity.IdentityError({ reason: "options", detail: `a certificate cannot be valid for ${days} days` })
    )

const pemError = (detail: string): Effect.Effect<never, Identity.IdentityError> =>
  Effect.fail(new Identity.IdentityError({ reason: "pem", detail }))

const requestLabels = new Set(["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"])
