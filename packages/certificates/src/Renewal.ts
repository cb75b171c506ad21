/**
 * A new certificate for an old key: other dates and another serial number, and everything else as it was. Whoever pinned
 * the key (CERT-83) goes on believing us; whoever pinned the certificate has to be told. Keeping the files is the business
 * of `NodeIdentity` in `@xmpp-e2e/node`.
 *
 * @since 0.1.0
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Certificate from "./Certificate.ts"
import * as Der from "./Der.ts"
import type { Extension } from "./Extensions.ts"
import { cryptoError, fromPem, type Identity, IdentityError } from "./Identity.ts"
import { equal } from "./internal/bytes.ts"
import * as Issuing from "./internal/issuing.ts"
import * as Keys from "./internal/keys.ts"
import * as oids from "./internal/oids.ts"
import { isDays, periodOf, readProfile } from "./internal/profile.ts"
import * as Pem from "./Pem.ts"
import * as Signature from "./Signature.ts"

/**
 * For how many days the certificate was made, rounded, at least one: what a renewal takes where nobody says otherwise.
 *
 * @since 0.1.0
 * @category getters
 */
export const daysOf = ({ notAfter, notBefore }: Certificate.Certificate): number =>
  Math.max(1, Math.round((notAfter - notBefore) / dayMillis))

/**
 * PEM of a self-signed certificate with the key, the names and all extensions of the old one. Fails with `issued` where an
 * authority has signed the old one: then `request` is the way.
 *
 * @since 0.1.0
 * @category constructors
 */
export const certificate = Effect.fn("Renewal.certificate")(function*(
  { certificate: old, privateKey }: Identity,
  { days }: { readonly days: number }
): Effect.fn.Return<string, IdentityError> {
  if (!isDays(days)) {
    return yield* new IdentityError({ reason: "options", detail: `a certificate cannot be valid for ${days} days` })
  }
  if (!Certificate.isSelfIssued(old) || !(yield* Signature.verify(old, old.publicKey))) {
    const detail = "an authority issued the certificate, so only an authority can renew it: make a request for it"
    return yield* new IdentityError({ reason: "issued", detail })
  }
  const keys = yield* load(old, privateKey)
  const extensions = yield* kept(old.extensions.all.filter((each) => !isStale(each)))
  const subject = { name: old.subject.raw, publicKey: old.publicKey, holder: renewed(extensions) }
  const period = periodOf(yield* Clock.currentTimeMillis, days)
  const der = yield* Issuing.certificate(subject, { name: old.subject.raw, keys }, period).pipe(
    Effect.mapError(cryptoError)
  )
  const isFaithful = Result.match(Certificate.decode(der), {
    onFailure: () => false,
    onSuccess: (made) =>
      equal(made.subject.raw, old.subject.raw) && equal(made.publicKey.spki, old.publicKey.spki) &&
      made.extensions.all.length === extensions.length &&
      made.extensions.all.every(({ value }, at) => equal(value, extensions[at]?.value ?? new Uint8Array()))
  })
  return isFaithful
    ? Pem.encode("CERTIFICATE", der)
    : yield* new IdentityError({ reason: "pem", detail: "the old certificate cannot be copied, octet by octet" })
})

/**
 * PEM of a request (PKCS #10) with the key and names of the certificate, and the usages that it has. Whatever else an
 * authority has put into it is the authority's.
 *
 * @since 0.1.0
 * @category constructors
 */
export const request = Effect.fn("Renewal.request")(function*(
  { certificate: old, privateKey }: Identity
): Effect.fn.Return<string, IdentityError> {
  const keys = yield* load(old, privateKey)
  const holder = renewed(yield* kept(old.extensions.all.filter(({ oid }) => ours.has(oid))))
  const der = yield* Issuing.request({ name: old.subject.raw, holder }, keys).pipe(Effect.mapError(cryptoError))
  return Pem.encode("CERTIFICATE REQUEST", der)
})

/**
 * The identity under another address: the same key, in a certificate signed by itself for that address alone, which is valid
 * as long as the old one is. It is for an instance whose name had to become another (XEP-0174 §3, LL-11): whoever knows the
 * key can see whose it is, and whoever pins it does so for the new name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const named = Effect.fn("Renewal.named")(function*(
  { certificate: old, privateKey }: Identity,
  { address, naming }: { readonly address: string; readonly naming: Address.Naming }
): Effect.fn.Return<Identity, IdentityError> {
  const { holder, name } = yield* Effect.fromResult(
    Result.mapError(
      readProfile({ address, naming, days: daysOf(old) }),
      (detail) => new IdentityError({ reason: "options", detail })
    )
  )
  const keys = yield* load(old, privateKey)
  const { notAfter, notBefore, publicKey } = old
  const der = yield* Issuing.certificate({ name, holder, publicKey }, { name, keys }, { notAfter, notBefore }).pipe(
    Effect.mapError(cryptoError)
  )
  return yield* fromPem({ certificates: Pem.encode("CERTIFICATE", der), privateKey, naming })
})

const load = (
  { publicKey }: Certificate.Certificate,
  privateKey: Redacted.Redacted<string>
): Effect.Effect<Keys.Loaded, IdentityError> => {
  const [block] = Pem.decode(Redacted.value(privateKey))
  return Keys.load({ pkcs8: block?.der ?? new Uint8Array(), publicKey }).pipe(Effect.mapError(cryptoError))
}

const kept = (extensions: ReadonlyArray<Extension>): Effect.Effect<ReadonlyArray<Extension>, IdentityError> =>
  extensions.length > 0
    ? Effect.succeed(extensions)
    : Effect.fail(
      new IdentityError({
        reason: "pem",
        detail: "the old certificate has no extensions, so no XMPP name is lost by making a new identity instead"
      })
    )

const renewed = (extensions: ReadonlyArray<Extension>): Issuing.Renewed => ({ _tag: "Renewed", extensions })

/** It names the old certificate, by the serial number of its issuer: of itself. */
const isStale = ({ oid, value }: Extension): boolean =>
  oid === oids.authorityKeyIdentifier &&
  Result.getOrUndefined(Der.decode(value))?.children.some(({ tag }) => tag === serialTag) === true

const ours = new Set([oids.subjectAltName, oids.basicConstraints, oids.keyUsage, oids.extKeyUsage])
const serialTag = 0x82
const dayMillis = 86_400_000
