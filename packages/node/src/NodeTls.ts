/**
 * Turns a connected socket to TLS in place, in either role, over `node:tls`. What TLS brings is delivered as it came;
 * who the peer is, is judged elsewhere.
 *
 * @since 0.1.0
 */
import { Connection } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { constants } from "node:crypto"
import * as Net from "node:net"
import * as Tls from "node:tls"
import * as Sentences from "./internal/sentences.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Upgraded {
  /** Paused; takes the place of the raw socket, which belongs to it from now on. */
  readonly socket: Tls.TLSSocket
  readonly facts: Connection.TlsFacts
}

/**
 * `raw` is connected, not flowing, and never had `setEncoding` called (that would let a peer abort the process). What it
 * holds in its buffer reaches TLS after `options.unread` (TLS-15). `remote` names the peer in the sentences of errors.
 *
 * A failed handshake destroys `raw`, after the alert that tells the peer why; an interrupted one resets it at once. There
 * is no time limit of its own, except Node's 120 s for servers: whoever starts TLS bounds it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const upgrade = (
  raw: Net.Socket,
  options: Connection.StartTls,
  remote: string
): Effect.Effect<Upgraded, Connection.TlsError> =>
  Effect.try({
    try: () => options.as === "client" ? beginClient(raw, options) : beginServer(raw, options),
    catch: (cause) => new Connection.TlsError({ detail: refusal(options), cause })
  }).pipe(
    Effect.flatMap((begin) => handshake(raw, begin, remote)),
    Effect.flatMap((socket) => describe(socket, options.as)),
    Effect.tapError(() => Effect.sync(() => raw.destroy()))
  )

/**
 * The peer's certificates as it sent them, DER, end entity first; empty when it showed none.
 *
 * Node has two ways to tell. `getPeerCertificate(true)` follows the issuers: it drops what does not link, changes the
 * order, and adds authorities from its own store. `getPeerX509Certificate()` walks the list of the Certificate message
 * through `issuerCertificate`, whatever the certificates say about each other; that is the one we want.
 *
 * @since 0.1.0
 * @category getters
 */
export const peerChain = (socket: Tls.TLSSocket): ReadonlyArray<Uint8Array> => {
  const chain: Array<Uint8Array> = []
  let certificate = socket.getPeerX509Certificate()
  while (certificate !== undefined) {
    if (chain.length === certificatesMax) throw new RangeError(`more than ${certificatesMax} certificates`)
    chain.push(Uint8Array.from(certificate.raw))
    certificate = certificate.issuerCertificate
  }
  // The second opinion costs little: a certificate that was shown must reach the judge.
  if (chain.length === 0) {
    const raw = socket.getPeerCertificate()?.raw
    if (raw !== undefined) chain.push(Uint8Array.from(raw))
  }
  return chain
}

/** Starts the handshake; the callbacks are called at most once each, and `secured` first if at all. */
type Begin = (secured: (socket: Tls.TLSSocket) => void, failed: (cause: Error) => void) => void

const handshake = (raw: Net.Socket, begin: Begin, remote: string): Effect.Effect<Tls.TLSSocket, Connection.TlsError> =>
  Effect.callback((resume) => {
    const settle = (result: Effect.Effect<Tls.TLSSocket, Connection.TlsError>): void => {
      raw.off("close", onEnd).off("end", onEnd)
      resume(result)
    }
    const onEnd = (): void => settle(Effect.fail(new Connection.TlsError({ detail: Sentences.ended(remote) })))
    // `close`: the socket was taken away. `end`: the end of input was read before TLS took over, and TLS will not see it.
    raw.once("close", onEnd).once("end", onEnd)
    begin(
      (socket) => {
        socket.on("error", ignore)
        settle(Effect.succeed(socket))
      },
      (cause) => settle(Effect.fail(new Connection.TlsError({ detail: Sentences.handshaking(cause, remote), cause })))
    )
    return Effect.sync(() => {
      raw.off("close", onEnd).off("end", onEnd)
      if (!raw.destroyed) raw.resetAndDestroy()
    })
  })

