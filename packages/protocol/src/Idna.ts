/**
 * Domains of addresses: host names with U-labels, IPv4, bracketed IPv6 (JID-03), and their A-label form, in which
 * certificates and the DNS name them (CERT-71).
 *
 * @since 0.1.0
 */
import { formatV6, parseV4, parseV6 } from "./internal/ip.ts"
import * as Punycode from "./internal/punycode.ts"
import { isAscii, isIdentifier, keepsDirection, mapWidth, octets } from "./internal/unicode.ts"

/**
 * The form in which domains are compared: one trailing dot gone, width and case mapped, NFC, A-labels turned into
 * U-labels, IPv6 as in RFC 5952. `undefined` when the text is no domain. Preparing twice changes nothing.
 *
 * RFC 7622 §3.2, RFC 5895.
 *
 * @since 0.1.0
 * @category decoding
 */
export const prepare = (text: string): string | undefined => {
  if (text.length > domainOctetsMax * 4) return undefined
  const name = text.endsWith(".") ? text.slice(0, -1) : text
  if (name.startsWith("[")) return prepareV6(name)
  const mapped = map(name)
  if (octets(mapped) > domainOctetsMax) return undefined
  if (/^[0-9.]+$/.test(mapped) && mapped.split(".").length === 4) return parseV4(mapped) && mapped
  const labels = mapped.split(".").map(prepareLabel)
  const domain = labels.join(".")
  return labels.includes(undefined) || octets(domain) > domainOctetsMax ? undefined : domain
}

/**
 * A domain with A-labels in place of U-labels, lower case, without trailing dot. IP literals stay as they are.
 * `undefined` when the text is no domain.
 *
 * RFC 5890 §2.3.2.1.
 *
 * @since 0.1.0
 * @category encoding
 */
export const toAscii = (text: string): string | undefined => prepare(text)?.split(".").map(asciiLabel).join(".")

/**
 * The four or sixteen octets of a domain that is an IP literal (CERT-64); `undefined` for every other domain.
 *
 * @since 0.1.0
 * @category decoding
 */
export const ipOctets = (text: string): ReadonlyArray<number> | undefined => {
  const domain = prepare(text)
  if (domain === undefined) return undefined
  return domain.startsWith("[") ? parseV6(domain.slice(1, -1)) : parseV4(domain)
}

const prepareV6 = (text: string): string | undefined => {
  const address = text.endsWith("]") ? parseV6(text.slice(1, -1)) : undefined
  return address && `[${formatV6(address)}]`
}

const map = (text: string): string => mapWidth(text).toLowerCase().normalize("NFC")

const prepareLabel = (label: string): string | undefined => {
  if (!label.startsWith(prefix)) return isLabel(label) ? label : undefined
  const decoded = label.length > labelOctetsMax ? undefined : Punycode.decode(label.slice(prefix.length))
  if (decoded === undefined || isAscii(decoded) || map(decoded) !== decoded || !isLabel(decoded)) return undefined
  return asciiLabel(decoded) === label ? decoded : undefined
}

// An approximation of IDNA2008 (RFC 5892); the full tables of PRECIS and IDNA are to take its place.
const isLabel = (label: string): boolean => {
  if (isAscii(label)) return label.length <= labelOctetsMax && /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(label)
  return isIdentifier(label)
    && !/[^a-z0-9-]/.test(label.replace(/[^\u0000-\u007f]/g, ""))
    && !/^-|^..--|-$|^\p{M}/u.test(label)
    && map(label) === label
    && keepsDirection(label)
    && asciiLabel(label).length <= labelOctetsMax
}

const asciiLabel = (label: string): string => isAscii(label) ? label : prefix + Punycode.encode(label)

const prefix = "xn--"
const labelOctetsMax = 63
const domainOctetsMax = 1023
