/**
 * The half of a listener that is the same for every network: it counts connections (LIM-01), and runs the handler of
 * each one in a fiber and a scope of its own. Where connections come from is the network's business.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import type { Connection } from "./Connection.ts"
import type { ListenOptions } from "./Transport.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Acceptor {
  /**
   * Takes the connection over, or answers `false`: there is no room, or the listener is closing. Then the caller drops
   * it unread. `address` is what connections are counted by: the host, without the port.
   */
  readonly accept: (address: string, connection: Connection) => boolean
}

/**
 * Closing the scope refuses what still comes, interrupts the handlers and waits for them. A network registers the
 * finalizer that stops listening after this one, so that it runs before. A handler that dies costs its own connection
 * and a line in the log.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*<R>(
  options: Omit<ListenOptions, "at">,
  handler: (connection: Connection) => Effect.Effect<void, never, R | Scope.Scope>
): Effect.fn.Return<Acceptor, never, Scope.Scope | Exclude<R, Scope.Scope>> {
  const run = yield* FiberSet.makeRuntime<Exclude<R, Scope.Scope>>()
  const most = options.connectionsMax ?? connectionsMax
  const mostPerAddress = options.connectionsPerAddressMax ?? connectionsPerAddressMax
  const perAddress = new Map<string, number>()
  let total = 0
  let open = true
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      open = false
    })
  )

  const leave = (address: string): void => {
    total--
    const left = (perAddress.get(address) ?? 1) - 1
    if (left === 0) perAddress.delete(address)
    else perAddress.set(address, left)
  }

  return {
    accept: (address, connection) => {
      const here = perAddress.get(address) ?? 0
      if (!open || total >= most || here >= mostPerAddress) return false
      total++
      perAddress.set(address, here + 1)
      const fiber = run(handle(connection, handler))
      fiber.addObserver(() => leave(address))
      return true
    }
  }
})

const handle = <R>(
  connection: Connection,
  handler: (connection: Connection) => Effect.Effect<void, never, R | Scope.Scope>
): Effect.Effect<void, never, Exclude<R, Scope.Scope>> =>
  Effect.scoped(Effect.suspend(() => handler(connection))).pipe(
    Effect.onExit(() => connection.drop),
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause) ? Effect.void : Effect.logError("the handler of a connection died", cause)
    ),
    Effect.annotateLogs({ peer: connection.remote })
  )

const connectionsMax = 256
const connectionsPerAddressMax = 64
