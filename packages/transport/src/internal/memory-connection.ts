/** One end of an in-memory connection: a pipe to read, a pipe to write, and the TLS model between. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type Connection, type StartTls, TlsError, type TlsFacts, TransportError } from "../Connection.ts"
import * as Bytes from "./bytes.ts"
import * as Handshake from "./handshake.ts"
import type { Pipe } from "./pipe.ts"
import * as Records from "./records.ts"

/** @internal */
export interface Options {
  readonly remote: string
  readonly number: number
  readonly inbound: Pipe
  readonly outbound: Pipe
  readonly chunk: (available: number) => number
}

/** @internal */
export const make = (options: Options): Connection => {
  const end = makeEnd(options)
  return {
    remote: options.remote,
    read: read(end),
    write: (bytes) => write(end, bytes),
    startTls: (tls) => startTls(end, tls),
    end: Effect.sync(() => finish(end)),
    drop: Effect.sync(() => drop(end))
  }
}

interface End extends Options {
  mode: "plain" | "upgrading" | "tls"
  /** What TLS has unpacked and nobody has read. */
  readonly clear: Bytes.Bytes
  readonly records: Records.Records
  ended: boolean
  peerEnded: boolean
  dropped: boolean
  /** Why reading cannot go on. */
  fault: string | undefined
  /** The one who waits for bytes, a read or a handshake; told of every change. */
  waiter: (() => void) | undefined
}

const makeEnd = (options: Options): End => {
  const end: End = {
    ...options,
    mode: "plain",
    clear: Bytes.make(),
    records: Records.make(),
    ended: false,
    peerEnded: false,
    dropped: false,
    fault: undefined,
    waiter: undefined
  }
  options.inbound.onReadable(() => end.waiter?.())
  return end
}

const read = (end: End): Connection["read"] =>
  Effect.suspend(() => end.waiter === undefined ? wait(end, () => pull(end)) : Effect.fail(readError(twoReads)))

/** Bytes leave the pipe only when `next` answers a fiber that is still there: an interrupted wait loses none. */
const wait = <A, E>(end: End, next: () => Effect.Effect<A, E> | undefined): Effect.Effect<A, E> =>
  Effect.callback((resume) => {
    const attempt = (): void => {
      const answer = next()
      if (answer !== undefined) {
        end.waiter = undefined
        resume(answer)
      }
      if (end.inbound.hasRoom()) end.inbound.release()
    }
    end.waiter = attempt
    attempt()
    return Effect.sync(() => {
      if (end.waiter === attempt) end.waiter = undefined
    })
  })

/** What a read gets now; `undefined`: it has to wait. */
const pull = (end: End): Connection["read"] | undefined => {
  if (end.mode === "tls" && end.clear.size() === 0) unwrap(end)
  const source = end.mode === "tls" ? end.clear : end.inbound
  if (source.size() > 0) return Effect.succeed(Option.some(source.take(cut(end.chunk, source.size()))))
  if (end.peerEnded || (end.fault === undefined && end.inbound.status() === "ended")) {
    end.peerEnded = true
    return none
  }
  if (end.dropped) return Effect.fail(readError(`the connection with ${end.remote} was dropped`))
  if (end.fault !== undefined) return Effect.fail(readError(end.fault))
  if (end.inbound.status() !== "reset") return undefined
  // After our own end, a peer that just goes away is how connections end.
  return end.ended ? none : Effect.fail(readError(`${end.remote} reset the connection`))
}

const unwrap = (end: End): void => {
  if (end.inbound.size() > 0) end.records.push(end.inbound.take(end.inbound.size()))
  while (end.fault === undefined && !end.peerEnded) {
    const record = end.records.next()
    if (record === undefined) return
    if (record === "notTls") end.fault = `${end.remote} sent bytes that are not TLS`
    else if (record.type === Records.data) end.clear.push(record.body)
    else if (record.type !== Records.alert) end.fault = `${end.remote} began another TLS handshake (TLS-27)`
    else if (Records.alertName(record.body) === "close_notify") end.peerEnded = true
    else end.fault = `${end.remote} sent the TLS alert ${Records.alertName(record.body)}`
  }
}

const write = (end: End, bytes: Uint8Array): Effect.Effect<void, TransportError> =>
  Effect.suspend(() => {
    const refusal = unwritable(end)
    if (refusal !== undefined) return Effect.fail(writeError(refusal))
    end.outbound.push(end.mode === "tls" ? Records.encodeData(bytes) : bytes)
    return awaitRoom(end)
  })

