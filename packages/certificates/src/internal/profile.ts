/**
 * What stands in the certificates that we make (CERT-81): names, period, key identifier.
 *
 * @internal
 */
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as PublicKey from "../PublicKey.ts"
import { owned } from "./bytes.ts"
import * as Issuing from "./issuing.ts"

export interface Profile {
  /** DER. */
  readonly subject: Uint8Array
  /** Prepared and bare, each one once. */
  readonly addresses: ReadonlyArray<Address.Address>
  readonly days: number
}

export interface Wish {
  readonly address: string
  readonly naming: Address.Naming
  readonly days: number
  readonly alsoKnownAs?: ReadonlyArray<string>
}

/** Fails with what is wrong. */
export const readProfile = ({ address, alsoKnownAs, days, naming }: Wish): Result.Result<Profile, string> =>
  Result.gen(function*() {
    if (!isDays(days)) return yield* Result.fail(`a certificate cannot be valid for ${days} days`)
    const own = Address.parse(address, naming)
    if (own === undefined) return yield* Result.fail(`${JSON.stringify(address)} is no address`)
    const addresses = [Address.bare(own)]
    for (const text of alsoKnownAs ?? []) {
      // A certificate for a link-local name may reveal a JID, and the other way round.
      const other = Address.parse(text, naming) ?? Address.parse(text, naming === "jid" ? "linkLocal" : "jid")
      if (other === undefined) return yield* Result.fail(`${JSON.stringify(text)} is no address`)
      addresses.push(Address.bare(other))
    }
    const distinct = new Map(addresses.map((each) => [Address.format(each), each]))
    return { subject: Issuing.commonName(Address.format(addresses[0] ?? own)), addresses: [...distinct.values()], days }
  })

export const isDays = (days: number): boolean => Number.isFinite(days) && days > 0 && days <= daysMax

/** It begins a little earlier, because clocks differ. */
export const periodOf = (now: number, days: number): { readonly notBefore: number; readonly notAfter: number } => ({
  notBefore: now - clockDifferenceMillis,
  notAfter: now + Math.round(days * dayMillis)
})

/** RFC 7093 §2: the first 160 bits of SHA-256. */
export const digestOf = ({ octets }: PublicKey.PublicKey): Effect.Effect<Uint8Array> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.digest("SHA-256", owned(octets))),
    (hash) => new Uint8Array(hash).subarray(0, 20)
  )

const dayMillis = 86_400_000
const clockDifferenceMillis = 3_600_000
const daysMax = 365_000
