/**
 * Unions of tagged structs whose refusal names the tags there are, and the proof that a schema and a type of `protocol`
 * are one and the same.
 */
import * as Schema from "effect/Schema"

/**
 * A union that says `Expected an event (HeaderReceived | …)` instead of spelling out every member.
 *
 * @internal
 */
export const tagged = <const Members extends ReadonlyArray<Tagged>>(what: string, members: Members) =>
  Schema.Union(members).annotate({ expected: `${what} (${members.map(tagOf).join(" | ")})` })

type Tagged = Schema.Constraint & { readonly fields: { readonly _tag: Schema.tag<string> } }

const tagOf = (member: Tagged): string => member.fields._tag.schema.literal

/**
 * True exactly when two types are the same: optional and readonly properties included.
 *
 * @internal
 */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false

/**
 * What keeps a schema, on its decoded or its encoded side, from being a type: the literals, tags or keys that differ, so
 * that the compiler's complaint names them.
 *
 * @internal
 */
export type Drift<S extends { readonly Type: unknown; readonly Encoded: unknown }, T> =
  | Difference<S["Type"], T>
  | Difference<S["Encoded"], T>

/**
 * Compiles only when there is no drift.
 *
 * @internal
 */
export type Proof<D extends never> = D

type Difference<A, B> = Same<A, B> extends true ? never
  : [A | B] extends [string] ? Exclude<A, B> | Exclude<B, A>
  : [A | B] extends [{ readonly _tag: string }] ? OrShape<
      { [Tag in (A | B)["_tag"]]: Same<Case<A, Tag>, Case<B, Tag>> extends true ? never : Tag }[(A | B)["_tag"]]
    >
  : OrShape<
    { [Key in keyof A | keyof B]-?: Same<Field<A, Key>, Field<B, Key>> extends true ? never : Key }[keyof A | keyof B]
  >

type Case<A, Tag> = Extract<A, { readonly _tag: Tag }>

type Field<A, Key> = Key extends keyof A ? Pick<A, Key> : "missing"

type OrShape<D> = [D] extends [never] ? "shape" : D
