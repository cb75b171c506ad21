/**
 * General names: the ten forms in which certificates and CRLs name somebody. Reading them judges nothing but the shape;
 * which of them name a peer is said in `PresentedNames.ts`, which of them an authority may certify in
 * `NameConstraints.ts`.
 *
 * RFC 5280 §4.2.1.6; certificates §3.2.
 *
 * @since 0.1.0
 */
import * as Result from "effect/Result"
import * as Der from "./Der.ts"
import * as Name from "./Name.ts"

/**
 * - `Other`: `value` is what stands in the inner `[0]`, with its own tag
 * - `Mail`, `Dns`, `Uri`: the octets as they stand there; IA5String says that they are ASCII, which is not yet checked
 * - `Directory`: a distinguished name
 * - `Ip`: 4 or 16 octets, twice as many in a name constraint
 * - `Registered`: an object identifier
 * - `Unread`: x400Address and ediPartyName, which nobody uses
 *
 * @since 0.1.0
 * @category models
 */
export type GeneralName =
  | { readonly _tag: "Other"; readonly oid: string; readonly value: Der.Value }
  | { readonly _tag: "Mail" | "Dns" | "Uri" | "Ip"; readonly octets: Uint8Array }
  | { readonly _tag: "Directory"; readonly name: Name.Name }
  | { readonly _tag: "Registered"; readonly oid: string }
  | { readonly _tag: "Unread"; readonly tag: number }

/**
 * @since 0.1.0
 * @category models
 */
export type Form = GeneralName["_tag"]

/**
 * @since 0.1.0
 * @category decoding
 */
export const read = (value: Der.Value): Der.Read<GeneralName> => {
  switch (value.tag) {
    case 0xa0:
      return readOther(value)
    case 0x81:
      return Result.succeed({ _tag: "Mail", octets: value.content })
    case 0x82:
      return Result.succeed({ _tag: "Dns", octets: value.content })
    case 0xa3:
    case 0xa5:
      return Result.succeed({ _tag: "Unread", tag: value.tag })
    case 0xa4:
      return value.children.length === 1
        ? Result.map(Name.read(value.children[0], "a directory name"), (name) => ({ _tag: "Directory", name }))
        : Der.wrong("CERT-20", "a directory name has another shape")
    case 0x86:
      return Result.succeed({ _tag: "Uri", octets: value.content })
    case 0x87:
      return Result.succeed({ _tag: "Ip", octets: value.content })
    case 0x88:
      return Result.map(
        Der.oid({ ...value, tag: Der.tags.oid }, "a registered id"),
        (oid) => ({ _tag: "Registered", oid })
      )
    default:
      return Der.wrong("CERT-20", "a general name is of no form that there is")
  }
}

/**
 * GeneralNames: at least one.
 *
 * @since 0.1.0
 * @category decoding
 */
export const readAll = (value: Der.Value | undefined, what: string): Der.Read<ReadonlyArray<GeneralName>> =>
  Result.flatMap(Der.atLeastOne(value, what), (children) => Result.all(children.map(read)))

/** The outer `[0]` stands in place of a SEQUENCE; the inner one wraps a value that keeps its own tag. */
const readOther = ({ children }: Der.Value): Der.Read<GeneralName> => {
  const [type, wrapped, ...more] = children
  return Result.flatMap(Der.oid(type, "the type of a name"), (oid) => {
    const [inner, ...others] = wrapped?.tag === 0xa0 ? wrapped.children : []
    return inner === undefined || others.length + more.length > 0
      ? Der.wrong("CERT-20", `a name of the type ${oid} has another shape`)
      : Result.succeed({ _tag: "Other", oid, value: inner })
  })
}
