/**
 * An object a line over mutual TLS. Bytes are decoded by one streaming decoder, and each line is parsed.
 */
import { type Contender, one, perItem } from "./contender.ts"
import * as Tls from "./tls.ts"

/** Cuts what comes into lines, and gives the value of each. */
export const reading = (arrived: (value: unknown) => void): (bytes: Uint8Array) => void => {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  let begun = ""
  return (bytes) => {
    const lines = (begun + decoder.decode(bytes, { stream: true })).split("\n")
    begun = lines.pop() ?? ""
    for (const line of lines) arrived(JSON.parse(line))
  }
}

export const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`

const speak: Tls.Speak = (socket, arrived) => {
  socket.on("data", reading(arrived))
  return {
    load: (corpus) => {
      const objects = corpus.objects()
      return () => Tls.writeAll(socket, objects, lineOf)
    },
    close: Tls.closing(socket)
  }
}

export const jsonLines: Contender = {
  name: "JSON lines",
  about: "node:tls, JSON.stringify and JSON.parse, a line each",
  listen: Tls.listening(speak),
  dial: Tls.dialling(speak),
  weigh: one,
  total: perItem
}
