/**
 * Names that stand for other names: the same one for the same name, and nobody can tell which without the secret. They
 * keep what the reducer looks at: which addresses are equal, which is the bare form of which, which domain lies below
 * which, what is a mere domain, what is no address at all.
 *
 * They are made with HMAC-SHA-256 (RFC 2104), cut short. Who holds the secret can try out guesses, and an address is
 * easily guessed; who does not can only see that two names are the same. `Redact` says where a secret may come from.
 *
 * @since 0.1.0
 */
import { hmac } from "@noble/hashes/hmac.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"
import * as Address from "@xmpp-e2e/protocol/Address"
import * as Language from "@xmpp-e2e/protocol/Language"

/**
 * The names of one secret.
 *
 * @since 0.1.0
 * @category models
 */
export interface Pseudonyms {
  /**
   * `romeo@forza.example/orchard` to `u0123456789ab@d01234567.d89abcdef/r0123456789ab`. A text in a form that is not yet
   * prepared gets a capital letter, and is still the same address. What is no address becomes another text that is none.
   */
  readonly address: (text: string) => string
  /** An address that a verdict authorises: `*.pumps.example` stays a wildcard. */
  readonly authorised: (text: string) => string
  /** A name that is compared as it stands: the id of a stream, a session, a request. */
  readonly id: (text: string) => string
  /** Hexadecimal digits, as many as there were. */
  readonly fingerprint: (text: string) => string
  /** Host and port of a redirection. Space around it means nothing. */
  readonly host: (text: string) => string
  /**
   * A tag of RFC 5646 with its language, script and region; its other subtags, which may be anything, become others that
   * are equal when they were. What is no tag stays none.
   */
  readonly language: (tag: string) => string
}

/**
 * `secret` may be a text, taken as UTF-8.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (secret: Uint8Array | string, naming: Address.Naming): Pseudonyms => {
  const keyed = hmac.create(sha256, typeof secret === "string" ? utf8ToBytes(secret) : secret)
  // The kind is part of what is hashed: nothing links a resource with a local part of the same text.
  const digest = (kind: string, text: string): string =>
    bytesToHex(keyed.clone().update(utf8ToBytes(`${kind}:${text}`)).digest())
  const short = (mark: string, text: string, digits = partDigits): string => mark + digest(mark, text).slice(0, digits)
  const address = (text: string): string => {
    if (text === "") return text
    const known = Address.parse(text, naming)
    if (known === undefined) return `@${short("x", text)}`
    const local = known.local === undefined ? "" : `${short("u", known.local)}@`
    const domain = naming === "jid" ? domainOf(known.domain) : short("d", known.domain)
    const resource = known.resource === undefined ? "" : `/${short("r", known.resource)}`
    return Address.format(known) === text
      ? local + domain + resource
      : local + domain.charAt(0).toUpperCase() + domain.slice(1) + resource
  }
  const domainOf = (domain: string): string => {
    const labels = domain.split(".")
    const first = Math.max(0, labels.length - labelsMax)
    return labels.slice(first).map((_, at) => {
      const below = labels.slice(at === 0 ? 0 : first + at).join(".")
      return short("d", below, labelDigits)
    }).join(".")
  }
  return {
    address: remembering(address),
    authorised: remembering((text) =>
      text.startsWith(wildcard) ? wildcard + address(text.slice(wildcard.length)) : address(text)
    ),
    id: remembering((text) => text === "" ? text : short("i", text, idDigits)),
    fingerprint: remembering((text) => digest("f", text).repeat(Math.ceil(text.length / 64)).slice(0, text.length)),
    host: remembering((text) => {
      const trimmed = text.trim()
      return trimmed === "" ? trimmed : short("h", trimmed)
    }),
    language: remembering(languageOf((text) => digest("l", text)))
  }
}

const languageOf = (digest: (text: string) => string): (tag: string) => string => {
  let singles: ReadonlyArray<string> | undefined
  // One letter for one letter: the lookup of a language drops those that came to stand last (RFC 4647 §3.4).
  const single = (letter: string): string => {
    singles ??= Array.from(letters, (each) => ({ each, by: digest(each) }))
      .sort((one, other) => one.by < other.by ? -1 : 1)
      .map(({ each }) => each)
    return singles[letters.indexOf(letter)] ?? letter
  }
  const lettered = (digits: string): string =>
    digits.replace(/[0-9]/g, (digit) => letters.charAt(Number(digit) + hexLetters))
  const subtag = (text: string): string =>
    text.length === 1 ? single(text.toLowerCase()) : lettered(digest(text.toLowerCase()).slice(0, subtagLetters))
  return (tag) => {
    if (!Language.isTag(tag)) return "?".repeat(tag.length)
    const known = languageScriptRegion.exec(tag)?.[0] ?? ""
    return known + tag.slice(known.length).replace(/[A-Za-z0-9]+/g, subtag)
  }
}

/** A stream says the same few names again and again. */
const remembering = (rename: (text: string) => string): (text: string) => string => {
  const known = new Map<string, string>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const name = rename(text)
    if (known.size >= knownMax) known.clear()
    if (text.length <= rememberedCharsMax) known.set(text, name)
    return name
  }
}

/** RFC 5646 §2.1, as far as registries are short; or what says that a private or an irregular tag follows. */
const languageScriptRegion = /^(?:[ix]|[a-z]{2,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?)(?=-|$)/i

const wildcard = "*."
const partDigits = 12
const labelDigits = 8
const idDigits = 16
const subtagLetters = 8
const hexLetters = 6
const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
/** A domain has at most 1023 octets (RFC 7622 §3.2); of a longer one, only the last labels are told apart. */
const labelsMax = 100
const knownMax = 1024
const rememberedCharsMax = 1024
