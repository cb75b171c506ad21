/**
 * How ways of trusting (`Opinion.Way`) are combined. The combination is plain data: it can be written down, and a
 * recording holds it. Each way is a service with a layer of its own; a combination says in its type which it needs.
 *
 * @since 0.1.0
 */
import type { AuthorityTrust } from "./AuthorityTrust.ts"
import type { CustomTrust } from "./CustomTrust.ts"
import type { FirstUseTrust } from "./FirstUse.ts"
import type { PinTrust } from "./PinTrust.ts"

/**
 * Every service that is a way of trusting.
 *
 * @since 0.1.0
 * @category models
 */
export type Model = AuthorityTrust | PinTrust | FirstUseTrust | CustomTrust

/**
 * - `AnyOf`: the first that vouches for the peer. A leap of faith is made only when none of the others vouches for the
 *   peer, and none knows anything against it. Without models it accepts nobody.
 * - `AllOf`: every one has to vouch for the peer, which gets what all of them grant. All are asked, also after
 *   a no. Without models it accepts nobody.
 *
 * `Needs` is there for the compiler alone.
 *
 * @since 0.1.0
 * @category models
 */
export type Combination<Needs = Model> = Single<Needs> | Several<Needs>

/**
 * @since 0.1.0
 * @category models
 */
export type Single<Needs = Model> =
  & ({ readonly _tag: "Authority" | "Pin" | "FirstUse" } | { readonly _tag: "Custom"; readonly name: string })
  & Needing<Needs>

/**
 * @since 0.1.0
 * @category models
 */
export interface Several<Needs = Model> extends Needing<Needs> {
  readonly _tag: "AnyOf" | "AllOf"
  readonly models: ReadonlyArray<Combination<Needs>>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Needing<out Needs> {
  readonly "~needs"?: Needs
}

/**
 * @since 0.1.0
 * @category guards
 */
export const isSeveral = (combination: Combination): combination is Several =>
  combination._tag === "AnyOf" || combination._tag === "AllOf"

/**
 * @since 0.1.0
 * @category constructors
 */
export const authority: Combination<AuthorityTrust> = { _tag: "Authority" }

/**
 * @since 0.1.0
 * @category constructors
 */
export const pin: Combination<PinTrust> = { _tag: "Pin" }

/**
 * @since 0.1.0
 * @category constructors
 */
export const firstUse: Combination<FirstUseTrust> = { _tag: "FirstUse" }

/**
 * A function of your own, by the name that it has in `CustomTrust.layer`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const custom = (name: string): Combination<CustomTrust> => ({ _tag: "Custom", name })

/**
 * @since 0.1.0
 * @category combinators
 */
export const anyOf = <Needs>(...models: ReadonlyArray<Combination<Needs>>): Combination<Needs> => ({
  _tag: "AnyOf",
  models
})

/**
 * @since 0.1.0
 * @category combinators
 */
export const allOf = <Needs>(...models: ReadonlyArray<Combination<Needs>>): Combination<Needs> => ({
  _tag: "AllOf",
  models
})

/**
 * Pins, authorities, and a leap of faith when neither knows the peer: the order of certificates §8.
 *
 * @since 0.1.0
 * @category constants
 */
export const usual: Combination<PinTrust | AuthorityTrust | FirstUseTrust> = anyOf<
  PinTrust | AuthorityTrust | FirstUseTrust
>(pin, authority, firstUse)
