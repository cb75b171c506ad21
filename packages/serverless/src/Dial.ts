/**
 * From a name on this network to a connection (LL-15, LL-27): asked for at the moment, tried in the order of the addresses.
 *
 * @since 0.1.0
 */
import { Discovery } from "@xmpp-e2e/link-local/Discovery"
import type { DiscoveryFailed } from "@xmpp-e2e/link-local/Discovery"
import type { Resolved } from "@xmpp-e2e/link-local/DiscoveryEvent"
import * as Endpoint from "@xmpp-e2e/link-local/Endpoint"
import type * as Connection from "@xmpp-e2e/transport/Connection"
import { Transport } from "@xmpp-e2e/transport/Transport"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"

/**
 * Whoever has this name could not be reached. `detail` says of the last place that was tried why not.
 *
 * @since 0.1.0
 * @category errors
 */
export class DialFailed extends Data.TaggedError("DialFailed")<{
  readonly instance: string
  readonly detail: string
  readonly cause?: DiscoveryFailed | Connection.TransportError
}> {
  override get message(): string {
    return `${this.instance} was not reached on this network: ${this.detail}`
  }
}

/**
 * `resolved` is what was announced; nothing of it is proved.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reached {
  readonly connection: Connection.Connection
  readonly resolved: Resolved
}

/**
 * A connection to whoever has that instance name at this moment. An address that nobody answers at for five seconds does not
 * keep the others from being tried.
 *
 * @since 0.1.0
 * @category constructors
 */
export const dial = Effect.fnUntraced(function*(
  instance: string
): Effect.fn.Return<Reached, DialFailed, Discovery | Transport | Scope.Scope> {
  const { resolve } = yield* Discovery
  const resolved = yield* Effect.mapError(
    resolve(instance),
    (cause) => new DialFailed({ instance, detail: cause.message, cause })
  )
  return { connection: yield* inTurn(instance, placesOf(resolved)), resolved }
})

/**
 * A connection to the first of these places that takes one; each has five seconds. `DialFailed` tells of the last, under
 * this name.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inTurn = Effect.fnUntraced(function*(
  instance: string,
  places: ReadonlyArray<Connection.Endpoint>
): Effect.fn.Return<Connection.Connection, DialFailed, Transport | Scope.Scope> {
  const { dial } = yield* Transport
  let last = new DialFailed({ instance, detail: "it has announced no address that can be dialled" })
  for (const at of places) {
    const tried = yield* Effect.result(Effect.timeoutOption(dial(at), placeMillis))
    if (tried._tag === "Failure") {
      last = new DialFailed({ instance, detail: tried.failure.detail, cause: tried.failure })
    } else if (Option.isSome(tried.success)) return tried.success.value
    else last = new DialFailed({ instance, detail: `${at.host} does not answer` })
  }
  return yield* last
})

/**
 * Host and port as SRV has them (LL-10), at the addresses of the moment (LL-19), those of scope link first.
 *
 * @since 0.1.0
 * @category getters
 */
export const placesOf = ({ addresses, host, port }: Resolved): ReadonlyArray<Connection.Endpoint> =>
  Endpoint.inOrder(addresses.flatMap((text) => {
    const via = text.split("%")[1] ?? ""
    const read = Endpoint.read(text, via)
    // An address of scope link says nothing without its zone.
    return read === undefined || (read.reach === "link" && via === "") ? [] : [{ via, host, port, ...read }]
  })).map(({ address, port }) => ({ host: address, port }))

const placeMillis = 5000
