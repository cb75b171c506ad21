/**
 * What an entity is able to do, as one short text that others can check (XEP-0115): the hash of what it answers when it is
 * asked. Here the hash is made and checked; asking, and keeping what was checked, is left to whoever holds the stream.
 *
 * @since 0.1.0
 */
import { sha1 } from "@noble/hashes/legacy.js"
import { sha224, sha256, sha384, sha512 } from "@noble/hashes/sha2.js"
import { utf8ToBytes } from "@noble/hashes/utils.js"
import * as Data from "effect/Data"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Claim } from "./Presence.ts"

/**
 * An identity of XEP-0030 §3.1; missing parts count as empty.
 *
 * @since 0.1.0
 * @category models
 */
export interface Identity {
  readonly category: string
  readonly type: string
  readonly lang?: string
  readonly name?: string
}

/**
 * A form of XEP-0128: its fields with their type, if it is given, and their values.
 *
 * @since 0.1.0
 * @category models
 */
export interface Form {
  readonly fields: ReadonlyArray<{
    readonly var: string
    readonly type?: string
    readonly values: ReadonlyArray<string>
  }>
}

/**
 * An answer to `disco#info`, in any order.
 *
 * @since 0.1.0
 * @category models
 */
export interface Info {
  readonly identities: ReadonlyArray<Identity>
  readonly features: ReadonlyArray<string>
  readonly forms: ReadonlyArray<Form>
}

/**
 * Why there is no hash of an answer:
 *
 * - `repeated`: an identity, a feature or a form is there twice
 * - `twoTypes`: a form says it is of two types
 * - `ambiguous`: a text holds the very character that ends it, so that another answer has the same hash
 * - `unknownHash`: nobody here knows that function
 *
 * XEP-0115 §5.4, §8.
 *
 * @since 0.1.0
 * @category errors
 */
export class CapabilitiesError extends Data.TaggedError("CapabilitiesError")<{
  readonly reason: "repeated" | "twoTypes" | "ambiguous" | "unknownHash"
  /** The text at fault. */
  readonly text: string
}> {
  override get message(): string {
    return `${sentences[this.reason]}: ${JSON.stringify(this.text)} (XEP-0115 §5.4).`
  }
}

/**
 * What became of a claim once the entity was asked.
 *
 * - `Verified`: whoever claims the same hash can do the same; keep the answer under `key`, for all of them
 * - `Unverified`: good for this peer only (CAPS-02, CAPS-03)
 * - `IllFormed`: the answer says nothing, not even of this peer
 *
 * @since 0.1.0
 * @category models
 */
export type Judgement =
  | { readonly _tag: "Verified"; readonly key: string }
  | { readonly _tag: "Unverified"; readonly why: "noHash" | "unknownHash" | "mismatch" }
  | { readonly _tag: "IllFormed"; readonly error: CapabilitiesError }

/**
 * The functions that `hash` may name, as IANA writes them. SHA-1 is what everybody has; nothing rests on it but which
 * answer is shown.
 *
 * @since 0.1.0
 * @category getters
 */
export const hashNames: ReadonlyArray<string> = ["sha-1", "sha-224", "sha-256", "sha-384", "sha-512"]

/**
 * `ver`: the hash of an answer, in base64 (CAPS-01).
 *
 * XEP-0115 §5.1.
 *
 * @since 0.1.0
 * @category constructors
 */
export const ver = (info: Info, hash: string): Result.Result<string, CapabilitiesError> => {
  const function_ = functions.get(hash.toLowerCase())
  return function_ === undefined
    ? Result.fail(new CapabilitiesError({ reason: "unknownHash", text: hash }))
    : Result.map(hashed(info), (text) => Base64.encode(function_(utf8ToBytes(text))))
}

/**
 * The node to ask for what a claim stands for: `node#ver`.
 *
 * XEP-0115 §6.2.
 *
 * @since 0.1.0
 * @category getters
 */
export const nodeOf = ({ node, ver }: Claim): string => `${node}#${ver}`

/**
 * Under what to look for an answer that somebody else's claim has brought; `undefined` when no claim like this can be
 * checked.
 *
 * @since 0.1.0
 * @category getters
 */
export const keyOf = ({ hash, ver }: Claim): string | undefined =>
  hash !== undefined && functions.has(hash.toLowerCase()) ? `${hash.toLowerCase()} ${ver}` : undefined

/**
 * Holds an answer against the claim that it belongs to (CAPS-02, CAPS-03).
 *
 * XEP-0115 §5.4.
 *
 * @since 0.1.0
 * @category combinators
 */
