/**
 * Fields of a SEQUENCE that carry numbers because they may be absent.
 *
 * @internal
 */
import * as Result from "effect/Result"
import * as Der from "../Der.ts"

/** Optional fields: each one once, in the order of `tags`, and no others. */
export const inOrder = (parts: ReadonlyArray<Der.Value>, tags: ReadonlyArray<number>, what: string): Der.Read<void> => {
  const places = parts.map(({ tag }) => tags.indexOf(tag))
  const isInOrder = places.every((place, at) => place > (places[at - 1] ?? -1))
  return isInOrder ? Result.succeed(undefined) : Der.wrong("CERT-20", `${what} has another shape`)
}
