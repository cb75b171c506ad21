/**
 * Mutual TLS 1.3 over loopback, as `node:tls` has it: what all contenders but ours and libp2p stand on. One context for all
 * connections of a side, because a new one for each would cost every one of them.
 */
import { once } from "node:events"
import type { AddressInfo } from "node:net"
import * as Tls from "node:tls"
import type { Credentials } from "../harness/credentials.ts"
import type { Arrived, Contender, End } from "./contender.ts"

/** What is said on a connection: called once on each side, before anything arrives. */
export type Speak = (socket: Tls.TLSSocket, arrived: Arrived) => End

export const listening = (speak: Speak): Contender["listen"] => async (own, arrived, accepted) => {
  const server = serve(own)
  server.on("secureConnection", (socket) => accepted(speak(socket, arrived)))
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 })
  await once(server, "listening")
  return { at: String(portOf(server)), stop: async () => void server.close() }
}

export const dialling = (speak: Speak): Contender["dial"] => async (own, at, arrived) => {
  const socket = connect(contextOf(own), Number(at))
  await once(socket, "secureConnect")
  return speak(socket, arrived)
}

export const serve = (own: Credentials): Tls.Server =>
  Tls.createServer({
    ...settingsOf(own),
    requestCert: true,
    rejectUnauthorized: true,
    noDelay: true
  })

export const connect = (secureContext: Tls.SecureContext, port: number): Tls.TLSSocket =>
  Tls.connect({ host: "127.0.0.1", port, secureContext, checkServerIdentity: () => undefined })
    .setNoDelay(true)

export const contextOf = (own: Credentials): Tls.SecureContext => {
  const context = contexts.get(own.certificate) ?? Tls.createSecureContext(settingsOf(own))
  contexts.set(own.certificate, context)
  return context
}

const contexts = new Map<string, Tls.SecureContext>()

export const portOf = (server: Tls.Server): number => {
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === "string") throw new Error("the server has no port")
  return address.port
}

/** One write for each, and a pause wherever the socket asks for one. */
export const writeAll = async <A>(
  socket: Tls.TLSSocket,
  all: ReadonlyArray<A>,
  encode: (one: A) => string | Uint8Array
): Promise<void> => {
  for (const each of all) {
    if (!socket.write(encode(each))) await once(socket, "drain")
  }
}

export const closing = (socket: Tls.TLSSocket) => async (): Promise<void> => {
  if (socket.destroyed) return
  socket.destroy()
  await once(socket, "close")
}

/** A server makes one context of these, and keeps it. */
const settingsOf = ({ certificate, key, peer }: Credentials) => ({
  cert: certificate,
  key,
  ca: [peer],
  minVersion: "TLSv1.3" as const,
  maxVersion: "TLSv1.3" as const
})
