/**
 * Extensions as they stand in certificates, CRLs, their entries and OCSP responses (RFC 5280 §4.1.2.9): what they are
 * called, whether they are critical, and their content unread.
 *
 * @internal
 */
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import type { Extension } from "../Extensions.ts"

/** A SEQUENCE of at least one, none of them twice (CERT-22). */
export const readList = (value: Der.Value | undefined): Der.Read<ReadonlyArray<Extension>> =>
  Result.gen(function*() {
    const found = new Map<string, Extension>()
    for (const each of yield* Der.atLeastOne(value, "the extensions")) {
      const extension = yield* readOne(each)
      if (found.has(extension.oid)) return yield* Der.wrong("CERT-22", `the extension ${extension.oid} occurs twice`)
      found.set(extension.oid, extension)
    }
    return [...found.values()]
  })

const readOne = (value: Der.Value): Der.Read<Extension> =>
  Result.gen(function*() {
    const parts = yield* Der.sequence(value, "an extension")
    const oid = yield* Der.oid(parts[0], "the type of an extension")
    const isCritical = parts.length === 3 && (yield* Der.boolean(parts[1], `the critical mark of ${oid}`))
    const { content } = yield* Der.expect(
      parts[parts.length === 3 ? 2 : 1],
      Der.tags.octetString,
      `the extension ${oid}`
    )
    return parts.length > 3
      ? yield* Der.wrong("CERT-20", `the extension ${oid} has another shape`)
      : { oid, isCritical, value: content }
  })
