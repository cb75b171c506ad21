/**
 * The names in a certificate of ours, as GeneralNames (certificates §3.2). `@peculiar/x509` drops an otherName that it does
 * not know, and XMPP's are such.
 *
 * @internal
 */
import { Address, Idna } from "@xmpp-e2e/protocol"
import { tags } from "../Der.ts"
import { toUtf8 } from "./bytes.ts"
import { value } from "./encode.ts"

export const alternativeNames = (addresses: ReadonlyArray<Address.Address>): Uint8Array =>
  value(tags.sequence, ...addresses.flatMap(generalNames))

export const xmppAddr = (text: string): Uint8Array => otherName(0x05, value(tags.utf8String, toUtf8(text)))

export const srvName = (text: string): Uint8Array => otherName(0x07, value(tags.ia5String, toUtf8(text)))

export const dnsName = (text: string): Uint8Array => value(0x82, toUtf8(text))

/** RFC 6120 §13.7.1.2.1 for services, §13.7.1.3 for everybody else. */
const generalNames = (address: Address.Address): ReadonlyArray<Uint8Array> => {
  const own = xmppAddr(Address.format(address))
  if (!Address.isService(address)) return [own]
  const octets = Idna.ipOctets(address.domain)
  if (octets !== undefined) return [value(0x87, Uint8Array.from(octets)), own]
  const domain = Idna.toAscii(address.domain) ?? address.domain
  return [srvName(`_xmpp-client.${domain}`), srvName(`_xmpp-server.${domain}`), dnsName(domain), own]
}

/** The outer tag replaces the SEQUENCE, the inner one wraps the value. `last` is the last arc of 1.3.6.1.5.5.7.8. */
const otherName = (last: number, inner: Uint8Array): Uint8Array =>
  value(0xa0, value(tags.oid, Uint8Array.of(0x2b, 6, 1, 5, 5, 7, 8, last)), value(0xa0, inner))
