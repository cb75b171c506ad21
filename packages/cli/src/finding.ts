/** From what somebody calls a person to the name of an entity on this network. */
import { Address } from "@xmpp-e2e/protocol"
import type { Serverless } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

type Network = Pick<Serverless.Serverless, "changes" | "find">

/** Somebody who is here, or a whole name: that one need not be seen. */
export const named = ({ find }: Network, who: string): Effect.Effect<string | undefined> =>
  Effect.map(
    find(who),
    (entity) => entity?.instance ?? (who.includes("@") ? Address.bareText(who, "linkLocal") : undefined)
  )

/** Somebody who is here, or comes within a few seconds. */
export const appearing = (network: Network, who: string): Effect.Effect<string | undefined> =>
  Effect.flatMap(
    named(network, who),
    (found) => found === undefined ? awaited(network, who) : Effect.succeed(found)
  )

const awaited = (network: Network, who: string): Effect.Effect<string | undefined> =>
  network.changes.pipe(
    Stream.mapEffect(() => named(network, who)),
    Stream.filter((each) => each !== undefined),
    Stream.runHead,
    Effect.timeoutOption("5 seconds"),
    Effect.map((found) => Option.getOrUndefined(Option.flatten(found)))
  )
