/**
 * What a passphrase opens: the ways of encryption in PKCS #8 and PKCS #12 files (RFC 8018 §6.2, RFC 7292 appendix C). A
 * file says itself how much work its key takes, so all of it is paid from a purse.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import { owned, toUtf8 } from "./bytes.ts"
import * as Forge from "./forge.ts"

/**
 * - `damaged`: the bytes are not what they should be
 * - `unsupported`: encrypted in a way that nothing here knows
 * - `costly`: the key would take too long to derive
 * - `garbled`: what came out is padded wrongly; with a wrong passphrase it nearly always is
 */
export interface Failure {
  readonly _tag: "Failure"
  readonly reason: "damaged" | "unsupported" | "costly" | "garbled"
  readonly detail: string
}

/** `undefined` is the passphrase of files that were made without one, which some tools write. */
export interface Opener {
  readonly passphrase: string | undefined
  readonly forge: Forge.Forge
  readonly purse: Purse
}

/** Pays for so many microseconds of work, or fails. */
export type Purse = (micros: number) => Effect.Effect<void, Failure>

export const failure = (reason: Failure["reason"], detail: string): Failure => ({ _tag: "Failure", reason, detail })

export const damaged = ({ detail }: Der.DerError): Failure => failure("damaged", detail)

/** For one file. */
export const makePurse = (): Purse => {
  let left = microsMax
  return (micros) =>
    Effect.suspend(() => {
      left -= micros
      return left >= 0 ? Effect.void : Effect.fail(failure("costly", "its passphrase takes too much work to try"))
    })
}

/** Of an AlgorithmIdentifier and what was encrypted so. */
export const open = Effect.fnUntraced(function*(
  opener: Opener,
  algorithm: Der.Value | undefined,
  sealed: Uint8Array
): Effect.fn.Return<Uint8Array, Failure> {
  const { oid, parameters } = yield* identifier(algorithm, "the encryption")
  if (oid === pbes2) return yield* openPbes2(opener, parameters, sealed)
  const cipher = oldCiphers.get(oid)
  return cipher === undefined ? yield* unknown(oid) : yield* openPbes1(opener, cipher, parameters, sealed)
})

/** PBKDF2 (RFC 8018 §5.2), as its parameters ask for it. */
export const deriveBits = Effect.fnUntraced(function*(
  { passphrase, purse }: Opener,
  parameters: Der.Value | undefined,
  octets: number
): Effect.fn.Return<Uint8Array, Failure> {
  const { hash, rounds, salt } = yield* Effect.mapError(
    Effect.fromResult(readPbkdf2(parameters)),
    (error) => "oid" in error ? unknownFailure(error.oid) : damaged(error)
  )
  yield* purse(microsOfCall + rounds * Math.ceil(octets / hashOctets[hash]) * microsOfRound)
  const bits = yield* webCrypto(async () => {
    const key = await crypto.subtle.importKey("raw", owned(toUtf8(passphrase ?? "")), "PBKDF2", false, ["deriveBits"])
    const how = { name: "PBKDF2", salt: owned(salt), iterations: rounds, hash }
    return crypto.subtle.deriveBits(how, key, octets * 8)
  }, "damaged")
  return new Uint8Array(bits)
})

/** The key derivation of PKCS #12 (RFC 7292 appendix B). */
export const deriveOld = (
  { forge, passphrase, purse }: Opener,
  wish: Omit<Parameters<Forge.Forge["deriveKey"]>[0], "passphrase">
): Effect.Effect<Uint8Array, Failure> =>
  Effect.flatMap(
    purse(microsOfCall + wish.rounds * Math.ceil(wish.octets / hashOctets[wish.hash]) * microsOfOldRound),
    () => {
      const key = forge.deriveKey({ ...wish, passphrase })
      return key === undefined ? Effect.fail(failure("damaged", "the key cannot be derived")) : Effect.succeed(key)
    }
  )

export const identifier = Effect.fnUntraced(function*(
  algorithm: Der.Value | undefined,
  what: string
): Effect.fn.Return<{ readonly oid: string; readonly parameters: Der.Value | undefined }, Failure> {
  const [type, parameters] = yield* read(Der.sequence(algorithm, what))
  return { oid: yield* read(Der.oid(type, what)), parameters }
})

export const read = <A>(value: Der.Read<A>): Effect.Effect<A, Failure> =>
  Effect.fromResult(Result.mapError(value, damaged))

export const unknown = (oid: string): Effect.Effect<never, Failure> => Effect.fail(unknownFailure(oid))

export const webCrypto = <A>(work: () => Promise<A>, reason: Failure["reason"]): Effect.Effect<A, Failure> =>
  Effect.tryPromise({ try: work, catch: () => failure(reason, "what it holds cannot be decrypted") })

