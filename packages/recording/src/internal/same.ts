/**
 * Whether two plain values are the same JSON. The order of keys does not matter, and a key without a value is no key.
 */
import * as Predicate from "effect/Predicate"

/** @internal */
export const same = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (Array.isArray(one)) {
    return Array.isArray(other) && one.length === other.length && one.every((each, index) => same(each, other[index]))
  }
  if (!Predicate.isObject(one) || !Predicate.isObject(other)) return false
  const keys = keysOf(one)
  return keys.length === keysOf(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(Reflect.get(one, key), Reflect.get(other, key)))
}

const keysOf = (of: object): ReadonlyArray<string> =>
  Object.keys(of).filter((key) => Reflect.get(of, key) !== undefined)
