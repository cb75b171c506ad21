/**
 * Domains of addresses: host names with U-labels, IPv4, bracketed IPv6 (JID-03), and their A-label form, in which
 * certificates and the DNS name them (CERT-71). Labels are judged by IDNA2008, whose classes are not those of PRECIS.
 *
 * Code points are judged by Unicode 16.0.0, whatever version the engine knows.
 *
 * @since 0.1.0
 */
import { bidiFault, hasRightToLeft } from "./internal/bidi.ts"
import { exceptionOf, isJoinControl, misplaced } from "./internal/context.ts"
import { formatV6, parseV4, parseV6 } from "./internal/ip.ts"
import * as Punycode from "./internal/punycode.ts"
import { isAscii, kind, mapWidth, mark, nameOf, octets, pointsOf, version } from "./internal/unicode.ts"

/**
 * What a code point may be used for in a U-label.
 *
 * RFC 5892 §3.
 *
 * @since 0.1.0
 * @category models
 */
export type Property = "PVALID" | "CONTEXTJ" | "CONTEXTO" | "DISALLOWED" | "UNASSIGNED"

/**
 * Why a text is no domain, in a sentence for people. It names code points and holds none of them, and no label.
 *
 * @since 0.1.0
 * @category models
 */
export interface Refusal {
  readonly _tag: "Refused"
  readonly rule:
    | "empty"
    | "length"
    | "literal"
    | "ascii"
    | "hyphen"
    | "alabel"
    | "normal"
    | "mark"
    | "disallowed"
    | "unassigned"
    | "context"
    | "bidi"
  readonly text: string
}

/**
 * The derived property of a code point, an integer from 0 to 0x10FFFF. It differs from that of PRECIS: a label holds no
 * capitals, no symbols, and of ASCII only small letters, digits and the hyphen.
 *
 * RFC 5892 §2, §3.
 *
 * @since 0.1.0
 * @category getters
 */
export const property = (point: number): Property => {
  const exception = exceptionOf(point)
  if (exception !== undefined) return exception
  if (isJoinControl(point)) return "CONTEXTJ"
  if (point === hyphen) return "PVALID"
  const found = kind(point)
  if (found === "unassigned") return "UNASSIGNED"
  return found === "letterDigit" && !isIgnorableBlock(point) ? "PVALID" : "DISALLOWED"
}

/**
 * The form in which domains are compared: one trailing dot gone, width and case mapped, NFC, A-labels turned into
 * U-labels, IPv6 as in RFC 5952. `undefined` when the text is no domain; `read` says why. Preparing twice changes nothing.
 *
 * @since 0.1.0
 * @category decoding
 */
export const prepare = (text: string): string | undefined => {
  const domain = read(text)
  return typeof domain === "string" ? domain : undefined
}

/**
 * The form that `prepare` gives, or why the text is no domain.
 *
 * RFC 7622 §3.2, RFC 5891 §4.2, §5.4, RFC 5893 §2, RFC 5895.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (text: string): string | Refusal => {
  if (text.length > domainOctetsMax * 4) return tooLong
  const name = text.endsWith(".") ? text.slice(0, -1) : text
  const lower = name.toLowerCase()
  if (lower.length <= domainOctetsMax && ordinary.test(lower) && !special.test(lower)) return lower
  if (name === "") return refuse("empty", "The domain is empty (RFC 7622 §3.2); name a host.")
  if (name.startsWith("[")) return readV6(name)
  // Engines map what they know; what the tables do not know would be mapped on some machines only.
  const unknown = pointsOf(name).find((point) => property(point) === "UNASSIGNED")
  if (unknown !== undefined) return unassigned(unknown)
  const mapped = map(name)
  if (octets(mapped) > domainOctetsMax) return tooLong
  if (dotted.test(mapped)) return parseV4(mapped) === undefined ? wrongV4 : mapped
  return readLabels(mapped.split("."))
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

const readLabels = (given: ReadonlyArray<string>): string | Refusal => {
  const labels: Array<string> = []
  for (const each of given) {
    const label = readLabel(each)
    if (typeof label !== "string") return label
    labels.push(label)
  }
  const domain = labels.join(".")
  return octets(domain) > domainOctetsMax ? tooLong : direction(labels) ?? domain
}

/** One label from right to left puts all labels under the rule: on the screen the dots do not keep them apart. */
const direction = (labels: ReadonlyArray<string>): Refusal | undefined => {
  const all = labels.map(pointsOf)
  const wrong = all.some(hasRightToLeft) ? all.map(bidiFault).find((each) => each !== undefined) : undefined
  return wrong === undefined
    ? undefined
    : refuse(
      "bidi",
      `The domain has a label from right to left, and a label ${wrong}, against the Bidi Rule (RFC 5893 §2).`
    )
}

