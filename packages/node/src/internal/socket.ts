/**
 * A `Connection` over a `net.Socket`. The socket is read in paused mode, and only while a read waits: bytes stay in Node's
 * buffer (64 KiB at most), then in the system's, then with the peer.
 */
import { Connection, Endpoint } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Net from "node:net"
import * as NodeTls from "../NodeTls.ts"
import * as Sentences from "./sentences.ts"

/**
 * Takes `raw` over: connected, half-open capable, not flowing, never given an encoding. `peer` is its name if the system
 * no longer knows.
 *
 * @internal
 */
export const make = (raw: Net.Socket, peer: Connection.Endpoint): Connection.Connection => {
  const wire = makeWire(raw, peer)
  return {
    remote: wire.remote,
    read: read(wire),
    readThen: (done) => readThen(wire, done),
    write: (bytes) => write(wire, bytes),
    writeNow: (bytes) => writeNow(wire, bytes),
    startTls: (options) => startTls(wire, options),
    end: end(wire),
    drop: Effect.sync(() => drop(wire))
  }
}

interface Wire {
  readonly remote: string
  readonly raw: Net.Socket
  /** `raw`, later the TLS socket on top of it. */
  socket: Net.Socket
  /** Takes our listeners off `socket`. */
  detach: () => void
  mode: "plain" | "upgrading" | "tls" | "gone"
  /** TLS is on and has brought nothing yet. */
  early: boolean
  ended: boolean
  peerEnded: boolean
  /** Why nothing more can be read or written. */
  fault: Fault | undefined
  reader: ((result: Read) => void) | undefined
  /** Those who wait for room. */
  writers: Set<() => void> | undefined
}

interface Fault {
  readonly detail: string
  readonly cause?: unknown
}

type Read = Exit.Exit<Option.Option<Uint8Array>, Connection.TransportError>
type Written = Effect.Effect<void, Connection.TransportError>

const makeWire = (raw: Net.Socket, peer: Connection.Endpoint): Wire => {
  const wire: Wire = {
    remote: Endpoint.format({ host: raw.remoteAddress ?? peer.host, port: raw.remotePort ?? peer.port }),
    raw,
    socket: raw,
    detach: ignore,
    mode: "plain",
    early: false,
    ended: false,
    peerEnded: false,
    fault: undefined,
    reader: undefined,
    writers: undefined
  }
  // An error that comes after everything is over must not become an uncaught exception.
  raw.on("error", ignore)
  attach(wire, raw)
  return wire
}

const attach = (wire: Wire, socket: Net.Socket): void => {
  const onReadable = (): void => deliver(wire)
  const onEnd = (): void => {
    wire.peerEnded = true
    deliver(wire)
  }
  const onError = (cause: Error): void => fail(wire, cause)
  const onClose = (): void => breakOff(wire, { detail: `the connection with ${wire.remote} is closed` })
  const onDrain = (): void => release(wire)
  socket.on("readable", onReadable).on("end", onEnd).on("error", onError).on("close", onClose).on("drain", onDrain)
  wire.socket = socket
  wire.detach = () => {
    socket.off("readable", onReadable).off("end", onEnd).off("error", onError).off("close", onClose).off(
      "drain",
      onDrain
    )
  }
  // What happened before anybody listened.
  if (socket.readableEnded) wire.peerEnded = true
  if (socket.errored !== null) fail(wire, socket.errored)
  else if (socket.destroyed) onClose()
}

const fail = (wire: Wire, cause: Error): void => {
  // After our own end, a peer that just goes away is how connections end (END-10).
  if (wire.ended && Sentences.isGone(cause)) wire.peerEnded = true
  breakOff(wire, { detail: Sentences.transporting(cause, wire.remote, wire.early), cause })
  // Node leaves a socket open on which TLS has failed.
  if (!wire.raw.destroyed) wire.socket.destroy()
}

/** The first fault is the one that tells. */
const breakOff = (wire: Wire, fault: Fault): void => {
  wire.fault ??= fault
  deliver(wire)
  release(wire)
}

const read = (wire: Wire): Connection.Connection["read"] =>
  Effect.callback((resume) => {
    const stop = readThen(wire, resume)
    return Effect.sync(stop)
  })

const readThen = (wire: Wire, done: (read: Read) => void): () => void => {
  if (wire.reader !== undefined) {
    done(Exit.fail(new Connection.TransportError({ op: "read", detail: "another read is already waiting" })))
    return () => {}
  }
  wire.reader = done
  deliver(wire)
  return () => {
    if (wire.reader === done) wire.reader = undefined
  }
}

/** Bytes leave Node's buffer only into the hands of somebody who waits, so an interrupted read loses none. */
const deliver = (wire: Wire): void => {
  const resume = wire.reader
  if (resume === undefined || wire.mode === "upgrading") return
  const answer = next(wire)
  if (answer === undefined) return
  wire.reader = undefined
  resume(answer)
}

const next = (wire: Wire): Read | undefined => {
  if (wire.peerEnded) return none
  const chunk: Uint8Array | null = wire.mode === "gone" ? null : wire.socket.read()
  if (chunk !== null) {
    wire.early = false
    return Exit.succeed(Option.some(fitting(chunk)))
  }
  return wire.fault && Exit.fail(new Connection.TransportError({ op: "read", ...wire.fault }))
}

