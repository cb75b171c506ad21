/**
 * Distinguished names: reading them, and saying whether two of them are the same (CERT-41). They lead from a certificate
 * to its issuer and are shown to people; they never say who a peer is (CERT-64).
 *
 * RFC 5280 §4.1.2.4, §7.1.
 *
 * @since 0.1.0
 */
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import * as oids from "./internal/oids.ts"
import { visible } from "./internal/visible.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Name {
  readonly raw: Uint8Array
  readonly isEmpty: boolean
  /** Two names are the same when these are. */
  readonly comparable: string
  /** One text for each relative name, from the root down, with which it can be compared. */
  readonly rdns: ReadonlyArray<string>
  /** For people, cut when it is long: `CN=Harbor Authority, O=Harbor`. */
  readonly text: string
  /** The Common Names that are text, in order. */
  readonly commonNames: ReadonlyArray<string>
  /** The octets of each emailAddress attribute, in order; they are meant to be ASCII (RFC 5280 §4.1.2.6). */
  readonly mailAddresses: ReadonlyArray<Uint8Array>
}

/**
 * @since 0.1.0
 * @category decoding
 */
export const read = (value: Der.Value | undefined, what: string): Der.Read<Name> =>
  Result.gen(function*() {
    const rdns: Array<ReadonlyArray<Attribute>> = []
    for (const rdn of yield* Der.sequence(value, what)) {
      const { children } = yield* Der.expect(rdn, Der.tags.set, `${what}: a relative name`)
      if (children.length === 0) return yield* Der.wrong("CERT-20", `${what} has an empty relative name`)
      const attributes: Array<Attribute> = []
      for (const child of children) attributes.push(yield* readAttribute(child, what))
      rdns.push(attributes)
    }
    const all = rdns.flat()
    const comparables = rdns.map((rdn) => JSON.stringify(rdn.map((each) => each.comparable).sort()))
    return {
      raw: value?.raw ?? new Uint8Array(),
      isEmpty: rdns.length === 0,
      comparable: comparables.join(),
      rdns: comparables,
      text: all.length === 0 ? "(an empty name)" : visible(all.map((each) => each.text).join(", ")),
      commonNames: all.flatMap((each) => each.oid === oids.commonName && each.value !== undefined ? [each.value] : []),
      mailAddresses: all.flatMap((each) => each.oid === oids.emailAddress ? [each.content] : [])
    }
  })

interface Attribute {
  readonly oid: string
  readonly value: string | undefined
  readonly content: Uint8Array
  readonly comparable: string
  readonly text: string
}

const readAttribute = (value: Der.Value, what: string): Der.Read<Attribute> =>
  Result.gen(function*() {
    const [type, content, ...more] = yield* Der.sequence(value, `${what}: an attribute`)
    const oid = yield* Der.oid(type, `${what}: the type of an attribute`)
    if (content === undefined || more.length > 0) {
      return yield* Der.wrong("CERT-20", `${what} has an attribute of another shape`)
    }
    const text = Der.text(content)
    // To put the marks of a text in order takes time that grows with the square of its length.
    const isFoldable = text !== undefined && text.length <= foldableMax
    return {
      oid,
      value: text,
      content: content.content,
      comparable: `${oid}=${isFoldable ? ` ${fold(text)}` : `#${Hex.encode(content.raw)}`}`,
      text: `${labels.get(oid) ?? oid}=${text ?? `#${Hex.encode(content.raw)}`}`
    }
  })

/** Case folded, trimmed, white space as one space. */
const fold = (text: string): string => text.normalize("NFC").toLowerCase().trim().replace(/\s+/g, " ")

/** RFC 5280 Appendix A.1 allows 64 characters in most attributes. What is longer is compared octet by octet. */
const foldableMax = 512

const labels = new Map([
  [oids.commonName, "CN"],
  ["2.5.4.6", "C"],
  ["2.5.4.7", "L"],
  ["2.5.4.8", "ST"],
  ["2.5.4.10", "O"],
  ["2.5.4.11", "OU"],
  ["0.9.2342.19200300.100.1.25", "DC"],
  [oids.emailAddress, "E"]
])
