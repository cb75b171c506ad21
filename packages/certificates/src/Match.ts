/**
 * Does a certificate name the peer we want, and which peers may it stand for? Pure: presented names and reference
 * addresses in, answers out. Whether the certificate is any good is decided elsewhere.
 *
 * Certificates §5; RFC 6120 §13.7.2, RFC 9525 §6.
 *
 * @since 0.1.0
 */
import { Address, Idna } from "@xmpp-e2e/protocol"
import * as Names from "./PresentedNames.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Rules {
  readonly naming: Address.Naming
  /** CERT-08: the services by whose SRVName a domain is named: `xmpp-client`, `xmpp-server`. */
  readonly services: ReadonlyArray<string>
  /** CERT-63. */
  readonly legacyCommonName: boolean
}

/**
 * @since 0.1.0
 * @category models
 */
export type Answer = "matches" | "mismatch" | "nameless"

/**
 * CERT-70: whether the names satisfy the reference, which is prepared and bare. A service is known by the names of
 * services, everybody else by XmppAddr alone (CERT-05, CERT-77, CERT-78).
 *
 * @since 0.1.0
 * @category guards
 */
export const match = (names: Names.PresentedNames, reference: Address.Address, rules: Rules): Answer => {
  const isNamed = names.xmppAddr.includes(Address.format(reference))
    || (rules.naming === "jid" && Address.isService(reference) && namesService(names, reference.domain, rules))
  if (isNamed) return "matches"
  return Names.isNameless(names) && commonName(names, rules) === undefined ? "nameless" : "mismatch"
}

/**
 * Certificates §5.3: every address the certificate may stand for, as far as its names go, each one once. `*.x` stands
 * for the mere domains with one more label.
 *
 * @since 0.1.0
 * @category getters
 */
export const addresses = (names: Names.PresentedNames, rules: Rules): ReadonlyArray<string> => {
  if (rules.naming === "linkLocal") return names.xmppAddr
  const fallback = commonName(names, rules)
  const domains = [
    ...names.srv.flatMap(({ name, service }) => rules.services.includes(service) ? [name] : []),
    ...names.dns,
    ...fallback === undefined ? [] : [fallback]
  ]
  return [...new Set([...names.xmppAddr, ...domains.flatMap((each) => serviceAddress(each) ?? []), ...names.ip])]
}

/**
 * Whether one of `authorised` covers the address. Wildcards cover mere domains only.
 *
 * @since 0.1.0
 * @category guards
 */
export const covers = (authorised: ReadonlyArray<string>, address: Address.Address): boolean =>
  coversText(authorised, Address.format(address))

/**
 * The addresses that both lists cover, wildcards for mere domains included.
 *
 * @since 0.1.0
 * @category combinators
 */
export const common = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): ReadonlyArray<string> => [
  ...new Set([
    ...one.filter((each) => coversText(other, each)),
    ...other.filter((each) => coversText(one, each))
  ])
]

const coversText = (authorised: ReadonlyArray<string>, address: string): boolean =>
  authorised.includes(address)
  || (!/[@*]/.test(address) && authorised.includes(`*.${address.split(".").slice(1).join(".")}`))

const namesService = (names: Names.PresentedNames, domain: string, rules: Rules): boolean => {
  // CERT-64: a literal is compared with addresses, never with host names.
  if (Idna.ipOctets(domain) !== undefined) return names.ip.includes(domain)
  const wanted = Idna.toAscii(domain)
  const fallback = commonName(names, rules)
  return wanted !== undefined
    && (names.srv.some(({ name, service }) => name === wanted && rules.services.includes(service))
      || names.dns.some((each) => isDnsMatch(each, wanted))
      || (fallback !== undefined && isDnsMatch(fallback, wanted)))
}

/** CERT-71…73: one star, as the whole left-most label, for exactly one label, with two labels to its right; never part of an IPv4. */
const isDnsMatch = (presented: string, wanted: string): boolean => {
  if (!presented.includes("*")) return presented === wanted
  const dot = wanted.indexOf(".")
  return isWildcard(presented) && dot > 0 && presented.slice(1) === wanted.slice(dot)
}

const isWildcard = (name: string): boolean => /^\*(?:\.[^.*]+){2,}$/.test(name) && !/\.\d+$/.test(name)

/** Prepared as the addresses that it will be compared with. */
const serviceAddress = (name: string): string | undefined => {
  const base = isWildcard(name) ? name.slice(2) : name
  const domain = Idna.ipOctets(base) === undefined ? Idna.prepare(base) : undefined
  return domain === undefined ? undefined : `${name.slice(0, name.length - base.length)}${domain}`
}

/** RFC 6125 §6.4.4: the last resort, when asked for and when there is nothing else. */
const commonName = (names: Names.PresentedNames, rules: Rules): string | undefined => {
  if (!rules.legacyCommonName || names.hasAlternatives || rules.naming === "linkLocal") return undefined
  const name = names.commonNames.at(-1)?.toLowerCase()
  return name !== undefined && /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(name) ? name : undefined
}
