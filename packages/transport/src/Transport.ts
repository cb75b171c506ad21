/**
 * Where connections come from. Real and in-memory networks are layers of this service.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Connection, Endpoint, TransportError } from "./Connection.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class Transport extends Context.Service<Transport, {
  /** Closing the scope drops the connection if it is still there. Interruption cancels a hanging attempt. */
  readonly dial: (to: Endpoint) => Effect.Effect<Connection, TransportError, Scope.Scope>
  /**
   * Accepts until the scope closes. Each connection is handled in a fiber and a scope of its own, which drops it at the
   * end. Closing the scope stops accepting first, then interrupts the handlers and waits for them.
   */
  readonly listen: <R>(
    options: ListenOptions,
    handler: (connection: Connection) => Effect.Effect<void, never, R | Scope.Scope>
  ) => Effect.Effect<Listener, TransportError, Scope.Scope | Exclude<R, Scope.Scope>>
}>()("@xmpp-e2e/transport/Transport") {}

/**
 * LIM-01: a listener bounds what strangers may take.
 *
 * @since 0.1.0
 * @category models
 */
export interface ListenOptions {
  readonly at: Endpoint
  /** Connections at once, default 256; more are dropped unread. */
  readonly connectionsMax?: number
  /** Connections at once from one address, default 64; more are dropped unread. */
  readonly connectionsPerAddressMax?: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Listener {
  /** The address really bound: port 0 is replaced. */
  readonly at: Endpoint
}
