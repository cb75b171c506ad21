/** A peer that speaks bytes: what a script, another program or an attacker would send. */
import * as net from "node:net"
import * as tls from "node:tls"
import { onTestFinished } from "vitest"

export interface Raw {
  readonly write: (bytes: string | Uint8Array) => boolean
  readonly end: (bytes?: string) => void
  readonly destroy: () => void
  readonly heard: () => string
  /** Until the text was heard so many times. */
  readonly until: (text: string, times?: number, millis?: number) => Promise<void>
  /** Until the other side has ended the connection. */
  readonly closed: Promise<void>
  readonly socket: net.Socket
}

export const dial = (port: number): Promise<Raw> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: "127.0.0.1" }, () => resolve(wrap(socket)))
    socket.once("error", reject)
  })

/** Through STARTTLS, with this certificate or none, after this header or a usual one. */
export const secured = async (
  port: number,
  to: string,
  { greeting = header(to), ...options }: {
    readonly cert?: Buffer
    readonly key?: Buffer
    readonly greeting?: string
  } = {}
): Promise<Raw> => {
  const clear = await dial(port)
  clear.write(greeting)
  await clear.until("</stream:features>")
  clear.write(starttls)
  await clear.until("<proceed")
  clear.socket.removeAllListeners("data")
  return new Promise((resolve, reject) => {
    const socket = tls.connect(
      { socket: clear.socket, rejectUnauthorized: false, ...options },
      () => resolve(wrap(socket))
    )
    socket.once("error", reject)
  })
}

export const header = (to: string): string =>
  `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${to}' version='1.0'>`

export const starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

const wrap = (socket: net.Socket): Raw => {
  let heard = ""
  const waiting = new Set<() => void>()
  socket.on("data", (bytes: Buffer) => {
    heard += bytes.toString()
    for (const check of waiting) check()
  })
  socket.on("error", () => {})
  onTestFinished(() => void socket.destroy())
  const closed = new Promise<void>((resolve) => {
    socket.once("end", resolve)
    socket.once("close", resolve)
  })
  return {
    socket,
    closed,
    heard: () => heard,
    write: (bytes) => socket.write(bytes),
    end: (bytes = "") => void socket.end(bytes),
    destroy: () => void socket.destroy(),
    until: (text, times = 1, millis = 20_000) =>
      new Promise((resolve, reject) => {
        const done = (settle: () => void) => {
          waiting.delete(check)
          clearTimeout(timer)
          settle()
        }
        const check = () => {
          if (heard.split(text).length > times) done(resolve)
        }
        const timer = setTimeout(() => done(() => reject(new Error(`never heard ${text}:\n${heard}`))), millis)
        waiting.add(check)
        check()
      })
  }
}
