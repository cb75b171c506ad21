/** Values as values: the same or not, frozen to the bottom, plain or not. */

/** Structural equality of JSON-shaped values, quick where parts are shared. */
export const same = (one: unknown, other: unknown): boolean => {
  if (Object.is(one, other)) return true
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false
  if (Array.isArray(one) || Array.isArray(other)) {
    return Array.isArray(one) && Array.isArray(other) && one.length === other.length &&
      one.every((each, index) => same(each, other[index]))
  }
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && same(valueOf(one, key), valueOf(other, key)))
}

/** Whoever writes to it from now on, at whatever depth, is caught. What is frozen already is taken as frozen below. */
export const freeze = (value: unknown): void => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const each of Object.values(value)) freeze(each)
}

/**
 * Where a value would not survive JSON: a path, or `undefined` when it would. `known` are values that were found plain
 * before.
 */
export const unplain = (value: unknown, known: Set<unknown>): string | undefined => {
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? undefined : ` is ${value}`
    case "object":
      break
    default:
      return ` is of type ${typeof value}`
  }
  if (value === null || known.has(value)) return undefined
  if (!isPlainObject(value)) return " is no plain object"
  for (const key of Reflect.ownKeys(value)) {
    if (Array.isArray(value) && key === "length") continue
    const found = typeof key === "symbol" ? " has a symbol for a name" : unplain(valueOf(value, key), known)
    if (found !== undefined) return typeof key === "symbol" ? found : `.${key}${found}`
  }
  known.add(value)
  return undefined
}

const isPlainObject = (value: object): boolean =>
  Array.isArray(value)
    ? Object.keys(value).length === value.length
    : Object.getPrototypeOf(value) === Object.prototype

const valueOf = (of: object, key: string): unknown => (of as Readonly<Record<string, unknown>>)[key]
