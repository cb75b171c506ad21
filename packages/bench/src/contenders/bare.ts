/**
 * Bytes over mutual TLS and nothing else: encoded beforehand, counted when they come. How fast anything on `node:tls` can
 * be.
 */
import { Buffer } from "node:buffer"
import type { Corpus } from "../corpus/corpus.ts"
import type { Contender } from "./contender.ts"
import { stanza } from "./plain.ts"
import * as Tls from "./tls.ts"

const speak: Tls.Speak = (socket, arrived) => {
  socket.on("data", arrived)
  return {
    load: (corpus) => {
      const encoded = bytesOf(corpus)
      return () => Tls.writeAll(socket, encoded, (bytes) => bytes)
    },
    close: Tls.closing(socket)
  }
}

export const bytesOf = (corpus: Corpus): ReadonlyArray<Buffer> =>
  corpus.elements().map((element) => Buffer.from(stanza(element)))

export const bare: Contender = {
  name: "bare TLS",
  about: "node:tls, the same bytes, encoded beforehand and only counted",
  listen: Tls.listening(speak),
  dial: Tls.dialling(speak),
  weigh: (value) => value instanceof Uint8Array ? value.length : 0,
  total: (corpus) => bytesOf(corpus).reduce((sum, { length }) => sum + length, 0)
}
