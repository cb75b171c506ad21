/**
 * Pings of those who stand on `node:tls` alone: bytes that come back as they went, a line of JSON, an iq that saxes reads at
 * both ends.
 */
import { once } from "node:events"
import type { TLSSocket } from "node:tls"
import * as JsonLines from "../contenders/jsonLines.ts"
import { header } from "../contenders/plain.ts"
import * as Saxes from "../contenders/saxes.ts"
import * as Tls from "../contenders/tls.ts"
import { addresses } from "../corpus/corpus.ts"
import { asking, type Pinger } from "./pinger.ts"

interface Manner {
  readonly answer: (socket: TLSSocket) => void
  /** Calls `heard` whenever an answer has come; gives what asks. */
  readonly begin: (socket: TLSSocket, heard: () => void) => (id: number) => void
}

const pinger = (name: string, { answer, begin }: Manner): Pinger => ({
  name,
  answer: async (own) => {
    const server = Tls.serve(own)
    server.on("secureConnection", answer)
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    return Tls.portOf(server)
  },
  ask: async (own, port) => {
    const socket = Tls.connect(Tls.contextOf(own), port)
    await once(socket, "secureConnect")
    let write: (id: number) => void = () => {}
    const { ask, heard } = asking((id) => write(id))
    write = begin(socket, heard)
    return ask
  }
})

const { initiator, recipient } = addresses

/** As long as ours. */
const ping = (id: number): string =>
  `<iq id='p${id}' type='get' from='${initiator}' to='${recipient}'><ping xmlns='urn:xmpp:ping'/></iq>`

const pong = (id: string): string => `<iq id='${id}' type='result' from='${recipient}' to='${initiator}'/>`

export const bare = pinger("bare TLS", {
  answer: (socket) => void socket.on("data", (bytes) => socket.write(bytes)),
  begin: (socket, heard) => {
    socket.on("data", heard)
    return (id) => void socket.write(ping(id))
  }
})

export const jsonLines = pinger("JSON lines", {
  answer: (socket) =>
    void socket.on(
      "data",
      JsonLines.reading((value) => {
        if (typeof value === "object" && value !== null && "id" in value) {
          socket.write(JsonLines.lineOf({ id: value.id, type: "result", from: recipient, to: initiator }))
        }
      })
    ),
  begin: (socket, heard) => {
    socket.on("data", JsonLines.reading(heard))
    return (id) =>
      void socket.write(JsonLines.lineOf({ id: `p${id}`, type: "get", from: initiator, to: recipient, ask: "ping" }))
  }
})

export const saxes = pinger("minimal saxes", {
  answer: (socket) => {
    socket.write(header)
    socket.on("data", Saxes.reading(({ attributes }) => void socket.write(pong(attributes["id"]?.value ?? ""))))
  },
  begin: (socket, heard) => {
    socket.write(header)
    socket.on("data", Saxes.reading(heard))
    return (id) => void socket.write(ping(id))
  }
})
