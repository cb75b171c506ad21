/**
 * The private keys in a PEM text, with their passphrase taken off: PKCS #8, PKCS #1, SEC 1, and encrypted PKCS #8
 * (RFC 5958 §3). Whether one belongs to a certificate is asked in `Identity.ts`.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import * as Pem from "../Pem.ts"
import * as Forge from "./forge.ts"
import * as Sealing from "./sealing.ts"

export interface Key {
  readonly der: Uint8Array
  /** As PKCS #8, which says what kind of key it is. */
  readonly isWrapped: boolean
}

export interface Failure {
  readonly reason: "pem" | "encrypted" | "passphrase" | "unsupported" | "costly"
  readonly detail: string
}

/** In order; there may be none. */
export const fromPem = Effect.fnUntraced(function*(
  text: string,
  passphrase: Redacted.Redacted<string> | undefined
): Effect.fn.Return<ReadonlyArray<Key>, Failure> {
  const blocks = Pem.decode(text).filter(({ label }) => label.endsWith("PRIVATE KEY"))
  const purse = Sealing.makePurse()
  const keys: Array<Key> = []
  for (const { der, isEncrypted, label } of blocks) {
    if (isEncrypted && der === undefined) return yield* fail("unsupported", old)
    if (der === undefined) return yield* fail("pem", "the private key in the PEM text is not base64")
    if (!isEncrypted) keys.push({ der, isWrapped: label === "PRIVATE KEY" })
    else if (passphrase === undefined) {
      return yield* fail("encrypted", "the private key is encrypted: it needs its passphrase")
    } else keys.push({ der: yield* unlock(der, Redacted.value(passphrase), purse), isWrapped: true })
  }
  return keys
})

const unlock = Effect.fnUntraced(function*(
  der: Uint8Array,
  passphrase: string,
  purse: Sealing.Purse
): Effect.fn.Return<Uint8Array, Failure> {
  const opener = { passphrase, forge: yield* Forge.load, purse }
  const plain = yield* Effect.gen(function*() {
    const [algorithm, data] = yield* Sealing.read(
      Result.flatMap(Der.decode(der), (value) => Der.sequence(value, "the encrypted key"))
    )
    const { content: sealed } = yield* Sealing.read(Der.expect(data, Der.tags.octetString, "the encrypted key"))
    return yield* Sealing.open(opener, algorithm, sealed)
  }).pipe(Effect.mapError(told))
  // There is no MAC: one wrong passphrase in 256 leaves padding that looks right.
  return Result.isSuccess(Der.decode(plain)) ? plain : yield* Effect.fail(wrongPassphrase)
})

const told = ({ detail, reason }: Sealing.Failure): Failure => {
  switch (reason) {
    case "garbled":
      return wrongPassphrase
    case "damaged":
      return { reason: "pem", detail: `the encrypted private key cannot be read: ${detail}` }
    case "unsupported":
    case "costly":
      return { reason, detail: `the private key cannot be decrypted: ${detail}; ${remedy}` }
  }
}

const fail = (reason: Failure["reason"], detail: string): Effect.Effect<never, Failure> =>
  Effect.fail({ reason, detail })

const wrongPassphrase: Failure = {
  reason: "passphrase",
  detail: "the passphrase of the private key is wrong, or the key is damaged"
}
const remedy = "convert it with `openssl pkcs8 -topk8 -in KEY -out NEW`"
const old = `the private key is encrypted in the old way of PEM (RFC 1421), which is not read; ${remedy}`
