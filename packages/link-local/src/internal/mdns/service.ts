/**
 * The names of `_presence._tcp.local.` and the records that an announcement has (LL-01), on one interface.
 *
 * @internal
 */
import type { Name, RecordData, ResourceRecord } from "../../mdns/Message.ts"
import type { Link, Own } from "../../mdns/State.ts"
import { isLinkScoped } from "../dns/addresses.ts"
import { fold, labelsOf, nameOf } from "../dns/names.ts"
import { isLabel } from "../dns/writing.ts"
import * as Times from "./times.ts"

export const service: Name = "_presence._tcp.local."
/** RFC 6763 §9: who asks what services there are. */
export const services: Name = "_services._dns-sd._udp.local."

export const instanceName = (instance: string): Name => `${nameOf([instance])}${service}`

/** The instance in a name below the service; nothing if it is not directly below, or its label is not text. */
export const instanceIn = (name: Name): string | undefined => {
  const [instance, ...rest] = labelsOf(name)
  if (instance === undefined || fold(nameOf(rest)) !== service) return undefined
  return isLabel(instance) && !instance.includes("\ufffd") ? instance : undefined
}

/** What a record says, as a key: two with the same key say the same, whatever their time to live (RFC 6762 §7.1). */
export const keyOf = ({ data, name }: ResourceRecord): string => `${fold(name)} ${dataKey(data)}`

export const dataKey = (data: RecordData): string => {
  switch (data.type) {
    case "A":
    case "AAAA":
      return `${data.type} ${data.address}`
    case "PTR":
      return `PTR ${fold(data.target)}`
    case "SRV":
      return `SRV ${data.priority} ${data.weight} ${data.port} ${fold(data.target)}`
    case "TXT":
      // LL-02: no string at all and one empty string are the same.
      return `TXT ${data.strings.length === 1 && data.strings[0] === "" ? "" : data.strings.join(" ")}`
    case "other":
      return `${data.code} ${data.bytes}`
  }
}

/** Only we have the names of these: SRV and TXT of the instance, A and AAAA of the machine. */
export const uniqueRecords = (own: Own, link: Link): ReadonlyArray<ResourceRecord> => {
  const name = instanceName(own.instance)
  const unique = (owner: Name, ttl: number, data: RecordData) => ({ name: owner, ttl, flush: true, data })
  return [
    // LL-29: a single instance has no order.
    unique(name, Times.hostTtl, { type: "SRV", priority: 0, weight: 0, port: own.port, target: own.host }),
    unique(name, Times.otherTtl, { type: "TXT", strings: own.txt }),
    ...link.addresses.map(({ address }) =>
      unique(own.host, Times.hostTtl, { type: address.includes(":") ? "AAAA" : "A", address })
    )
  ]
}

export const pointer = (own: Own): ResourceRecord => ({
  name: service,
  ttl: Times.otherTtl,
  flush: false,
  data: { type: "PTR", target: instanceName(own.instance) }
})

export const enumeration: ResourceRecord = {
  name: services,
  ttl: Times.otherTtl,
  flush: false,
  data: { type: "PTR", target: service }
}

/** `fe80::1%eth0` */
export const zoned = (address: string, via: string): string => isLinkScoped(address) ? `${address}%${via}` : address