const awaitRoom = (end: End): Effect.Effect<void, TransportError> =>
  Effect.callback((resume) => {
    const check = (): void => {
      const gone = end.dropped || end.outbound.status() === "reset"
      resume(gone ? Effect.fail(writeError(unwritable(end) ?? "the connection is gone")) : Effect.void)
    }
    if (end.outbound.hasRoom()) return check()
    return Effect.sync(end.outbound.awaitRoom(check))
  })

const unwritable = (end: End): string | undefined =>
  broken(end) ?? (end.mode === "upgrading" ? `TLS with ${end.remote} is still being agreed on` : undefined)

const broken = (end: End): string | undefined => {
  if (end.dropped) return `the connection with ${end.remote} was dropped`
  if (end.outbound.status() === "reset") return `${end.remote} reset the connection`
  return end.ended ? `the own direction to ${end.remote} has ended` : undefined
}

const startTls = (end: End, options: StartTls): Effect.Effect<TlsFacts, TlsError> =>
  Effect.suspend(() => {
    const refusal = notUpgradable(end)
    if (refusal !== undefined) return abandon(end, { detail: refusal })
    end.mode = "upgrading"
    end.records.push(options.unread.slice())
    const channel: Handshake.Channel = {
      read: wait(end, () => pullHandshake(end)),
      write: (message) => Effect.sync(() => end.outbound.push(Records.encode(Records.handshake, message)))
    }
    return Handshake.run(channel, options, end.number).pipe(
      Effect.catch((failure) => abandon(end, failure)),
      Effect.tap(() =>
        Effect.sync(() => {
          end.mode = "tls"
        })
      ),
      Effect.onInterrupt(() => Effect.sync(() => drop(end)))
    )
  })

const notUpgradable = (end: End): string | undefined => {
  if (end.waiter !== undefined) return "TLS cannot begin while a read is waiting"
  if (end.mode !== "plain") return "TLS was begun before"
  return broken(end)
}

/** The alert tells the peer why; ending before dropping lets it arrive. */
const abandon = (end: End, failure: Handshake.Failure): Effect.Effect<never, TlsError> =>
  Effect.suspend(() => {
    if (failure.alert !== undefined && broken(end) === undefined) {
      end.outbound.push(Records.encodeAlert(failure.alert))
      end.outbound.end()
    }
    drop(end)
    return Effect.fail(new TlsError({ detail: failure.detail }))
  })

const pullHandshake = (end: End): Effect.Effect<Uint8Array, Handshake.Failure> | undefined => {
  if (end.inbound.size() > 0) end.records.push(end.inbound.take(end.inbound.size()))
  const record = end.records.next()
  if (record === "notTls") return Effect.fail(notTls)
  if (record?.type === Records.handshake) return Effect.succeed(record.body)
  if (record?.type === Records.alert) {
    return Effect.fail({ detail: `${end.remote} refused the TLS handshake: ${Records.alertName(record.body)}` })
  }
  if (record !== undefined) return Effect.fail(notTls)
  if (end.dropped) return Effect.fail({ detail: `the connection with ${end.remote} was dropped during the handshake` })
  if (end.inbound.status() === "open") return undefined
  const how = end.inbound.status() === "ended" ? "ended" : "reset"
  return Effect.fail({ detail: `${end.remote} ${how} the connection during the TLS handshake` })
}

const finish = (end: End): void => {
  if (end.ended || end.dropped) return
  end.ended = true
  if (end.mode === "tls") end.outbound.push(Records.encodeAlert("close_notify"))
  end.outbound.end()
}

const drop = (end: End): void => {
  if (end.dropped) return
  end.dropped = true
  end.inbound.reset()
  // What was written before an orderly end still arrives, as it does when a system closes a socket.
  if (end.outbound.status() === "open") end.outbound.reset()
  end.outbound.release()
  end.waiter?.()
}

const cut = (chunk: (available: number) => number, available: number): number => {
  const count = Math.trunc(chunk(available))
  return count >= 1 && count <= available ? count : available
}

const readError = (detail: string): TransportError => new TransportError({ op: "read", detail })
const writeError = (detail: string): TransportError => new TransportError({ op: "write", detail })

const none = Effect.succeed(Option.none<Uint8Array>())
const notTls: Handshake.Failure = {
  detail: "what arrived is not TLS (plaintext in the handshake?)",
  alert: "unexpected_message"
}
const twoReads = "another read is already waiting"
