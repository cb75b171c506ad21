/**
 * Where to dial an entity, and in which order. Addresses come from anybody on the network, so those that lead nowhere or to
 * ourselves are left out. Who announces them is the business of `Roster.ts`.
 *
 * @since 0.1.0
 */
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"

/**
 * How an address is reached, best first:
 *
 * - `link`: IPv6 of scope link with its zone. It leads to the interface on which the entity was heard, and needs no router
 *   and no server of addresses
 * - `routed6`, `routed4`: the table of routes decides, and two networks may well have the same numbers
 * - `selfAssigned4`: 169.254/16, which has no zone; with several interfaces the system guesses
 *
 * RFC 4007 §6, RFC 3927 §3.2.
 *
 * @since 0.1.0
 * @category models
 */
export type Reach = "link" | "routed6" | "routed4" | "selfAssigned4"

/**
 * `address` is a literal in its one canonical form (RFC 5952), with its zone if it is of scope link. `host` and `port` are
 * those of SRV (LL-10).
 *
 * @since 0.1.0
 * @category models
 */
export interface Endpoint {
  readonly via: string
  readonly host: string
  readonly port: number
  readonly address: string
  readonly reach: Reach
}

/**
 * One text for one address, and how it is reached from `via`; `undefined` for what nobody on the network can be dialled at:
 * no address, one of another zone, multicast, unspecified, loopback, and IPv4 in the guise of IPv6.
 *
 * @since 0.1.0
 * @category decoding
 */
export const read = (
  text: string,
  via: string
): { readonly address: string; readonly reach: Reach } | undefined => {
  if (text.length > literalCharsMax) return undefined
  const at = text.indexOf("%")
  const parsed = NetAddress.ipFromString(at < 0 ? text : text.slice(0, at))
  if (Result.isFailure(parsed)) return undefined
  const ip = parsed.success
  const isSix = NetAddress.isIpv6Address(ip)
  if (!NetAddress.isUnicast(ip) || NetAddress.isLoopback(ip)) return undefined
  if (isSix && NetAddress.isIpv4Mapped(ip)) return undefined
  const address = NetAddress.formatIp(ip)
  const isLink = NetAddress.isLinkLocal(ip)
  if (isSix && isLink) {
    const zone = at < 0 ? via : text.slice(at + 1)
    return zone === via ? { address: `${address}%${via}`, reach: "link" } : undefined
  }
  return at < 0 ? { address, reach: isSix ? "routed6" : isLink ? "selfAssigned4" : "routed4" } : undefined
}

/**
 * In the order in which to try them, each address and port once; the order in which they were heard plays no part.
 *
 * @since 0.1.0
 * @category combinators
 */
export const inOrder = (endpoints: ReadonlyArray<Endpoint>): ReadonlyArray<Endpoint> => {
  const sorted = endpoints.toSorted((one, other) =>
    reaches.indexOf(one.reach) - reaches.indexOf(other.reach)
    || compare(one.via, other.via)
    || compare(one.address, other.address)
    || one.port - other.port
  )
  const seen = new Set<string>()
  return sorted.filter(({ address, port }) => {
    const name = `${address} ${port}`
    if (seen.has(name)) return false
    seen.add(name)
    return true
  })
}

const compare = (one: string, other: string): number => one < other ? -1 : one > other ? 1 : 0

const reaches: ReadonlyArray<Reach> = ["link", "routed6", "routed4", "selfAssigned4"]
/** An IPv6 address in full, and the name of an interface. */
const literalCharsMax = 128
