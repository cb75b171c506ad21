/**
 * What is drawn over a recording: other names for names, and nothing but the length of texts. Elements, events, actions
 * and the head are walked by the neighbours; here is what each kind of text becomes.
 */
import type * as Pseudonym from "../../Pseudonym.ts"

/** @internal */
export interface Veil extends Pseudonym.Pseudonyms {
  /** How long a certificate is still good, in milliseconds. */
  readonly lifetime: (millis: number) => number
  /** Whether it is told what a verdict rests on. */
  readonly showsEvidence: boolean
}

/**
 * Whole days, rounded up. With the date of the recording the exact number would tell to the second when the certificate
 * ends, and that is enough to find it where certificates are published (RFC 6962).
 *
 * @internal
 */
export const drawn = (names: Pseudonym.Pseudonyms, showsEvidence: boolean): Veil => ({
  ...names,
  showsEvidence,
  lifetime: (millis) => Math.ceil(millis / dayMillis) * dayMillis + 0
})

/** For answers about what has other names already. @internal */
export const named: Veil = {
  address: (text) => text,
  authorised: (text) => text,
  id: (text) => text,
  fingerprint: (text) => text,
  host: (text) => text,
  language: (tag) => tag,
  lifetime: (millis) => millis,
  showsEvidence: true
}

/** Each code unit an `x`: sizes stay. Space stays space, because some elements must hold nothing else. @internal */
export const mask = (text: string): string => text.trim() === "" ? text : masks[text.length] ?? "x".repeat(text.length)

/** Most texts are short, and there are many. */
const masks: ReadonlyArray<string> = Array.from({ length: 512 }, (_, length) => "x".repeat(length))

/** Counters are compared. @internal */
export const count = (text: string): string => /^[0-9]{1,10}$/.test(text) ? text : mask(text)

/** The id of a requirement, whoever names it. @internal */
export const rule = (text: string): string => /^[A-Z][A-Z0-9]{0,7}-[0-9]{1,3}$/.test(text) ? text : mask(text)

/** As long as it was, and of the same alphabet. @internal */
export const certificate = (der: string): string => "A".repeat(der.length)

/** An optional text. @internal */
export const perhaps = <Key extends string>(
  key: Key,
  value: string | undefined,
  veil: (text: string) => string
): { readonly [K in Key]?: string } =>
  // The compiler reads a computed key as any text.
  (value === undefined ? {} : { [key]: veil(value) }) as { readonly [K in Key]?: string }

const dayMillis = 86_400_000