const beginClient = (raw: Net.Socket, options: Connection.StartTls): Begin => {
  const secureContext = Tls.createSecureContext(settings(options))
  return (secured, failed) => {
    if (options.unread.length > 0) raw.unshift(options.unread)
    const socket = Tls.connect({
      socket: raw,
      secureContext,
      // TLS never authenticates here. The verdict does, as a recorded event, before a byte of XML passes, and the default
      // is no (CERT-104).
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(options.serverName === undefined || Net.isIP(options.serverName) !== 0
        ? {}
        : { servername: options.serverName })
    })
    socket.once("secureConnect", () => secured(socket)).on("error", failed)
  }
}

/**
 * Handing the socket to a `tls.Server` that listens nowhere is Node's documented way to do the server's part in full; a bare
 * `TLSSocket` leaves out some of it.
 */
const beginServer = (raw: Net.Socket, options: Connection.StartTls): Begin => {
  if (options.identity === undefined) throw new TypeError("no identity")
  const server = Tls.createServer({
    ...settings(options),
    // TLS-18: any certificate is asked for, and none is needed.
    requestCert: true,
    // TLS never authenticates here. The verdict does, as a recorded event, before a byte of XML passes, and the default
    // is no (CERT-104).
    rejectUnauthorized: false
  })
  return (secured, failed) => {
    // The server's socket is out of reach until it is secure, and inherits this. Not half-open, it turns an end in the
    // middle of the handshake into a failure; half-open it would wait for ever.
    raw.allowHalfOpen = false
    if (options.unread.length > 0) raw.unshift(options.unread)
    server.once("secureConnection", (socket) => {
      socket.allowHalfOpen = true
      secured(socket)
    })
    server.on("tlsClientError", failed).on("error", failed)
    server.emit("connection", raw)
  }
}

const settings = ({ identity, versionMin = "TLSv1.2", versionMax = "TLSv1.3" }: Connection.StartTls) => ({
  ...(identity === undefined ? {} : { cert: identity.certificates, key: Redacted.value(identity.privateKey) }),
  // No authority is known, so none is added to a chain, and none is named when we ask for a certificate (CERT-100).
  ca: [],
  minVersion: versionMin,
  maxVersion: versionMax,
  ciphers,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_COMPRESSION
})

const describe = (
  socket: Tls.TLSSocket,
  as: Connection.StartTls["as"]
): Effect.Effect<Upgraded, Connection.TlsError> =>
  Effect.try({
    try: () => ({ socket, facts: facts(socket, as) }),
    catch: (cause) => new Connection.TlsError({ detail: "what TLS agreed on could not be read", cause })
  })

const facts = (socket: Tls.TLSSocket, as: Connection.StartTls["as"]): Connection.TlsFacts => {
  const protocol = socket.getProtocol()
  const chain = peerChain(socket)
  if (protocol === null) throw new TypeError("no protocol")
  // A server always shows something (CERT-101), and sessions are never resumed: both would mean that there is nobody to
  // judge.
  if (chain.length === 0 && as === "client") throw new TypeError("the server showed no certificate")
  if (socket.isSessionReused()) throw new TypeError("an older session was resumed")
  return {
    protocol,
    cipher: socket.getCipher().standardName,
    resumed: false,
    chain,
    // Node does not tell whether TLS 1.2 used the extended master secret, without which the exporter binds nothing.
    ...(protocol === "TLSv1.3" ? { exporter: exporter(socket) } : {})
  }
}

/** RFC 9266 §2. */
const exporter = (socket: Tls.TLSSocket): Uint8Array =>
  Uint8Array.from(socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)))

const refusal = (options: Connection.StartTls): string =>
  options.identity === undefined ? "a TLS server must show a certificate" : "our certificate or private key is unusable"

const ignore = (): void => {}
const certificatesMax = 100

/** TLS-28: TLS 1.3, and of TLS 1.2 what RFC 9325 §4.2 recommends: forward secrecy and authenticated encryption. */
const ciphers = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256"
].join(":")
