/**
 * Whom a stream believed, in a few words. What a judge says of itself is the business of whoever wrote it, so only the
 * shape that `@xmpp-e2e/certificates` gives a combination is read; anything else is shown as it stands, cut short.
 */
import type * as Schema from "effect/Schema"

/** `any of Pin, Authority, FirstUse`. @internal */
export const trusted = (trust: Schema.Json): string => {
  const combination = member(trust, "combination")
  const words = combination === undefined ? undefined : combined(combination, depthMax)
  return words ?? cut(JSON.stringify(trust))
}

const combined = (combination: Schema.Json, depth: number): string | undefined => {
  if (depth === 0 || !isRecord(combination)) return undefined
  const [[how, what] = [], ...others] = Object.entries(combination)
  if (how === undefined || what === undefined || others.length > 0) return undefined
  const joint = how === "AnyOf" ? "any of" : how === "AllOf" ? "all of" : undefined
  if (joint === undefined || !Array.isArray(what)) return cut(nameOf(how, what))
  const parts = what.slice(0, partsMax).map((each: Schema.Json) => {
    const words = combined(each, depth - 1) ?? cut(JSON.stringify(each))
    return words.includes(" of ") ? `(${words})` : words
  })
  const more = what.length > partsMax ? ` and ${what.length - partsMax} more` : ""
  return parts.length === 0 ? "nobody" : `${joint} ${parts.join(", ")}${more}`
}

/** A function of an application is known by its name. */
const nameOf = (model: string, described: Schema.Json): string => {
  const name = member(described, "name")
  return model === "Custom" && typeof name === "string" ? `the function ${name}` : model
}

/** @internal */
export const member = (json: Schema.Json, key: string): Schema.Json | undefined =>
  isRecord(json) && Object.hasOwn(json, key) ? json[key] : undefined

/** @internal */
export const isRecord = (json: Schema.Json): json is { readonly [key: string]: Schema.Json } =>
  typeof json === "object" && json !== null && !Array.isArray(json)

const cut = (text: string): string => text.length > charsMax ? `${text.slice(0, charsMax)}…` : text

const charsMax = 120
const partsMax = 8
const depthMax = 4
