/**
 * Certificates that peers show, read once and kept for the next time: most peers come back. What is kept follows from the
 * octets alone. Whether it is in date, revoked or trusted, and by whom it is signed, is asked each time.
 *
 * @internal
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import type * as Der from "../Der.ts"
import * as Fingerprint from "../Fingerprint.ts"
import type * as Pin from "../Pin.ts"
import * as PresentedNames from "../PresentedNames.ts"
import * as Answers from "./answers.ts"

export interface Seen {
  /** SHA-256. */
  readonly fingerprint: string
  readonly read: Der.Read<{
    readonly certificate: Certificate.Certificate
    readonly hashes: Pin.Hashes
  }>
}

export const see = (der: Uint8Array): Effect.Effect<Seen> => {
  const kept = answers.get(keyOf(der), 0)
  if (kept !== undefined) return Effect.succeed(kept)
  // The octets belong to whoever asks, who may use them again for something else.
  const own = der.slice()
  return Effect.map(look(own), (seen) => {
    answers.put({ key: keyOf(own), answer: seen, from: 0, until: 1 })
    return seen
  })
}

/** The names in a certificate, as they are read on a stream of that kind. */
export const namesIn = (
  certificate: Certificate.Certificate,
  naming: Address.Naming
): PresentedNames.PresentedNames => {
  const known = names.get(certificate) ?? new Map<Address.Naming, PresentedNames.PresentedNames>()
  const fresh = known.get(naming) ?? PresentedNames.read(certificate, naming)
  names.set(certificate, known.set(naming, fresh))
  return fresh
}

const look = Effect.fnUntraced(function*(der: Uint8Array): Effect.fn.Return<Seen> {
  const fingerprint = yield* Fingerprint.sha256(der)
  const read = Certificate.decode(der)
  if (Result.isFailure(read)) return { fingerprint, read: Result.fail(read.failure) }
  const certificate = read.success
  const hashes = { certificate: fingerprint, key: yield* Fingerprint.sha256(certificate.publicKey.spki) }
  return { fingerprint, read: Result.succeed({ certificate, hashes }) }
})

const keyOf = (der: Uint8Array): Answers.Key => ({ parts: [der], rest: "" })

const answers = Answers.make<Seen>()
const names = new WeakMap<Certificate.Certificate, Map<Address.Naming, PresentedNames.PresentedNames>>()
