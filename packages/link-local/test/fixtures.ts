/** Two hosts on a network, and messages as they come from somebody else. */
import type { Message, ResourceRecord } from "../src/mdns/Message.ts"
import * as Net from "./network.ts"

export const romeo = "romeo@forza"
export const juliet = "juliet@pronto"
export const service = "_presence._tcp.local."
export const romeosName = `${romeo}.${service}`

/** Two hosts; Juliet looks around. */
export const two = (seed?: number): Net.Network => {
  const network = Net.make(seed)
  Net.host(network, "forza")
  Net.host(network, "pronto")
  Net.browse(network, "pronto")
  return network
}

export const known = (): Net.Network => {
  const network = two()
  Net.announce(network, "forza", romeo)
  Net.pass(network, 5000)
  return network
}

export const nothing: Message = {
  id: 0,
  isResponse: true,
  truncated: false,
  questions: [],
  answers: [],
  authorities: [],
  additionals: []
}

export const hear = (
  network: Net.Network,
  name: string,
  message: Partial<Message>,
  source = { address: "10.0.0.200", port: 5353 }
) => Net.apply(network, name, { _tag: "Heard", via: "wire", source, message: { ...nothing, ...message } })

export const query = (name: string, type: number, unicast = false): Partial<Message> => ({
  isResponse: false,
  questions: [{ name, type, unicast }]
})

export const pointer = (instance: string, ttl = 4500, flush = false): ResourceRecord => ({
  name: service,
  ttl,
  flush,
  data: { type: "PTR", target: `${instance}.${service}` }
})

export const sentBy = (network: Net.Network, host: string, since = 0) =>
  network.sent.filter((one) => one.host === host && one.at >= since)
export const responsesBy = (network: Net.Network, host: string, since = 0) =>
  sentBy(network, host, since).filter(({ message }) => message.isResponse)
export const probesBy = (network: Net.Network, host: string, since = 0) =>
  sentBy(network, host, since).filter(({ message }) => message.authorities.length > 0)
export const ignored = (network: Net.Network, host: string) =>
  Net.actions(network, host, "Ignored").map(({ reason }) => reason)