const readV6 = (text: string): string | Refusal => {
  const address = text.endsWith("]") ? parseV6(text.slice(1, -1)) : undefined
  return address === undefined
    ? refuse("literal", "What stands in brackets is no IPv6 address (RFC 7622 §3.2, RFC 5952).")
    : `[${formatV6(address)}]`
}

/** RFC 5895, save that Cherokee keeps its capitals: there it is they that a label may hold (RFC 5892 §2.2). */
const map = (text: string): string =>
  mapWidth(text).replace(/[^\u13a0-\u13f5]+/g, (each) => each.toLowerCase()).normalize("NFC")

const readLabel = (label: string): string | Refusal => {
  if (!label.startsWith(prefix)) return labelFault(label) ?? label
  const decoded = label.length > labelOctetsMax ? undefined : Punycode.decode(label.slice(prefix.length))
  if (decoded === undefined || isAscii(decoded) || asciiLabel(decoded) !== label) {
    return refuse("alabel", "A label that begins with xn-- encodes no label (RFC 5891 §5.4); give the label itself.")
  }
  return labelFault(decoded) ?? decoded
}

const labelFault = (label: string): Refusal | undefined => {
  if (label === "") return refuse("empty", "A label of the domain is empty (RFC 1035 §2.3.1); leave out one dot.")
  if (label.startsWith("-") || label.endsWith("-")) {
    return refuse("hyphen", "A label begins or ends with a hyphen (RFC 5891 §4.2.3.1).")
  }
  if (!isAscii(label)) return uLabelFault(label)
  if (label.length > labelOctetsMax) return longLabel
  return /^[a-z0-9-]*$/.test(label)
    ? undefined
    : refuse("ascii", "A label holds characters of ASCII other than letters, digits and hyphens (RFC 5890 §2.3.1).")
}

/** RFC 5891 §4.2.3, §5.4. */
const uLabelFault = (label: string): Refusal | undefined => {
  if (/^..--/u.test(label)) {
    return refuse("hyphen", "A label has hyphens in its third and fourth place (RFC 5891 §4.2.3.1).")
  }
  const points = pointsOf(label)
  for (const point of points) {
    const found = property(point)
    if (found === "UNASSIGNED") return unassigned(point)
    if (found === "DISALLOWED") {
      return refuse("disallowed", `${nameOf(point)} is not allowed in a label (RFC 5892); leave it out.`)
    }
  }
  if (label.normalize("NFC") !== label) return refuse("normal", "A label is not in NFC (RFC 5891 §5.4).")
  if (mark(points[0] ?? 0) !== "none") {
    return refuse("mark", "A label begins with a combining mark (RFC 5891 §4.2.3.2).")
  }
  const wrong = misplaced(points)
  if (wrong !== undefined) {
    return refuse(
      "context",
      `${nameOf(wrong.point)} may stand only ${wrong.only} (RFC 5892 Appendix ${wrong.rule}); leave it out.`
    )
  }
  return asciiLabel(label).length > labelOctetsMax ? longLabel : undefined
}

const asciiLabel = (label: string): string => isAscii(label) ? label : prefix + Punycode.encode(label)

/** RFC 5892 §2.4: combining marks for symbols and the two blocks of musical notation. */
const isIgnorableBlock = (point: number): boolean =>
  (point >= 0x20d0 && point <= 0x20ff) || (point >= 0x1d100 && point <= 0x1d24f)

const refuse = (rule: Refusal["rule"], text: string): Refusal => ({ _tag: "Refused", rule, text })

const unassigned = (point: number): Refusal =>
  refuse("unassigned", `${nameOf(point)} is not assigned in Unicode ${version}; leave it out.`)

const prefix = "xn--"
const hyphen = 0x2d
const labelOctetsMax = 63
const domainOctetsMax = 1023
const tooLong = refuse("length", `The domain has more than ${domainOctetsMax} octets (RFC 7622 §3.2).`)
const longLabel = refuse("length", `A label has more than ${labelOctetsMax} octets in ASCII form (RFC 5890 §2.3.2.1).`)
const wrongV4 = refuse("literal", "Four numbers with dots between them are no IPv4 address here (RFC 7622 §3.2).")
const dotted = /^[0-9]*(?:\.[0-9]*){3}$/
/** Host names of ASCII are most of what comes. */
const ordinary = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/
const special = /xn--|^[0-9.]*$/
