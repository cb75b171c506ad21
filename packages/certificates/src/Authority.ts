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
import * as Issuing from "./internal/issuing.ts"
import * as Keys from "./internal/keys.ts"
import * as oids from "./internal/oids.ts"
import { digestOf, isDays, periodOf } from "./internal/profile.ts"
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
  const subject = Issuing.commonName(options.name)
  const key = yield* digestOf(pair.publicKey)
  const constraints = options.pathLengthMax === undefined ? {} : { pathLengthMax: options.pathLengthMax }
  const content = {
    subject,
    spki: pair.publicKey.spki,
    extensions: [Issuing.basicConstraints(constraints), Issuing.keyUsage("issuing"), Issuing.subjectKey(key)]
  }
  const der = options.issuer === undefined
    ? yield* signWith(yield* signerOf(pair), subject, content, options.days)
    : yield* certify(options.issuer, content, options.days)
  const certificate = yield* decoded(der)
  const certificatePem = Pem.encode("CERTIFICATE", der)
  return {
    certificatePem,
    privateKeyPem: Redacted.make(Pem.encode("PRIVATE KEY", pair.pkcs8), { label: "private key" }),
    certificate,
    intermediatesPem: options.issuer === undefined ? "" : certificatePem + options.issuer.intermediatesPem
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
  const content = {
    subject: request.subject,
    spki: request.publicKey.spki,
    extensions: [
      Issuing.basicConstraints(),
      Issuing.keyUsage("signing"),
      Issuing.peerPurposes(),
      Issuing.extension(oids.subjectAltName, request.isNameless, request.alternativeNames),
      Issuing.subjectKey(yield* digestOf(request.publicKey))
    ]
  }
  const der = yield* certify(authority, content, options.days)
  return Pem.encode("CERTIFICATE", der) + authority.intermediatesPem
})

type Content = Pick<Issuing.Content, "subject" | "spki" | "extensions">

const certify = Effect.fnUntraced(function*(
  { certificate, privateKeyPem }: Authority,
  content: Content,
  days: number
): Effect.fn.Return<Uint8Array, Identity.IdentityError> {
  const [block] = Pem.decode(Redacted.value(privateKeyPem))
  if (block?.der === undefined) return yield* pemError("the authority's private key cannot be read")
  const signer = yield* signerOf({ pkcs8: block.der, publicKey: certificate.publicKey })
  const extensions = [...content.extensions, Issuing.authorityKey(yield* digestOf(certificate.publicKey))]
  return yield* signWith(signer, certificate.subject.raw, { ...content, extensions }, days)
})

const signWith = Effect.fnUntraced(function*(
  signer: Keys.Signer,
  issuer: Uint8Array,
  content: Content,
  days: number
): Effect.fn.Return<Uint8Array, Identity.IdentityError> {
  const period = periodOf(yield* Clock.currentTimeMillis, days)
  const serial = yield* Keys.randomSerial
  return yield* Issuing.certificate({ ...content, ...period, serial, issuer }, signer).pipe(
    Effect.mapError(Identity.cryptoError)
  )
})

const signerOf = (pair: Keys.Pair): Effect.Effect<Keys.Signer, Identity.IdentityError> =>
  Keys.signerOf(pair).pipe(Effect.mapError(Identity.cryptoError))

interface Request {
  readonly subject: Uint8Array
  readonly isNameless: boolean
  readonly publicKey: PublicKey.PublicKey
  /** DER of GeneralNames. */
  readonly alternativeNames: Uint8Array
}

const readRequest = (der: Uint8Array): Der.Read<Request> =>
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
        const { content } = yield* Der.expect(parts.at(-1), Der.tags.octetString, "the alternative names")
        yield* Der.sequence(yield* Der.decode(content), "the alternative names")
        return { subject: name.raw, isNameless: name.children.length === 0, publicKey, alternativeNames: content }
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