/** Node reads into 64 KiB, and whoever keeps a few bytes of them keeps them all: an idle stream would. */
const fitting = (chunk: Uint8Array): Uint8Array =>
  chunk.length <= smallMax && chunk.buffer.byteLength > 2 * chunk.length ? new Uint8Array(chunk) : chunk

const write = (wire: Wire, bytes: Uint8Array): Written =>
  Effect.suspend(() => {
    const refusal = unwritable(wire)
    if (refusal !== undefined) return Effect.fail(new Connection.TransportError({ op: "write", ...refusal }))
    return wire.socket.write(bytes) ? Effect.void : awaitRoom(wire)
  })

/** What Node takes beyond its high-water mark is taken all the same; whoever comes next waits. */
const writeNow = (wire: Wire, bytes: Uint8Array): boolean => {
  if (unwritable(wire) !== undefined || wire.socket.writableNeedDrain) return false
  wire.socket.write(bytes)
  return true
}

/** The bytes are Node's by now: interrupting the wait takes none of them back. */
const awaitRoom = (wire: Wire): Written =>
  Effect.callback((resume) => {
    const check = (): void => {
      wire.writers?.delete(check)
      resume(wire.fault ? Effect.fail(new Connection.TransportError({ op: "write", ...wire.fault })) : Effect.void)
    }
    const writers = wire.writers ??= new Set()
    writers.add(check)
    return Effect.sync(() => {
      writers.delete(check)
    })
  })

const release = (wire: Wire): void => {
  if (wire.writers === undefined || wire.writers.size === 0) return
  for (const check of Array.from(wire.writers)) check()
}

const unwritable = (wire: Wire): Fault | undefined => {
  if (wire.fault !== undefined) return wire.fault
  if (wire.ended) return { detail: `the own direction to ${wire.remote} has ended` }
  return wire.mode === "upgrading" ? { detail: `TLS with ${wire.remote} is still being agreed on` } : undefined
}

const startTls = (
  wire: Wire,
  options: Connection.StartTls
): Effect.Effect<Connection.TlsFacts, Connection.TlsError> =>
  Effect.suspend(() => {
    const refusal = notUpgradable(wire)
    if (refusal !== undefined) {
      drop(wire)
      return Effect.fail(new Connection.TlsError({ detail: refusal }))
    }
    wire.mode = "upgrading"
    wire.detach()
    return NodeTls.upgrade(wire.raw, options, wire.remote).pipe(
      Effect.map(({ socket, facts }) => {
        wire.mode = "tls"
        wire.early = true
        attach(wire, socket)
        release(wire)
        return facts
      }),
      // A drop from elsewhere is the better explanation.
      Effect.mapError((error) => wire.fault === undefined ? error : new Connection.TlsError(wire.fault)),
      Effect.tapError((error) => Effect.sync(() => leave(wire, error))),
      Effect.onInterrupt(() => Effect.sync(() => drop(wire)))
    )
  })

const notUpgradable = (wire: Wire): string | undefined => {
  if (wire.reader !== undefined) return "TLS cannot begin while a read is waiting"
  if (wire.fault !== undefined) return wire.fault.detail
  if (wire.mode !== "plain") return "TLS was begun before"
  if (wire.peerEnded) return Sentences.ended(wire.remote)
  return wire.ended ? `the own direction to ${wire.remote} has ended` : undefined
}

const end = (wire: Wire): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (wire.fault !== undefined) return Effect.void
    // There is no order to end in while TLS is being agreed on (END-14).
    if (wire.mode === "upgrading") return Effect.sync(() => drop(wire))
    if (!wire.ended) {
      wire.ended = true
      wire.socket.end()
    }
    // What waits here is still sent later; only a peer that takes nothing must not hold its own end up.
    return Effect.asVoid(Effect.timeoutOption(flushed(wire.socket), flushGrace))
  })

const flushed = (socket: Net.Socket): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (socket.writableFinished || socket.destroyed) return resume(Effect.void)
    const detach = (): void => {
      socket.off("finish", done).off("close", done)
    }
    const done = (): void => {
      detach()
      resume(Effect.void)
    }
    socket.on("finish", done).on("close", done)
    return Effect.sync(detach)
  })

const drop = (wire: Wire): void => {
  if (wire.mode === "gone") return
  // Without an end of ours before it, the peer must not take this for one: a reset says so. After an end, the system still
  // brings what was written.
  if (!wire.ended && !wire.raw.destroyed) wire.raw.resetAndDestroy()
  leave(wire, { detail: `the connection with ${wire.remote} was dropped` })
}

const leave = (wire: Wire, fault: Fault): void => {
  wire.mode = "gone"
  // Never both: destroying the TLS socket once the raw one is on its way out frees OpenSSL's state at once, and crashes the
  // process if OpenSSL is further up on the stack (seen with Node 26.10). Each takes the other along in its own time.
  if (!wire.raw.destroyed) wire.socket.destroy()
  breakOff(wire, { detail: fault.detail, cause: fault.cause })
}

const none = Exit.succeed(Option.none<Uint8Array>())
const ignore = (): void => {}
const flushGrace = "1 second"
const smallMax = 4096
