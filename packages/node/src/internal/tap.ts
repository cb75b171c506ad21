/**
 * A listener between a socket and TLS. Node lets TLS and the socket talk to each other below JavaScript, where nobody hears
 * them; with this stream between them every byte comes by. It costs time, so it stands there only when somebody listens.
 */
import type { Connection } from "@xmpp-e2e/transport"
import type * as Net from "node:net"
import * as Stream from "node:stream"

/**
 * What TLS gets in place of `raw`. It ends, fails and goes as `raw` does, and takes `raw` with it. `unread` comes first, and
 * is not told: whoever read it has seen it.
 *
 * @internal
 */
export const over = (raw: Net.Socket, unread: Uint8Array, observer: Connection.TlsObserver): Stream.Duplex => {
  const carrier = new Stream.Duplex({
    allowHalfOpen: raw.allowHalfOpen,
    read: () => void raw.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      observer.record("out", chunk)
      raw.write(chunk, done)
    },
    final: (done) => void raw.end(done),
    destroy: (cause, done) => {
      raw.destroy()
      done(cause)
    }
  })
  if (unread.length > 0) carrier.push(unread)
  raw.on("data", (chunk: Buffer) => {
    observer.record("in", chunk)
    if (!carrier.push(chunk)) raw.pause()
  })
  raw.once("end", () => carrier.push(null))
  raw.on("error", (cause) => carrier.destroy(cause))
  raw.once("close", () => carrier.destroy())
  return carrier
}