/** `undefined`: an HMAC that nothing here knows. */
export const hmacHash = (oid: string): Forge.Hash | undefined => hmacs.get(oid)

const openPbes2 = Effect.fnUntraced(function*(
  opener: Opener,
  parameters: Der.Value | undefined,
  sealed: Uint8Array
): Effect.fn.Return<Uint8Array, Failure> {
  const [derivation, scheme] = yield* read(Der.sequence(parameters, "the encryption"))
  const { oid: how, parameters: work } = yield* identifier(derivation, "the key derivation")
  if (how !== pbkdf2) return yield* unknown(how)
  const { oid, parameters: vector } = yield* identifier(scheme, "the cipher")
  const octets = aes.get(oid) ?? (oid === tripleDes ? Forge.keyOctets["3des"] : undefined)
  if (octets === undefined) return yield* unknown(oid)
  const { content: iv } = yield* read(Der.expect(vector, Der.tags.octetString, "the initialisation vector"))
  const key = yield* deriveBits(opener, work, octets)
  if (oid === tripleDes) return yield* opened(opener.forge.decrypt("3des", key, iv, sealed))
  const plain = yield* webCrypto(async () => {
    const imported = await crypto.subtle.importKey("raw", owned(key), "AES-CBC", false, ["decrypt"])
    return crypto.subtle.decrypt({ name: "AES-CBC", iv: owned(iv) }, imported, owned(sealed))
  }, "garbled")
  return new Uint8Array(plain)
})

const openPbes1 = Effect.fnUntraced(function*(
  opener: Opener,
  cipher: Forge.OldCipher,
  parameters: Der.Value | undefined,
  sealed: Uint8Array
): Effect.fn.Return<Uint8Array, Failure> {
  const [saltValue, count] = yield* read(Der.sequence(parameters, "the encryption"))
  const { content: salt } = yield* read(Der.expect(saltValue, Der.tags.octetString, "the salt"))
  const rounds = yield* read(Der.smallInteger(count, "the number of rounds"))
  const wish = { salt, rounds, hash: "SHA-1" } as const
  const key = yield* deriveOld(opener, { ...wish, purpose: "key", octets: Forge.keyOctets[cipher] })
  const iv = yield* deriveOld(opener, { ...wish, purpose: "iv", octets: 8 })
  return yield* opened(opener.forge.decrypt(cipher, key, iv, sealed))
})

const opened = (plain: Uint8Array | undefined): Effect.Effect<Uint8Array, Failure> =>
  plain === undefined
    ? Effect.fail(failure("garbled", "what it holds cannot be decrypted"))
    : Effect.succeed(plain)

const readPbkdf2 = (parameters: Der.Value | undefined) =>
  Result.gen(function*() {
    const [saltValue, count, ...more] = yield* Der.sequence(parameters, "the key derivation")
    const { content: salt } = yield* Der.expect(saltValue, Der.tags.octetString, "the salt")
    const rounds = yield* Der.smallInteger(count, "the number of rounds")
    const prf = more.find(({ tag }) => tag === Der.tags.sequence)
    const oid = prf === undefined ? hmacSha1 : yield* Der.oid(prf.children[0], "the function of the key derivation")
    const hash = hmacs.get(oid)
    return hash === undefined ? yield* Result.fail({ oid }) : { salt, rounds, hash }
  })

const unknownFailure = (oid: string): Failure =>
  failure("unsupported", `it is encrypted in a way that is not known here (${oid})`)

const pbes2 = "1.2.840.113549.1.5.13"
const pbkdf2 = "1.2.840.113549.1.5.12"
const tripleDes = "1.2.840.113549.3.7"
const hmacSha1 = "1.2.840.113549.2.7"
const hmacs = new Map<string, Forge.Hash>([
  [hmacSha1, "SHA-1"],
  ["1.2.840.113549.2.9", "SHA-256"],
  ["1.2.840.113549.2.10", "SHA-384"],
  ["1.2.840.113549.2.11", "SHA-512"]
])
/** Octets of their keys. */
const aes = new Map([
  ["2.16.840.1.101.3.4.1.2", 16],
  ["2.16.840.1.101.3.4.1.22", 24],
  ["2.16.840.1.101.3.4.1.42", 32]
])
const oldCiphers = new Map<string, Forge.OldCipher>([
  ["1.2.840.113549.1.12.1.3", "3des"],
  ["1.2.840.113549.1.12.1.5", "rc2-128"],
  ["1.2.840.113549.1.12.1.6", "rc2-40"]
])
const hashOctets: Readonly<Record<Forge.Hash, number>> = { "SHA-1": 20, "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 }
/** Several times what they take on a machine of today. Tools write between 1 round and a million. */
const microsOfCall = 200
const microsOfRound = 1
const microsOfOldRound = 5
const microsMax = 10_000_000
