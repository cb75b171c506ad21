/**
 * Hosts and ports as text, `192.0.2.7:5298` or `[2001:db8::7]:5298` (RFC 5952 §6), and which of them say anything on another
 * machine.
 *
 * @internal
 */
import type * as Connection from "@xmpp-e2e/transport/Connection"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

export const format = ({ host, port }: Connection.Endpoint): string =>
  host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`

/** Takes it apart; whether it is sound is for `prepare` to say. */
export const parse = (text: string): Connection.Endpoint | undefined => {
  const [, six, other, port] = /^(?:\[([^\]]*)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(text) ?? []
  const host = six ?? other
  if (host === undefined || port === undefined || (six !== undefined && !six.includes(":"))) return undefined
  return { host, port: Number(port) }
}

/**
 * In its one form. `scoped` is what only the machine that wrote it can dial, `none` what nobody can: no host, no port, or an
 * address that is no single machine's.
 */
export const prepare = ({ host, port }: Connection.Endpoint): Connection.Endpoint | "scoped" | "none" => {
  if (!Number.isInteger(port) || port < 1 || port > 65_535 || host.length > hostCharactersMax) return "none"
  const zone = host.indexOf("%")
  const literal = NetAddress.ipFromString(zone < 0 ? host : host.slice(0, zone))
  if (Result.isSuccess(literal)) {
    const ip = literal.success
    const isSix = NetAddress.isIpv6Address(ip)
    if (!NetAddress.isUnicast(ip) || (zone >= 0 && !isSix)) return "none"
    return isSix && (zone >= 0 || NetAddress.isLinkLocal(ip)) ? "scoped" : { host: NetAddress.formatIp(ip), port }
  }
  const name = host.toLowerCase().replace(/\.$/, "")
  return hostName.test(name) && !/(?:^|\.)[0-9]+$/.test(name) ? { host: name, port } : "none"
}

/** In ASCII (RFC 1123 §2.1). One that ends in a number would be an address that is none. */
const hostName = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/
/** RFC 1035 §2.3.4, and a dot at the end. */
const hostCharactersMax = 254
