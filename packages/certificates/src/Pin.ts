/**
 * A pin: this certificate belongs to that address, because somebody said so (CERT-83). Comparing pins with certificates
 * is here; keeping them is the business of `PinStore.ts`.
 *
 * @since 0.1.0
 */
import type { Address } from "@xmpp-e2e/protocol"

/**
 * @since 0.1.0
 * @category models
 */
export interface Pin {
  /** Bare and prepared, as `Address.bareText` gives it. */
  readonly address: string
  readonly naming: Address.Naming
  /** SHA-256 of the DER certificate, 64 lower-case hex digits. */
  readonly certificate: string
  /** SHA-256 of its SubjectPublicKeyInfo, 64 lower-case hex digits; empty when nobody has seen the certificate yet. */
  readonly key: string
  /** ISO 8601, UTC. */
  readonly firstSeen: string
  readonly how: How
  /** Two people have compared what both of them saw. Absent when nobody has. */
  readonly verified?: Verified
}

/**
 * When and how a person made sure. `shortString`: by the string that both sides derive from their stream.
 *
 * @since 0.1.0
 * @category models
 */
export interface Verified {
  /** ISO 8601, UTC. */
  readonly when: string
  readonly how: "shortString"
}

/**
 * - `manual`: a person compared fingerprints, or configured it
 * - `firstUse`: the leap of faith (CERT-86, CERT-88)
 * - `offer`: a confirmed offer (CERT-90)
 * - `exchanged`: received over a trusted stream (CERT-93)
 *
 * @since 0.1.0
 * @category models
 */
export type How = "manual" | "firstUse" | "offer" | "exchanged"

/**
 * What has to be equal: the whole certificate, or only its key, so that a renewal with the same key passes (CERT-83).
 *
 * @since 0.1.0
 * @category models
 */
export type Comparison = "certificate" | "key"

/**
 * The two hashes of a certificate, written like those of a pin.
 *
 * @since 0.1.0
 * @category models
 */
export type Hashes = Pick<Pin, "certificate" | "key">

/**
 * Of a pin and a certificate that differ (CERT-85), `holds` by `key` tells whether at least the key is the same one: then
 * its owner has renewed the certificate, and nobody else could have.
 *
 * @since 0.1.0
 * @category guards
 */
export const holds = (pin: Hashes, shown: Hashes, by: Comparison): boolean =>
  pin.certificate === shown.certificate || (by === "key" && pin.key !== "" && pin.key === shown.key)

/**
 * What stands in the way of new pins: the pins of an address that are all for other certificates (CERT-85).
 *
 * @since 0.1.0
 * @category combinators
 */
export const conflicts = (
  kept: ReadonlyArray<Pin>,
  pins: ReadonlyArray<Pin>,
  by: Comparison
): ReadonlyArray<Pin> =>
  pins.flatMap((pin) => {
    const there = kept.filter((each) => each.address === pin.address && each.naming === pin.naming)
    return there.some((each) => holds(each, pin, by)) ? [] : there
  })

/**
 * Pins and more of them. One with the same address, naming and certificate as another is there already; it only confirms
 * what was a first use (CERT-88), or was not verified yet.
 *
 * @since 0.1.0
 * @category combinators
 */
export const add = (kept: ReadonlyArray<Pin>, pins: ReadonlyArray<Pin>): ReadonlyArray<Pin> =>
  pins.reduce((all, pin) => {
    const known = all.find((each) => isSame(each, pin))
    if (known === undefined) return [...all, pin]
    const isConfirmed = known.how === "firstUse" && pin.how !== "firstUse"
    const verified = known.verified === undefined ? pin.verified : undefined
    if (!isConfirmed && verified === undefined) return all
    const better = {
      ...known,
      ...isConfirmed ? { how: pin.how } : {},
      ...verified === undefined ? {} : { verified }
    }
    return all.map((each) => each === known ? better : each)
  }, kept)

/**
 * Which pins a person means: all of an address, or the one of a certificate for it.
 *
 * @since 0.1.0
 * @category models
 */
export type Selection = Pick<Pin, "address" | "naming"> & Partial<Pick<Pin, "certificate">>

/**
 * @since 0.1.0
 * @category guards
 */
export const isSelected = (pin: Pin, { address, certificate, naming }: Selection): boolean =>
  pin.address === address && pin.naming === naming && (certificate === undefined || pin.certificate === certificate)

const isSame = (one: Pin, other: Pin): boolean =>
  one.address === other.address && one.naming === other.naming && one.certificate === other.certificate
