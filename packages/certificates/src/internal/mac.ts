/**
 * The MAC of a PKCS #12 file: whether the passphrase is right and nothing was changed (RFC 7292 §4, RFC 9579).
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Der from "../Der.ts"
import { equal, owned } from "./bytes.ts"
import type * as Forge from "./forge.ts"
import * as Sealing from "./sealing.ts"

export const verifyMac = Effect.fnUntraced(function*(
  opener: Sealing.Opener,
  macData: Der.Value,
  data: Uint8Array
): Effect.fn.Return<boolean, Sealing.Failure> {
  const [mac, salt, rounds] = yield* Sealing.read(Der.sequence(macData, "the MAC"))
  const [algorithm, digest] = yield* Sealing.read(Der.sequence(mac, "the MAC"))
  const { content: wanted } = yield* Sealing.read(Der.expect(digest, Der.tags.octetString, "the MAC"))
  const { oid, parameters } = yield* Sealing.identifier(algorithm, "the MAC")
  const { hash, key } = oid === pbmac1
    ? yield* readPbmac1(opener, parameters)
    : yield* readOld(opener, oid, salt, rounds)
  const made = yield* Sealing.webCrypto(async () => {
    const imported = await crypto.subtle.importKey("raw", owned(key), { name: "HMAC", hash }, false, ["sign"])
    return crypto.subtle.sign("HMAC", imported, owned(data))
  }, "damaged")
  return equal(new Uint8Array(made), wanted)
})

interface Keyed {
  readonly hash: Forge.Hash
  readonly key: Uint8Array
}

const readOld = Effect.fnUntraced(function*(
  opener: Sealing.Opener,
  oid: string,
  saltValue: Der.Value | undefined,
  count: Der.Value | undefined
): Effect.fn.Return<Keyed, Sealing.Failure> {
  const found = digests.get(oid)
  if (found === undefined) return yield* Sealing.unknown(oid)
  const { content: salt } = yield* Sealing.read(Der.expect(saltValue, Der.tags.octetString, "the salt of the MAC"))
  const rounds = count === undefined ? 1 : yield* Sealing.read(Der.smallInteger(count, "the rounds of the MAC"))
  const key = yield* Sealing.deriveOld(opener, { purpose: "mac", salt, rounds, ...found })
  return { hash: found.hash, key }
})

const readPbmac1 = Effect.fnUntraced(function*(
  opener: Sealing.Opener,
  parameters: Der.Value | undefined
): Effect.fn.Return<Keyed, Sealing.Failure> {
  const [derivation, scheme] = yield* Sealing.read(Der.sequence(parameters, "the MAC"))
  const { oid: how, parameters: work } = yield* Sealing.identifier(derivation, "the key derivation of the MAC")
  if (how !== pbkdf2) return yield* Sealing.unknown(how)
  const { oid } = yield* Sealing.identifier(scheme, "the MAC")
  const hash = Sealing.hmacHash(oid)
  if (hash === undefined) return yield* Sealing.unknown(oid)
  const length = work?.children[2]
  const octets = yield* Sealing.read(Der.smallInteger(length, "the length of the key of the MAC"))
  // RFC 9579 §6: shorter keys are guessed, longer ones gain nothing.
  if (octets < 20 || octets > 128) return yield* Effect.fail(Sealing.failure("damaged", "its MAC has an odd key"))
  return { hash, key: yield* Sealing.deriveBits(opener, work, octets) }
})

const pbmac1 = "1.2.840.113549.1.5.14"
const pbkdf2 = "1.2.840.113549.1.5.12"
const digests = new Map<string, { readonly hash: Forge.Hash; readonly octets: number }>([
  ["1.3.14.3.2.26", { hash: "SHA-1", octets: 20 }],
  ["2.16.840.1.101.3.4.2.1", { hash: "SHA-256", octets: 32 }],
  ["2.16.840.1.101.3.4.2.2", { hash: "SHA-384", octets: 48 }],
  ["2.16.840.1.101.3.4.2.3", { hash: "SHA-512", octets: 64 }]
])
