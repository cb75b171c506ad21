/**
 * Certificates and keys in whatever other tools hand over: PEM texts, PKCS #12 files, single certificates in DER. Which of
 * them belong together is asked in `Identity.ts`.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import * as Pem from "../Pem.ts"
import * as Pkcs12 from "../Pkcs12.ts"
import * as PrivateKeys from "./privateKeys.ts"

export interface Found {
  readonly certificates: ReadonlyArray<Certificate.Certificate>
  readonly keys: ReadonlyArray<PrivateKeys.Key>
}

export interface Failure {
  readonly reason: PrivateKeys.Failure["reason"] | "pkcs12"
  readonly detail: string
}

/** Any number of either. */
export const read = Effect.fnUntraced(function*(
  bytes: Uint8Array,
  passphrase: Redacted.Redacted<string> | undefined
): Effect.fn.Return<Found, Failure> {
  const alone = Result.getOrUndefined(Certificate.decode(bytes))
  if (alone !== undefined) return { certificates: [alone], keys: [] }
  if (Pkcs12.isLikely(bytes)) return yield* readPkcs12(bytes, passphrase)
  // What stands between the blocks may be in any encoding.
  const text = new TextDecoder().decode(bytes)
  if (Pem.decode(text).length === 0) {
    return yield* fail("pem", "it is neither PEM nor PKCS #12 nor a certificate in DER")
  }
  return { certificates: yield* certificates(text), keys: yield* PrivateKeys.fromPem(text, passphrase) }
})

/** Those of a PEM text. */
export const certificates = Effect.fnUntraced(function*(
  text: string
): Effect.fn.Return<ReadonlyArray<Certificate.Certificate>, Failure> {
  const found: Array<Certificate.Certificate> = []
  for (const der of Pem.certificates(text)) {
    if (der === undefined) return yield* fail("pem", "a certificate in the PEM text is not base64")
    found.push(yield* decode(der, "pem", "PEM text"))
  }
  return found
})

const readPkcs12 = Effect.fnUntraced(function*(
  bytes: Uint8Array,
  passphrase: Redacted.Redacted<string> | undefined
): Effect.fn.Return<Found, Failure> {
  const content = yield* Pkcs12.open(bytes, passphrase ?? Redacted.make("")).pipe(
    Effect.mapError(({ detail, reason }): Failure => {
      // Nobody gave a passphrase, so the empty one was tried.
      const isLocked = reason === "passphrase" && passphrase === undefined
      if (isLocked) return { reason: "encrypted", detail: "the PKCS #12 file needs its passphrase" }
      return { reason: reason === "damaged" ? "pkcs12" : reason, detail }
    })
  )
  const found: Array<Certificate.Certificate> = []
  for (const der of content.certificates) found.push(yield* decode(der, "pkcs12", "PKCS #12 file"))
  return { certificates: found, keys: content.keys.map((each) => ({ der: Redacted.value(each), isWrapped: true })) }
})

const decode = (
  der: Uint8Array,
  reason: Failure["reason"],
  where: string
): Effect.Effect<Certificate.Certificate, Failure> =>
  Effect.fromResult(Certificate.decode(der)).pipe(
    Effect.catch(({ detail }) => fail(reason, `a certificate in the ${where} cannot be read: ${detail}`))
  )

const fail = (reason: Failure["reason"], detail: string): Effect.Effect<never, Failure> =>
  Effect.fail({ reason, detail })
