/**
 * Whom a certificate has to name, when it is judged without a stream (RFC 9525 §6.1). On a stream the address decides
 * (`Match.ts`).
 *
 * @since 0.1.0
 */
import { Address, Idna } from "@xmpp-e2e/protocol"
import * as Result from "effect/Result"
import type { Certificate } from "./Certificate.ts"
import * as Der from "./Der.ts"
import * as GeneralName from "./GeneralName.ts"
import { mailbox } from "./internal/mailbox.ts"
import { visible } from "./internal/visible.ts"
import * as Match from "./Match.ts"
import * as PresentedNames from "./PresentedNames.ts"

/**
 * - `Xmpp`: an address, known by XmppAddr, or, when it is a mere domain, by the names of a service too; `services` are
 *   those whose SRVName counts (CERT-08), without `_`
 * - `Dns`: a host, by dNSName alone
 * - `Service`: a service of a domain, by its SRVName or by dNSName (RFC 6125 §6.4, §6.5)
 * - `Ip`: an IPv4 or IPv6 literal, by iPAddress
 * - `Mail`: a mailbox, by rfc822Name
 *
 * @since 0.1.0
 * @category models
 */
export type Reference =
  | {
    readonly _tag: "Xmpp"
    readonly address: string
    readonly naming?: Address.Naming
    readonly services?: ReadonlyArray<string>
  }
  | { readonly _tag: "Dns"; readonly host: string }
  | { readonly _tag: "Service"; readonly service: string; readonly domain: string }
  | { readonly _tag: "Ip"; readonly address: string }
  | { readonly _tag: "Mail"; readonly address: string }

/**
 * `unusable`: the reference itself is no name of its kind, so nothing can match it.
 *
 * @since 0.1.0
 * @category guards
 */
export const match = (certificate: Certificate, reference: Reference): Match.Answer | "unusable" => {
  switch (reference._tag) {
    case "Xmpp": {
      const { address, naming = "jid", services = ["xmpp-client", "xmpp-server"] } = reference
      const wanted = Address.parse(address, naming)
      const rules = { naming, services, legacyCommonName: false }
      return wanted === undefined
        ? "unusable"
        : Match.match(PresentedNames.read(certificate, naming), Address.bare(wanted), rules)
    }
    case "Dns":
      return matchHost(certificate, reference.host, [])
    case "Service":
      return matchHost(certificate, reference.domain, [reference.service.toLowerCase()])
    case "Ip": {
      const { address } = reference
      const host = address.includes(":") && !address.startsWith("[") ? `[${address}]` : address
      return Idna.ipOctets(host) === undefined ? "unusable" : matchHost(certificate, host, [])
    }
    case "Mail":
      return matchMail(certificate, reference.address)
  }
}

/**
 * The reference for sentences.
 *
 * @since 0.1.0
 * @category getters
 */
export const text = (reference: Reference): string => {
  switch (reference._tag) {
    case "Xmpp":
    case "Ip":
    case "Mail":
      return visible(reference.address)
    case "Dns":
      return visible(reference.host)
    case "Service":
      return visible(`_${reference.service}.${reference.domain}`)
  }
}

const matchHost = (
  certificate: Certificate,
  host: string,
  services: ReadonlyArray<string>
): Match.Answer | "unusable" => {
  const domain = Idna.prepare(host)
  if (domain === undefined) return "unusable"
  const names = { ...PresentedNames.read(certificate, "jid"), xmppAddr: [] }
  return Match.match(names, { naming: "jid", domain }, { naming: "jid", services, legacyCommonName: false })
}

/** RFC 5280 §4.2.1.6: the local part as it is, the host without regard to case. */
const matchMail = ({ extensions }: Certificate, address: string): Match.Answer | "unusable" => {
  const wanted = mailbox(address)?.key
  if (wanted === undefined) return "unusable"
  const presented = (extensions.alternativeNames?.names ?? []).flatMap((each) => {
    const name = Result.getOrUndefined(GeneralName.read(each))
    const text = name?._tag === "Mail" ? Der.ascii(name.octets) : undefined
    return text === undefined ? [] : [mailbox(text)?.key]
  })
  return presented.includes(wanted) ? "matches" : presented.length === 0 ? "nameless" : "mismatch"
}
