/**
 * What stands in the certificates that we make (CERT-81): names and period.
 *
 * @internal
 */
import { Address } from "@xmpp-e2e/protocol"
import * as Result from "effect/Result"
import type { Peer, Period } from "./issuing.ts"
import { alternativeNames } from "./names.ts"

export interface Profile {
  /** The first of the addresses: prepared, bare. */
  readonly name: string
  readonly holder: Peer
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
    if (distinct.size > namesMax) {
      return yield* Result.fail(`of more than ${namesMax} names in a certificate, nobody looks at the rest`)
    }
    const starred = [...distinct.keys()].find((each) => each.includes("*"))
    if (starred !== undefined) {
      return yield* Result.fail(
        `${JSON.stringify(starred)} has a star, and nobody believes such a name in a certificate`
      )
    }
    const names = alternativeNames([...distinct.values()])
    return { name: Address.format(Address.bare(own)), holder: { _tag: "Peer" as const, names, isCritical: false } }
  })

export const isDays = (days: number): boolean => Number.isFinite(days) && days > 0 && days <= daysMax

/** It begins a little earlier, because clocks differ. */
export const periodOf = (now: number, days: number): Period => ({
  notBefore: now - clockDifferenceMillis,
  notAfter: now + Math.round(days * dayMillis)
})

const dayMillis = 86_400_000
const clockDifferenceMillis = 3_600_000
const daysMax = 365_000
/** As many as readers of certificates look at (`PresentedNames.ts`). */
const namesMax = 64
