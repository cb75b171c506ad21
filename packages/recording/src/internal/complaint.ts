/**
 * What a schema found wrong with a piece of JSON, as one short line for people. Contents are not repeated, but for an
 * unknown tag.
 */
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/** @internal */
export const complaint = (error: Schema.SchemaError, json: unknown): string => {
  const [first, ...others] = format(error.issue).issues
  if (first === undefined) return "unreadable"
  const path = (first.path ?? []).map((segment) => typeof segment === "object" ? segment.key : segment)
  const tag = tagAt(json, path)
  const where = path.length === 0 ? "" : `${path.map(String).join(".")}: `
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`
  return `${where}${first.message}${
    tag === undefined ? "" : `, got ${JSON.stringify(tag.slice(0, tagCharsMax))}`
  }${more}`
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

const tagAt = (json: unknown, path: ReadonlyArray<PropertyKey>): string | undefined => {
  let at = json
  for (const key of path) at = own(at, key)
  const tag = own(at, "_tag")
  return typeof tag === "string" ? tag : undefined
}

const own = (value: unknown, key: PropertyKey): unknown =>
  Predicate.isObjectOrArray(value) && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined

const tagCharsMax = 60
