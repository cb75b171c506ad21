/**
 * Sessions on `node:tls`: the handshake alone; and with what an XMPP session says before its first stanza, in fixed texts
 * that saxes reads and nobody checks.
 */
import { once } from "node:events"
import type { TLSSocket } from "node:tls"
import { header } from "../contenders/plain.ts"
import * as Saxes from "../contenders/saxes.ts"
import * as Tls from "../contenders/tls.ts"
import type { Manner } from "./session.ts"

interface Steps {
  /** Calls `done` when a stanza could be sent. */
  readonly host: (socket: TLSSocket, done: () => void) => void
  readonly guest: (socket: TLSSocket, done: () => void) => void
}

const manner = (name: string, steps: Steps): Manner => ({
  name,
  host: async (own) => {
    let established = 0
    const sockets = new Set<TLSSocket>()
    const server = Tls.serve(own)
    server.on("secureConnection", (socket) => {
      sockets.add(socket)
      socket.on("error", ignore).on("close", () => sockets.delete(socket))
      steps.host(socket, () => void (established += 1))
    })
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 })
    await once(server, "listening")
    return { port: Tls.portOf(server), established: () => established, dropAll: () => drop(sockets) }
  },
  guest: async (own, port) => {
    const context = Tls.contextOf(own)
    const sockets = new Set<TLSSocket>()
    return {
      open: async () => {
        const socket = Tls.connect(context, port)
        await once(socket, "secureConnect")
        sockets.add(socket)
        socket.on("error", ignore)
        await new Promise<void>((resolve) => steps.guest(socket, resolve))
      },
      dropAll: () => drop(sockets)
    }
  }
})

const drop = async (sockets: Set<TLSSocket>): Promise<void> => {
  await Promise.all([...sockets].map(async (socket) => {
    if (socket.closed) return
    socket.destroy()
    await once(socket, "close")
  }))
  sockets.clear()
}

const ignore = (): void => {}

/** Nothing is read, but an end is noticed. */
export const bare = manner("bare TLS", {
  host: (socket, done) => {
    socket.resume()
    done()
  },
  guest: (socket, done) => {
    socket.resume()
    done()
  }
})

export const saxes = manner("minimal saxes", {
  host: (socket, done) => {
    socket.write(`${header}${mechanisms}`)
    const read = Saxes.reading(({ name }) => {
      if (name !== "auth") return
      socket.write(success)
      // A new document begins, and with it a new parser.
      begin(Saxes.reading(() => {}))
      socket.write(`${header}${features}`)
      done()
    })
    const begin = reader(socket)
    begin(read)
  },
  guest: (socket, done) => {
    socket.write(header)
    const begin = reader(socket)
    begin(Saxes.reading(({ name }) => {
      if (name === "features") socket.write(auth)
      if (name !== "success") return
      begin(Saxes.reading(done))
      socket.write(header)
    }))
  }
})

/** Gives what comes to whichever reader was begun last. */
const reader = (socket: TLSSocket) => {
  let read: (bytes: Uint8Array) => void = () => {}
  socket.on("data", (bytes: Buffer) => read(bytes))
  return (next: (bytes: Uint8Array) => void): void => {
    read = next
  }
}

const mechanisms = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
  + "<mechanism>EXTERNAL</mechanism></mechanisms></stream:features>"
const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>cm9tZW9AZm9yemEuZXhhbXBsZQ==</auth>"
const success = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
const features = "<stream:features/>"
