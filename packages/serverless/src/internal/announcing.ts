/** Says on the network that we are here, until the scope closes, and again when it could not be said. @internal */
import { type Announced, Discovery, type DiscoveryFailed } from "@xmpp-e2e/link-local/Discovery"
import * as Presence from "@xmpp-e2e/link-local/Presence"
import type { TxtTooLarge, TxtUnsound } from "@xmpp-e2e/link-local/Txt"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Options, Standing } from "../Serverless.ts"
import type { Self } from "./self.ts"

/** @internal */
export interface Announcing {
  readonly standing: Stream.Stream<Standing>
  readonly update: (presence: Presence.Presence) => Effect.Effect<void, TxtTooLarge | TxtUnsound | DiscoveryFailed>
}

interface Wish extends Pick<Options, "identityFor" | "isAnnounced"> {
  readonly claim?: Presence.Claim
  readonly port: number
}

/** `renamed` is told of each name that is not the one before. */
export const make = Effect.fnUntraced(function*(
  self: Self,
  wish: Wish,
  renamed: (name: string) => Effect.Effect<void>
): Effect.fn.Return<Announcing, TxtTooLarge | TxtUnsound, Discovery | Scope.Scope> {
  const { announce } = yield* Discovery
  const standing = yield* SubscriptionRef.make<Standing>({ _tag: "Unannounced" })
  const can = wish.claim === undefined ? {} : { capabilities: wish.claim }
  const txtOf = (presence: Presence.Presence) => Effect.fromResult(Presence.encode({ ...can, ...presence }, wish.port))
  let announced: Announced | undefined

  const named = Effect.fnUntraced(function*(instance: string) {
    if (instance !== self.name) {
      const identity = yield* (wish.identityFor?.(instance) ?? Effect.succeed(self.identity))
      self.name = instance
      if (identity !== undefined) self.identity = identity
      yield* renamed(instance)
    }
    yield* SubscriptionRef.set(standing, { _tag: "Announced", instance })
  })

  const standUp = Effect.gen(function*() {
    announced = yield* announce({ instance: self.name, port: wish.port, txt: yield* txtOf(self.presence) })
    yield* Stream.runForEach(announced.instances, named)
  }).pipe(
    Effect.scoped,
    Effect.ensuring(Effect.sync(() => {
      announced = undefined
    })),
    Effect.as(true),
    Effect.catchTag(
      "DiscoveryFailed",
      (failure) =>
        Effect.as(SubscriptionRef.set(standing, { _tag: "Unannounced", failure }), mayPass.has(failure.reason))
    )
  )

  yield* txtOf(self.presence)
  if (wish.isAnnounced ?? true) {
    yield* Effect.forkScoped(
      Effect.repeat(Effect.orDie(standUp), {
        schedule: Schedule.spaced("2 seconds"),
        while: (isWorthwhile) => isWorthwhile
      })
    )
  }
  return {
    standing: SubscriptionRef.changes(standing),
    update: Effect.fnUntraced(function*(presence) {
      const txt = yield* txtOf(presence)
      self.presence = presence
      if (announced !== undefined) yield* announced.update(txt)
    })
  }
})

/** A network may come, and so may a port. A name that nobody can have is no better in two seconds. */
const mayPass: ReadonlySet<DiscoveryFailed["reason"]> = new Set(["noInterface", "unopenable", "noAnswer"])
