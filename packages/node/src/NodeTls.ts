/**
 * Turns a connected socket to TLS in place, in either role, over `node:tls`. What TLS brings is delivered as it came;
 * who the peer is, is judged elsewhere.
 *
 * @since 0.1.0
 */
import { Connection } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Net from "node:net"
import type * as Stream from "node:stream"
import * as Tls from "node:tls"
import * as Sentences from "./internal/sentences.ts"
import * as Tap from "./internal/tap.ts"
import * as Contexts from "./internal/tls-contexts.ts"
import * as TlsFacts from "./internal/tls-facts.ts"

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
    Effect.flatMap((end) => describe(end, options.as)),
    Effect.tapError(() => Effect.sync(() => raw.destroy()))
  )

/** The handshake is through. */
interface Secured {
  readonly socket: Tls.TLSSocket
  /** What a server stapled for its client. */
  readonly staple?: Uint8Array
}

/** Starts the handshake; the callbacks are called at most once each, and `secured` first if at all. */
type Begin = (secured: (end: Secured) => void, failed: (cause: Error) => void) => void

const handshake = (raw: Net.Socket, begin: Begin, remote: string): Effect.Effect<Secured, Connection.TlsError> =>
  Effect.callback((resume) => {
    const settle = (result: Effect.Effect<Secured, Connection.TlsError>): void => {
      raw.off("close", onEnd).off("end", onEnd)
      resume(result)
    }
    const onEnd = (): void => settle(Effect.fail(new Connection.TlsError({ detail: Sentences.ended(remote) })))
    // `close`: the socket was taken away. `end`: the end of input was read before TLS took over, and TLS will not see it.
    raw.once("close", onEnd).once("end", onEnd)
    begin(
      (end) => {
        end.socket.on("error", ignore)
        settle(Effect.succeed(end))
      },
      (cause) => settle(Effect.fail(new Connection.TlsError({ detail: Sentences.handshaking(cause, remote), cause })))
    )
    return Effect.sync(() => {
      raw.off("close", onEnd).off("end", onEnd)
      if (!raw.destroyed) raw.resetAndDestroy()
    })
  })

const beginClient = (raw: Net.Socket, options: Connection.StartTls): Begin => {
  const secureContext = Contexts.client(options)
  return (secured, failed) => {
    const socket = Tls.connect({
      socket: carrierOf(raw, options),
      secureContext,
      requestOCSP: true,
      // TLS never authenticates here. The verdict does, as a recorded event, before a byte of XML passes, and the default
      // is no (CERT-104).
      rejectUnauthorized: false,
      checkServerIdentity: nothingWrong,
      ...(options.serverName === undefined || Net.isIP(options.serverName) !== 0
        ? {}
        : { servername: options.serverName })
    })
    const { observer } = options
    if (observer !== undefined) socket.on("keylog", (line) => observer.keyLog(lineOf(line)))
    let staple: Uint8Array | undefined
    const onStaple = (response: Uint8Array | null): void => {
      staple = response ?? undefined
    }
    socket.once("OCSPResponse", onStaple)
    socket.once("secureConnect", () => {
      secured({ socket, ...(staple === undefined ? {} : { staple }) })
      // What the handshake needed is not kept for as long as the connection.
      socket.off("error", failed).off("OCSPResponse", onStaple)
    })
    socket.on("error", failed)
  }
}

/**
 * Handing the socket to a `tls.Server` that listens nowhere is Node's documented way to do the server's part in full; a bare
 * `TLSSocket` leaves out some of it.
 */
const beginServer = (raw: Net.Socket, options: Connection.StartTls): Begin => {
  const { identity } = options
  if (identity === undefined) throw new TypeError("no identity")
  if (isTooLarge(identity.ocspStaple)) throw new RangeError("OCSP response")
  const server = Contexts.server(options)
  return (secured, failed) => {
    // The server's socket is out of reach until it is secure, and inherits this. Not half-open, it turns an end in the
    // middle of the handshake into a failure; half-open it would wait for ever.
    raw.allowHalfOpen = false
    server.once("secureConnection", (socket) => {
      socket.allowHalfOpen = true
      secured({ socket })
      // What the handshake needed is not kept for as long as the connection.
      for (const heard of ["connection", "tlsClientError", "OCSPRequest"]) server.removeAllListeners(heard)
      server.off("error", failed).on("error", ignore)
    })
    const staple = identity.ocspStaple
    if (staple !== undefined) server.on("OCSPRequest", (_own, _issuer, answer) => answer(null, Buffer.from(staple)))
    server.on("tlsClientError", failed).on("error", failed)
    const { observer } = options
    if (observer !== undefined) server.on("keylog", (line) => observer.keyLog(lineOf(line)))
    server.emit("connection", carrierOf(raw, options))
  }
}

/** What TLS reads from and writes to. */
const carrierOf = (raw: Net.Socket, { observer, unread }: Connection.StartTls): Stream.Duplex => {
  if (observer !== undefined) return Tap.over(raw, unread, observer)
  if (unread.length > 0) raw.unshift(unread)
  return raw
}

const lineOf = (line: Buffer): string => line.toString("latin1").trimEnd()

const describe = (
  { socket, staple }: Secured,
  as: Connection.StartTls["as"]
): Effect.Effect<Upgraded, Connection.TlsError> =>
  Effect.try({
    try: () => TlsFacts.read(socket, as, staple),
    catch: (cause) => new Connection.TlsError({ detail: "what TLS agreed on could not be read", cause })
  }).pipe(
    Effect.flatMap(Result.match({
      onSuccess: (facts) => Effect.succeed({ socket, facts }),
      onFailure: (detail) => Effect.fail(new Connection.TlsError({ detail }))
    })),
    // Nobody gets this socket, and its peer believes that TLS is up.
    Effect.tapError(() => Effect.sync(() => socket.destroy()))
  )

const refusal = ({ identity }: Connection.StartTls): string => {
  if (identity === undefined) return "a TLS server must show a certificate"
  return isTooLarge(identity.ocspStaple)
    ? "our OCSP response is too large"
    : "our certificate or private key is unusable"
}

const isTooLarge = (staple: Uint8Array | undefined): boolean =>
  staple !== undefined && staple.length > Connection.ocspStapleBytesMax

const ignore = (): void => {}
const nothingWrong = (): undefined => undefined
