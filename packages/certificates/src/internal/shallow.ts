/**
 * DER, one level at a time: for things so long that nobody wants the whole tree of them.
 *
 * @internal
 */
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import { type Head, readHead } from "./head.ts"

/** What stands side by side in some content, their own content unread: they have no children yet. */
export const values = (content: Uint8Array): Der.Read<ReadonlyArray<Der.Value>> => {
  const found: Array<Der.Value> = []
  for (let at = 0; at < content.length;) {
    const read = head(content, at)
    if (Result.isFailure(read)) return Result.fail(read.failure)
    found.push(valueAt(content, at, read.success))
    at = read.success.next
  }
  return Result.succeed(found)
}

/** A SEQUENCE and nothing after it, its values unread. */
export const sequence = (bytes: Uint8Array, what: string): Der.Read<ReadonlyArray<Der.Value>> =>
  Result.flatMap(values(bytes), ([value, ...more]) =>
    value?.tag !== Der.tags.sequence || more.length > 0
      ? Der.wrong("CERT-20", `${what} is no sequence`)
      : values(value.content))

/** The same value with all that is in it. */
export const whole = (value: Der.Value | undefined, what: string): Der.Read<Der.Value> =>
  value === undefined ? Der.wrong("CERT-20", `${what} is missing`) : Der.decode(value.raw)

export const head = (bytes: Uint8Array, start: number): Der.Read<Head> =>
  Result.mapError(readHead(bytes, start), (flaw) => new Der.DerError(flaw))

export const valueAt = (bytes: Uint8Array, start: number, { from, next, tag }: Head): Der.Value => ({
  tag,
  raw: bytes.subarray(start, next),
  content: bytes.subarray(from, next),
  children: []
})
