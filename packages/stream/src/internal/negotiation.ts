/**
 * From a connection to a negotiated stream, in a scope of its own: what fails or is interrupted on the way leaves nothing
 * behind, and what succeeds closes in order.
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type { Config } from "@xmpp-e2e/protocol"
import type { Connection } from "@xmpp-e2e/transport/Connection"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Driver from "../Driver.ts"
import type { E2eStream, OverOptions } from "../E2eStream.ts"
import type { ConfigInvalid, StreamFailed } from "../Failure.ts"
import * as Options from "../Options.ts"
import * as closing from "./closing.ts"
import * as handles from "./handle.ts"

export const run = Effect.fnUntraced(function*(
  options: OverOptions,
  acquire: Effect.Effect<Connection, StreamFailed, Scope.Scope>,
  made?: Config.Config
): Effect.fn.Return<E2eStream, StreamFailed | ConfigInvalid, PeerJudge | Scope.Scope> {
  const config = made ?? (yield* Options.toConfig(options.role, options, options.to))
  const outer = yield* Effect.scope
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.gen(function*() {
      const scope = yield* Scope.fork(outer)
      const negotiated = Effect.gen(function*() {
        const connection = yield* restore(acquire)
        yield* Effect.addFinalizer(() => connection.drop)
        const handed = yield* Deferred.make<E2eStream>()
        const driver = yield* Driver.make(setupOf(connection, config, options, Deferred.await(handed)))
        yield* Effect.addFinalizer(
          closing.inOrder(driver, config.timeouts, options.interruptMillis ?? defaultInterruptMillis)
        )
        const stream = handles.make(driver, config, yield* restore(driver.opened), options.identity)
        yield* Deferred.succeed(handed, stream)
        return stream
      })
      return yield* negotiated.pipe(
        Scope.provide(scope),
        Effect.onExit((exit) => Exit.isFailure(exit) ? Scope.close(scope, exit) : Effect.void)
      )
    })
  )
})

const setupOf = (
  connection: Connection,
  config: Driver.Setup["config"],
  { handlers, handlersMax, identity, peerAliases, replyMillis, stanzasMax }: OverOptions,
  stream: Effect.Effect<E2eStream>
): Driver.Setup => ({
  connection,
  config,
  // A request may come before whoever opened the stream has it in hand.
  handlers: (handlers ?? []).map((handler) => ({
    ...handler,
    handle: (iq, from) => Effect.flatMap(stream, (opened) => handler.handle(iq, from, opened))
  })),
  router: {
    ...(handlersMax === undefined ? {} : { handlersMax }),
    ...(replyMillis === undefined ? {} : { replyMillis })
  },
  stanzasMax: stanzasMax ?? 1024,
  ...(peerAliases === undefined ? {} : { peerAliases }),
  ...(identity === undefined ? {} : { identity })
})

const defaultInterruptMillis = 2500
