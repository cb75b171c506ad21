/**
 * Where two plain values stop being the same JSON. The order of keys does not matter, and a key without a value is no
 * key.
 */
import * as Predicate from "effect/Predicate"

/**
 * The path to the first difference; `undefined` when there is none.
 *
 * @internal
 */
export const difference = (one: unknown, other: unknown): ReadonlyArray<string> | undefined => {
  if (one === other) return undefined
  if (!Predicate.isObjectOrArray(one) || !Predicate.isObjectOrArray(other)) return []
  if (Array.isArray(one) !== Array.isArray(other)) return []
  for (const key of new Set([...keysOf(one), ...keysOf(other)])) {
    const deeper = difference(own(one, key), own(other, key))
    if (deeper !== undefined) return [key, ...deeper]
  }
  return undefined
}

const keysOf = (of: object): ReadonlyArray<string> => Object.keys(of).filter((key) => own(of, key) !== undefined)

const own = (of: object, key: string): unknown => Object.hasOwn(of, key) ? Reflect.get(of, key) : undefined
