/**
 * The network of the operating system: TCP over `node:net`, which turns to TLS in place.
 *
 * @since 0.1.0
 */
import { Acceptor, Connection, Endpoint, Transport } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as Net from "node:net"
import * as Sentences from "./internal/sentences.ts"
import * as Socket from "./internal/socket.ts"

/**
 * `dial` resolves names and tries their addresses one after another, as Node does (RFC 8305, roughly); it sets no time limit
 * of its own. `listen` binds one endpoint; `::` takes IPv4 as well where the system allows it.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Transport.Transport> = Layer.sync(Transport.Transport, () => ({ dial, listen }))

const dial = (to: Connection.Endpoint): Effect.Effect<Connection.Connection, Connection.TransportError, Scope.Scope> =>
  // Interruptible, or a connect that hangs could not be given up.
  Effect.acquireRelease(connect(to), (connection) => connection.drop, { interruptible: true })

const connect = (to: Connection.Endpoint): Effect.Effect<Connection.Connection, Connection.TransportError> =>
  Effect.callback((resume) => {
    if (!isPort(to.port)) return resume(Effect.fail(dialError(badPort, to)))
    const raw = Net.connect({ host: to.host, port: to.port, allowHalfOpen: true, noDelay: true })
    // Stays for good: an attempt that was given up may still report its failure.
    raw.on("error", (cause) => resume(Effect.fail(dialError(cause, to))))
    raw.once("connect", () => resume(Effect.succeed(Socket.make(raw, to))))
    return Effect.sync(() => void raw.destroy())
  })

const dialError = (cause: unknown, to: Connection.Endpoint): Connection.TransportError =>
  new Connection.TransportError({ op: "dial", detail: Sentences.dialing(cause, Endpoint.format(to)), cause })

const listen: Transport.Transport["Service"]["listen"] = Effect.fnUntraced(function*(options, handler) {
  const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true })
  // Finalizers run backwards: stop listening, end the handlers, and then the last socket is gone as well.
  yield* Effect.addFinalizer(() => closed(server))
  const acceptor = yield* Acceptor.make(options, handler)
  const warn = yield* FiberSet.makeRuntime<never>()
  server.on("connection", (raw) => accept(acceptor, raw, options.at))
  yield* Effect.acquireRelease(bind(server, options.at), () => Effect.sync(() => void server.close()), {
    interruptible: true
  })
  // For instance no file descriptors are left. The listener goes on when there are.
  server.on("error", (cause) => warn(Effect.logWarning("a connection could not be accepted", cause)))
  const address = server.address()
  return {
    at: typeof address === "object" && address !== null ? { host: address.address, port: address.port } : options.at
  }
})

const accept = (acceptor: Acceptor.Acceptor, raw: Net.Socket, at: Connection.Endpoint): void => {
  const connection = Socket.make(raw, at)
  // LIM-01: a reset costs us nothing afterwards, not even a port in TIME_WAIT.
  if (!acceptor.accept(Endpoint.plainHost(raw.remoteAddress ?? ""), connection)) raw.resetAndDestroy()
}

const bind = (server: Net.Server, at: Connection.Endpoint): Effect.Effect<void, Connection.TransportError> =>
  Effect.callback((resume) => {
    const onError = (cause: unknown): void => resume(Effect.fail(listenError(cause, at)))
    if (!isPort(at.port)) return onError(badPort)
    server.once("error", onError)
    server.once("listening", () => {
      server.off("error", onError)
      resume(Effect.void)
    })
    server.listen({ host: at.host, port: at.port })
    return Effect.sync(() => void server.close())
  })

const listenError = (cause: unknown, at: Connection.Endpoint): Connection.TransportError =>
  new Connection.TransportError({ op: "listen", detail: Sentences.listening(cause, Endpoint.format(at)), cause })

/** Node throws for anything else. */
const isPort = (port: number): boolean => Number.isInteger(port) && port >= 0 && port <= 65_535

const closed = (server: Net.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    // Answers once every connection is gone, and at once with an error when the server never listened.
    server.close(() => resume(Effect.void))
  })

const badPort = new RangeError("a port is a number from 0 to 65535")
