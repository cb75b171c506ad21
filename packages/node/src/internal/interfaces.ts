/**
 * The interfaces of this machine that can be asked about others: up, not the loopback, with a network behind them.
 *
 * @internal
 */
import type * as MdnsEvent from "@xmpp-e2e/link-local/mdns/Event"
import * as Result from "effect/Result"
import * as Os from "node:os"

export interface Interface {
  readonly via: string
  readonly addresses: ReadonlyArray<MdnsEvent.LinkAddress>
  /** The address by which the system knows the interface for IPv4. */
  readonly ipv4: string | undefined
  readonly hasIpv6: boolean
}

/** A system that does not let us see them has none. */
export const interfaces = (): ReadonlyArray<Interface> =>
  Object.entries(Result.getOrElse(Result.try(Os.networkInterfaces), () => ({}))).flatMap(([via, infos = []]) => {
    // An address that is alone in its network is one end of a tunnel.
    const usable = infos.filter(({ cidr, internal }) => !internal && cidr !== null && !/\/(?:32|128)$/.test(cidr))
    if (usable.length === 0) return []
    return [{
      via,
      addresses: usable.map(({ address, cidr }) => ({ address, prefix: Number(cidr?.split("/")[1]) })),
      ipv4: usable.find(({ family }) => family === "IPv4")?.address,
      hasIpv6: usable.some(({ family }) => family === "IPv6")
    }]
  })