export const judge = (claim: Claim, info: Info): Judgement => {
  const own = ver(info, claim.hash ?? "sha-1")
  if (Result.isFailure(own)) {
    const error = own.failure
    return error.reason === "unknownHash" ? { _tag: "Unverified", why: "unknownHash" } : { _tag: "IllFormed", error }
  }
  const key = keyOf(claim)
  if (key === undefined) return { _tag: "Unverified", why: "noHash" }
  return own.success === claim.ver ? { _tag: "Verified", key } : { _tag: "Unverified", why: "mismatch" }
}

const hashed = ({ features, forms, identities }: Info): Result.Result<string, CapabilitiesError> => {
  const typed: Array<readonly [type: string, text: string]> = []
  for (const form of forms) {
    const type = typeOf(form)
    if (Result.isFailure(type)) return Result.fail(type.failure)
    if (type.success !== undefined) typed.push([type.success, formText(type.success, form)])
  }
  const parts = identities.map(({ category, lang, name, type }) => [category, type, lang ?? "", name ?? ""] as const)
  const fault = ambiguity([
    ...parts.flatMap(([category, type, lang]) => [category, type, lang].filter((part) => part.includes("/"))),
    ...[...parts.flat(), ...features, ...forms.flatMap(textsOf)].filter((text) => text.includes("<"))
  ]) ?? repetition(parts.map((part) => part.join("/"))) ?? repetition(features) ?? repetition(typed.map(([type]) =>
    type
  ))
  if (fault !== undefined) return Result.fail(fault)
  return Result.succeed([
    ...[...parts].sort(byParts).map((part) => `${part.join("/")}<`),
    ...[...features].sort(byOctets).map((feature) => `${feature}<`),
    ...typed.sort(([one], [other]) => byOctets(one, other)).map(([, text]) => text)
  ].join(""))
}

/** A form that does not say what it is, or says it where people could change it, is passed over. */
const typeOf = ({ fields }: Form): Result.Result<string | undefined, CapabilitiesError> => {
  const field = fields.find((each) => each.var === "FORM_TYPE")
  if (field?.type !== "hidden") return Result.succeed(undefined)
  const [type, other] = new Set(field.values)
  return other === undefined
    ? Result.succeed(type)
    : Result.fail(new CapabilitiesError({ reason: "twoTypes", text: other }))
}

const formText = (type: string, { fields }: Form): string => {
  const others = fields.filter((field) => field.var !== "FORM_TYPE")
  return [
    type,
    ...[...others].sort((one, other) => byOctets(one.var, other.var)).flatMap((field) => [
      field.var,
      ...[...field.values].sort(byOctets)
    ])
  ].map((text) => `${text}<`).join("")
}

const textsOf = ({ fields }: Form): ReadonlyArray<string> => fields.flatMap((field) => [field.var, ...field.values])

const ambiguity = ([text]: ReadonlyArray<string>): CapabilitiesError | undefined =>
  text === undefined ? undefined : new CapabilitiesError({ reason: "ambiguous", text })

const repetition = (texts: ReadonlyArray<string>): CapabilitiesError | undefined => {
  const seen = new Set<string>()
  for (const text of texts) {
    if (seen.has(text)) return new CapabilitiesError({ reason: "repeated", text })
    seen.add(text)
  }
  return undefined
}

type Parts = readonly [category: string, type: string, lang: string, name: string]

const byParts = (one: Parts, other: Parts): number =>
  one.reduce((order, part, at) => order === 0 ? byOctets(part, other[at] ?? "") : order, 0)

/** The order of UTF-8 is that of code points, and not that of JavaScript's code units. */
const byOctets = (one: string, other: string): number => {
  const [a, b] = [Array.from(one), Array.from(other)]
  const at = a.findIndex((each, at) => each !== b[at])
  return at < 0 ? a.length - b.length : (a[at]?.codePointAt(0) ?? 0) - (b[at]?.codePointAt(0) ?? -1)
}

const functions: ReadonlyMap<string, (octets: Uint8Array) => Uint8Array> = new Map(
  [sha1, sha224, sha256, sha384, sha512].map((each, at) => [hashNames[at] ?? "", each])
)

const sentences = {
  repeated: "This is there twice, so the whole answer counts for nothing",
  twoTypes: "A form says it is of this type and of another, so the whole answer counts for nothing",
  ambiguous: "This holds a character that ends it, so another answer would have the same hash",
  unknownHash: "Nobody here knows this hash function; ask the peer itself"
} as const
