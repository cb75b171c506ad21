/**
 * The names that a certificate presents, read from the DER of its subjectAltName (CERT-24…28). What cannot name anybody
 * is left out, with a notice; whether a name is the wanted one is decided in `Match.ts`.
 *
 * RFC 6120 §13.7.1.4, RFC 4985 §2, RFC 5280 §4.2.1.6.
 *
 * @since 0.1.0
 */
import { Address, Idna } from "@xmpp-e2e/protocol"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type { Certificate } from "./Certificate.ts"
import * as Der from "./Der.ts"
import { fromUtf8 } from "./internal/bytes.ts"
import { hostName, srvParts } from "./internal/hosts.ts"
import * as oids from "./internal/oids.ts"
import { quoted } from "./internal/visible.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface PresentedNames {
  /** Bare, prepared addresses. */
  readonly xmppAddr: ReadonlyArray<string>
  /** Lower case, the service without its `_`, the name an A-label domain. */
  readonly srv: ReadonlyArray<{ readonly service: string; readonly name: string }>
  /** Lower case, without trailing dot; stars may stand anywhere. */
  readonly dns: ReadonlyArray<string>
  /** Domains that are IP literals, as `Idna.prepare` gives them. */
  readonly ip: ReadonlyArray<string>
  /** Of the subject. They name nobody, unless CERT-63 is asked for. */
  readonly commonNames: ReadonlyArray<string>
  /** A name of any kind in the subjectAltName forbids to look at the Common Name (CERT-63). */
  readonly hasAlternatives: boolean
  /** For people: names that were left out or cut, and why. */
  readonly notices: ReadonlyArray<string>
}

/**
 * An XmppAddr is an address by the rules of the stream it is read for (CERT-76).
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (
  certificate: Pick<Certificate, "extensions" | "subject">,
  naming: Address.Naming
): PresentedNames => {
  const alternatives = certificate.extensions.alternativeNames?.names ?? []
  const found = alternatives.map((each) => readOne(each, naming))
  const of = <A>(pick: (one: Found) => A | undefined): ReadonlyArray<A> => found.flatMap((each) => pick(each) ?? [])
  const xmppAddr = [...new Set(of((each) => each.xmppAddr))]
  return {
    xmppAddr: xmppAddr.slice(0, xmppAddrMax),
    srv: of((each) => each.srv),
    dns: of((each) => each.dns),
    ip: of((each) => each.ip),
    commonNames: certificate.subject.commonNames,
    hasAlternatives: alternatives.length > 0,
    notices: [
      ...of((each) => each.notice).slice(0, noticesMax),
      ...xmppAddr.length > xmppAddrMax
        ? [`Only the first ${xmppAddrMax} of ${xmppAddr.length} XmppAddr names count.`]
        : []
    ]
  }
}

/**
 * Whether a certificate presents any name that could be an identity.
 *
 * @since 0.1.0
 * @category guards
 */
export const isNameless = (names: PresentedNames): boolean =>
  names.xmppAddr.length + names.srv.length + names.dns.length + names.ip.length === 0

/**
 * For people: every name, one text each.
 *
 * @since 0.1.0
 * @category getters
 */
export const texts = (names: PresentedNames): ReadonlyArray<string> => [
  ...names.xmppAddr,
  ...names.srv.map(({ name, service }) => `_${service}.${name}`),
  ...names.dns,
  ...names.ip
]

interface Found {
  readonly xmppAddr?: string
  readonly srv?: { readonly service: string; readonly name: string }
  readonly dns?: string
  readonly ip?: string
  readonly notice?: string
}

const readOne = (value: Der.Value, naming: Address.Naming): Found => {
  switch (value.tag) {
    case otherName:
      return readOtherName(value, naming)
    case dnsName:
      return readDns(value.content)
    case ipAddress:
      return readIp(value.content)
    default:
      // CERT-64: mail addresses, URIs and the rest name nobody.
      return {}
  }
}

/** The outer `[0]` stands in place of a SEQUENCE; the inner one wraps a value that keeps its own tag. */
const readOtherName = ({ children }: Der.Value, naming: Address.Naming): Found => {
  const type = Result.getOrUndefined(Der.oid(children[0], "the type of a name"))
  const wrapped = children[1]
  const inner = wrapped?.tag === 0xa0 && wrapped.children.length === 1 ? wrapped.children[0] : undefined
  if (type !== oids.xmppAddr && type !== oids.dnsSrv) return {}
  if (inner === undefined || children.length !== 2) {
    return { notice: `A name of the type ${type} is malformed and was ignored.` }
  }
  return type === oids.xmppAddr ? readXmppAddr(inner, naming) : readSrv(inner)
}

/** CERT-25, CERT-65, CERT-74. */
const readXmppAddr = ({ content, tag }: Der.Value, naming: Address.Naming): Found => {
  const text = tag === Der.tags.utf8String ? fromUtf8(content) : undefined
  if (text === undefined) return { notice: "An XmppAddr is not UTF-8 in a UTF8String and was ignored." }
  const address = text.includes("*") ? undefined : Address.parse(text, naming)
  if (address === undefined) return { notice: `The XmppAddr ${quoted(text)} is no address and was ignored.` }
  const bare = Address.format(Address.bare(address))
  if (address.resource === undefined) return { xmppAddr: bare }
  return { xmppAddr: bare, notice: `The XmppAddr ${quoted(text)} has a resource; it counts as ${bare}.` }
}

/** CERT-26, CERT-74. */
const readSrv = (value: Der.Value): Found => {
  const srv = srvParts(value)
  if (srv !== undefined && srv.service !== "" && srv.name !== "") return { srv }
  const text = value.tag === Der.tags.ia5String ? Der.ascii(value.content) : undefined
  return { notice: `The SRVName ${quoted(text ?? "")} is not of the form _service.name and was ignored.` }
}

/** CERT-27. */
const readDns = (content: Uint8Array): Found => {
  const text = Der.ascii(content)
  const name = text === undefined ? undefined : hostName(text)
  return name === undefined
    ? { notice: `The dNSName ${quoted(text ?? "")} is no host name and was ignored.` }
    : { dns: name }
}

const readIp = (octets: Uint8Array): Found => {
  if (octets.length === 4) return { ip: octets.join(".") }
  const words = Hex.encode(octets).match(/.{4}/g) ?? []
  const ip = octets.length === 16 ? Idna.prepare(`[${words.join(":")}]`) : undefined
  return ip === undefined ? { notice: "An iPAddress has neither 4 nor 16 octets and was ignored." } : { ip }
}

const otherName = 0xa0
const dnsName = 0x82
const ipAddress = 0x87
/** Each of them costs a look at the pins. */
const xmppAddrMax = 64
const noticesMax = 64
