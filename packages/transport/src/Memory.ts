/**
 * A network in memory, for tests, examples and benches: dialling, refusal, back-pressure, half-close, reset and TLS
 * behave as over TCP, without clock, randomness or sockets. What it leaves out is the cryptography: `startTls` is a model
 * that exchanges recognisable records and delivers the certificates that were shown.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Acceptor from "./Acceptor.ts"
import { type Connection, type Endpoint, TransportError } from "./Connection.ts"
import * as Address from "./Endpoint.ts"
import * as MemoryConnection from "./internal/memory-connection.ts"
import * as Pipe from "./internal/pipe.ts"
import { type Listener, Transport } from "./Transport.ts"

/**
 * How bytes travel.
 *
 * @since 0.1.0
 * @category models
 */
export interface Link {
  /** Bytes on their way in one direction before `write` waits; default 65,536. */
  readonly bufferBytesMax?: number
  /**
   * How many of the `available` bytes one read gets, 1 to `available`; anything else means all, and so does leaving it
   * out. Called once for each read that gets something, in the order of those reads.
   */
  readonly chunk?: (available: number) => number
}

/**
 * A network of its own, in which reads get all there is.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Transport> = Layer.sync(Transport, () => make({}))

/**
 * @since 0.1.0
 * @category layers
 */
export const layerWith = (link: Link): Layer.Layer<Transport> => Layer.sync(Transport, () => make(link))

/**
 * Two ends of one connection, without a network.
 *
 * @since 0.1.0
 * @category constructors
 */
export const pair = (link: Link = {}): Effect.Effect<readonly [left: Connection, right: Connection]> =>
  Effect.sync(() => join(link, 0, ["left:1", "right:2"]))

/**
 * Chunks of `least` to `most` bytes, drawn from `seed`: the same seed and the same reads give the same cuts. For
 * `Link.chunk`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const chunks = (
  { least, most, seed }: { readonly least: number; readonly most: number; readonly seed: number }
): (available: number) => number => {
  let state = seed | 0
  return (available) => {
    // The `mulberry32` generator: 32 bits of state, good enough to cut bytes with.
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    const drawn = (mixed ^ (mixed >>> 14)) >>> 0
    return Math.min(available, least + drawn % (most - least + 1))
  }
}

const make = (link: Link): Transport["Service"] => {
  const listeners = new Map<string, (near: Endpoint) => Connection>()
  let lastPort = firstPort - 1
  let connections = 0

  const dial = (to: Endpoint): Effect.Effect<Connection, TransportError> =>
    Effect.suspend(() => {
      const accept = listeners.get(Address.format(to)) ??
        anyHost.map((host) => listeners.get(Address.format({ host, port: to.port }))).find((found) =>
          found !== undefined
        )
      return accept === undefined
        ? Effect.fail(new TransportError({ op: "dial", detail: `connection refused by ${Address.format(to)}` }))
        : Effect.sync(() => accept({ host: to.host, port: ++lastPort }))
    })

  const bind = (at: Endpoint): Effect.Effect<Endpoint, TransportError> =>
    Effect.suspend(() => {
      const bound = at.port === 0 ? { host: at.host, port: ++lastPort } : at
      return listeners.has(Address.format(bound))
        ? Effect.fail(new TransportError({ op: "listen", detail: `${Address.format(bound)} is already in use` }))
        : Effect.succeed(bound)
    })

  return {
    dial: (to) => Effect.acquireRelease(dial(to), (connection) => connection.drop),
    listen: Effect.fnUntraced(function*(options, handler) {
      const at = yield* bind(options.at)
      const acceptor = yield* Acceptor.make(options, handler)
      const accept = (from: Endpoint): Connection => {
        const [near, far] = join(link, ++connections, [Address.format(from), Address.format(at)])
        if (!acceptor.accept(Address.plainHost(from.host), far)) Effect.runSync(far.drop)
        return near
      }
      yield* Effect.acquireRelease(
        Effect.sync(() => listeners.set(Address.format(at), accept)),
        () => Effect.sync(() => listeners.delete(Address.format(at)))
      )
      return { at } satisfies Listener
    })
  }
}

/** The ends are called by their own names, so each sees the other's. */
const join = (
  link: Link,
  number: number,
  [left, right]: readonly [left: string, right: string]
): readonly [left: Connection, right: Connection] => {
  const there = Pipe.make(link.bufferBytesMax ?? bufferBytesMax)
  const back = Pipe.make(link.bufferBytesMax ?? bufferBytesMax)
  const chunk = link.chunk ?? ((available: number) => available)
  return [
    MemoryConnection.make({ remote: right, number, inbound: back, outbound: there, chunk }),
    MemoryConnection.make({ remote: left, number, inbound: there, outbound: back, chunk })
  ]
}

const anyHost = ["0.0.0.0", "::"]
const firstPort = 49_152
const bufferBytesMax = 65_536
