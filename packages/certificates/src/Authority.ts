/**
 * A small certificate authority: for closed groups, demonstrations and tests. Its peers trust it by its certificate, given
 * to `Trust.anchors`.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Certificate from "./Certificate.ts"
import * as Der from "./Der.ts"
import * as Identity from "./Identity.ts"
import { equal } from "./internal/bytes.ts"
import * as Issuing from "./internal/issuing.ts"
import * as Keys from "./internal/keys.ts"
import * as oids from "./internal/oids.ts"
import { isDays, periodOf } from "./internal/profile.ts"
import * as Pem from "./Pem.ts"
import * as PublicKey from "./PublicKey.ts"
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
 * Certifies a request (PKCS #10). The names are those that it asks for: whoever calls this has checked that they are the
 * asker's. Everything else is as for our own certificates.
 *
 * @since 0.1.0
 * @category constructors
 */
export const sign = Effect.fn("Authority.sign")(function*(
  authority: Authority,
  options: { readonly requestPem: string; readonly days: number }
): Effect.fn.Return<string, Identity.IdentityError> {
  yield* checkDays(options.days)
  const block = Pem.decode(options.requestPem).find(({ label }) => requestLabels.has(label))
  if (block?.der === undefined) return yield* pemError("there is no certificate request in the PEM text")
  const request = yield* Effect.fromResult(readRequest(block.der)).pipe(
    Effect.catch(({ detail }) => pemError(`the certificate request cannot be read: ${detail}`))
  )
  if (!(yield* Signature.verifyWhole(block.der, request.publicKey))) {
    return yield* pemError("the certificate request is not signed by the key that it names")
  }
  const { der } = yield* certify(authority, request, options.days)
  return Pem.encode("CERTIFICATE", der) + authority.intermediatesPem
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
  return equal(made.issuer.raw, name.raw) ? made : yield* pemError("the authority's name cannot be copied")
})

const signWith = Effect.fnUntraced(function*(
  issuer: Issuing.Issuer,
  subject: Issuing.Subject,
  days: number
): Effect.fn.Return<Certificate.Certificate, Identity.IdentityError> {
  const period = periodOf(yield* Clock.currentTimeMillis, days)
  return yield* decoded(
    yield* Issuing.certificate(subject, issuer, period).pipe(Effect.mapError(Identity.cryptoError))
  )
})

const load = (pair: Keys.Pair): Effect.Effect<Keys.Loaded, Identity.IdentityError> =>
  Keys.load(pair).pipe(Effect.mapError(Identity.cryptoError))

const readRequest = (der: Uint8Array): Der.Read<Issuing.Subject> =>
  Result.gen(function*() {
    const [information] = yield* Der.sequence(yield* Der.decode(der), "the request")
    const [, subject, key, attributes] = yield* Der.sequence(information, "its information")
    const publicKey = yield* PublicKey.read(key)
    const name = yield* Der.expect(subject, Der.tags.sequence, "the subject")
    for (const attribute of attributes?.tag === 0xa0 ? attributes.children : []) {
      const [type, values] = yield* Der.sequence(attribute, "an attribute")
      if ((yield* Der.oid(type, "the type of an attribute")) !== oids.extensionRequest) continue
      for (const extension of yield* Der.sequence(values?.children[0], "the extensions")) {
        const parts = yield* Der.sequence(extension, "an extension")
        if ((yield* Der.oid(parts[0], "the type of an extension")) !== oids.subjectAltName) continue
        const { content: names } = yield* Der.expect(parts.at(-1), Der.tags.octetString, "the alternative names")
        yield* Der.sequence(yield* Der.decode(names), "the alternative names")
        // RFC 5280 §4.2.1.6: without a subject, the names have to be understood.
        const holder = { _tag: "Peer" as const, names, isCritical: name.children.length === 0 }
        return { name: name.raw, publicKey, holder }
      }
    }
    return yield* Der.wrong("CERT-62", "it asks for no alternative name")
  })

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
