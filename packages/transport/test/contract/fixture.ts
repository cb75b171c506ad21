/** Two connected ends over any network, and small helpers to read from them. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Connection, StartTls, TlsError, TlsFacts, TlsIdentity, TransportError } from "../../src/Connection.ts"
import { Transport } from "../../src/Transport.ts"

/** An identity, and what a peer should see of it. */
export interface Shown {
  readonly identity: TlsIdentity
  /** DER, end entity first. */
  readonly chain: ReadonlyArray<Uint8Array>
}

export interface Identities {
  readonly initiator: Shown
  readonly recipient: Shown
  /** A chain of three certificates. */
  readonly chained: Shown
}

export interface Both {
  readonly near: Connection
  readonly far: Connection
}

/** A listener on loopback and one connection to it; both ends live until the scope closes. */
export const connect: Effect.Effect<Both, TransportError, Transport | Scope.Scope> = Effect.gen(function*() {
  const transport = yield* Transport
  const accepted = yield* Deferred.make<Connection>()
  const listener = yield* transport.listen(
    { at: { host: "127.0.0.1", port: 0 } },
    (connection) => Effect.andThen(Deferred.succeed(accepted, connection), Effect.never)
  )
  const near = yield* transport.dial(listener.at)
  return { near, far: yield* Deferred.await(accepted) }
})

export const startBoth = (
  { near, far }: Both,
  identities: Identities,
  more: { readonly client?: Partial<StartTls>; readonly server?: Partial<StartTls> } = {}
): Effect.Effect<{ readonly client: TlsFacts; readonly server: TlsFacts }, TlsError> =>
  Effect.all({
    client: near.startTls({ as: "client", unread: nothing, identity: identities.initiator.identity, ...more.client }),
    server: far.startTls({ as: "server", unread: nothing, identity: identities.recipient.identity, ...more.server })
  }, { concurrency: "unbounded" })

/** Reads until `count` bytes are there; ends earlier if the peer does. */
export const readCount = Effect.fnUntraced(function*(
  connection: Connection,
  count: number
): Effect.fn.Return<Uint8Array, TransportError> {
  const chunks: Array<Uint8Array> = []
  let size = 0
  while (size < count) {
    const chunk = yield* connection.read
    if (Option.isNone(chunk)) break
    chunks.push(chunk.value)
    size += chunk.value.length
  }
  return Buffer.concat(chunks)
})

export const readText = (connection: Connection, count: number): Effect.Effect<string, TransportError> =>
  Effect.map(readCount(connection, count), (bytes) => Buffer.from(bytes).toString())

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Bytes that show a loss, a swap or a repetition. */
export const pattern = (count: number): Uint8Array => {
  const out = new Uint8Array(count)
  let state = 1
  for (let index = 0; index < count; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    out[index] = state >>> 24
  }
  return out
}

export const nothing = new Uint8Array(0)
/** Whatever takes longer hangs. */
export const soon = "5 seconds"
/** Long enough for loopback to bring whatever is on its way. */
export const aMoment = "50 millis"
