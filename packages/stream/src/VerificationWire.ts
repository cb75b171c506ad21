/**
 * What two sides of a verification say to each other, and what they hash: elements, commitments and the short string. The
 * order of the messages is in `Verification.ts`.
 *
 * @since 0.1.0
 */
import { Element } from "@xmpp-e2e/xml"

/**
 * A namespace of our own: no XEP defines this exchange.
 *
 * @since 0.1.0
 * @category constants
 */
export const namespace = "urn:xmpp-e2e:verification:0"

/**
 * The side in the stream, not in the verification.
 *
 * @since 0.1.0
 * @category models
 */
export type Role = "initiator" | "recipient"

/**
 * What each side sees of the stream. Somebody in between has two streams, and at least the exporters differ.
 *
 * @since 0.1.0
 * @category models
 */
export interface Facts {
  /** Ours. */
  readonly role: Role
  readonly initiator: Party
  readonly recipient: Party
  /** RFC 9266 `tls-exporter`, lower-case hex. */
  readonly exporter: string
  /** FIPS 180-4, given because this file computes with text only. */
  readonly sha256: (octets: Uint8Array) => Uint8Array
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Party {
  /** Bare and prepared. */
  readonly address: string
  /** SHA-256 of the DER certificate, 64 lower-case hex digits. */
  readonly certificate: string
}

/**
 * `run` is the commitment of the run, `nonce` that of the sender: both 64 lower-case hex digits.
 *
 * @since 0.1.0
 * @category models
 */
export type Message =
  | { readonly _tag: "start" | "stop"; readonly run: string }
  | { readonly _tag: "answer" | "reveal"; readonly run: string; readonly nonce: string }

/**
 * @since 0.1.0
 * @category encoding
 */
export const write = (message: Message): Element.Element =>
  Element.make(namespace, message._tag, {
    run: message.run,
    nonce: "nonce" in message ? message.nonce : undefined
  })

/**
 * `undefined`: not a message of this exchange. Children and other attributes are overlooked.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (element: Element.Element): Message | undefined => {
  const run = hash(element, "run")
  const nonce = hash(element, "nonce")
  if (element.namespace !== namespace || run === undefined) return undefined
  switch (element.name) {
    case "start":
    case "stop":
      return { _tag: element.name, run }
    case "answer":
    case "reveal":
      return nonce === undefined ? undefined : { _tag: element.name, run, nonce }
    default:
      return undefined
  }
}

/**
 * Of one who starts a verification, to its nonce and to what it sees of the stream: 64 lower-case hex digits. The role is
 * in it, so a commitment that is sent back to its maker opens for nobody.
 *
 * @since 0.1.0
 * @category combinators
 */
export const commitment = (facts: Facts, by: Role, nonce: string): string =>
  hex(facts.sha256(joined([`${namespace} commitment`, by, ...seen(facts), nonce])))

/**
 * The first 32 bits of the hash of everything, a whole number below 2^32.
 *
 * @since 0.1.0
 * @category combinators
 */
export const code = (
  facts: Facts,
  nonces: { readonly starter: string; readonly answerer: string }
): number =>
  facts.sha256(joined([`${namespace} string`, ...seen(facts), nonces.starter, nonces.answerer]))
    .slice(0, 4)
    .reduce((number, octet) => number * 256 + octet, 0)

/**
 * Two groups of five digits, which hold 32 bits: `42949 67295` is the largest.
 *
 * @since 0.1.0
 * @category encoding
 */
export const display = (code: number): string => {
  const digits = String(code).padStart(10, "0")
  return `${digits.slice(0, 5)} ${digits.slice(5)}`
}

/**
 * @since 0.1.0
 * @category getters
 */
export const other = (role: Role): Role => role === "initiator" ? "recipient" : "initiator"

const seen = ({ exporter, initiator, recipient }: Facts): ReadonlyArray<string> => [
  initiator.certificate,
  recipient.certificate,
  initiator.address,
  recipient.address,
  exporter
]

/** Netstrings, so that no two lists of texts give the same octets. */
const joined = (texts: ReadonlyArray<string>): Uint8Array =>
  utf8.encode(texts.map((text) => `${utf8.encode(text).length}:${text},`).join(""))

const hash = (element: Element.Element, name: string): string | undefined => {
  const value = Element.attribute(element, name)
  return value !== undefined && /^[0-9a-f]{64}$/.test(value) ? value : undefined
}

const hex = (octets: Uint8Array): string => [...octets].map((octet) => octet.toString(16).padStart(2, "0")).join("")

const utf8 = new TextEncoder()
