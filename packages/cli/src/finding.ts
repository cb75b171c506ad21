/** Where somebody listens who announces himself on this network (LL-27): asked now, tried in the order of his addresses. */
import { Discovery, Endpoint } from "@xmpp-e2e/link-local"
import type { DiscoveryEvent } from "@xmpp-e2e/link-local"
import { Address } from "@xmpp-e2e/protocol"
import { Transport } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { CommandFailed, exitCodes } from "./exit.ts"

/** A connection to whoever has that name, or a sentence on why there is none. */
export const dial = Effect.fnUntraced(function*(to: string, naming: Address.Naming) {
  const instance = Address.bareText(to, naming) ?? to
  const { resolve } = yield* Discovery.Discovery
  const found = yield* Effect.mapError(resolve(instance), ({ message }) => nobody(to, message))
  const places = placesOf(found)
  const { dial } = yield* Transport.Transport
  let last = "it has announced no address that can be dialled"
  for (const at of places) {
    // One address that nobody answers at must not keep the others from being tried.
    const connection = yield* Effect.result(Effect.timeoutOption(dial(at), placeMillis))
    if (connection._tag === "Failure") last = connection.failure.detail
    else if (Option.isSome(connection.success)) return connection.success.value
    else last = `${at.host} does not answer`
  }
  return yield* nobody(to, last)
})

/** LL-10: host and port of SRV; LL-19: addresses of the moment, those of scope link first. */
export const placesOf = (
  { addresses, host, port }: DiscoveryEvent.Resolved
): ReadonlyArray<{ readonly host: string; readonly port: number }> =>
  Endpoint.inOrder(addresses.flatMap((text) => {
    const via = text.split("%")[1] ?? ""
    const read = Endpoint.read(text, via)
    // An address of scope link says nothing without its zone.
    return read === undefined || (read.reach === "link" && via === "") ? [] : [{ via, host, port, ...read }]
  })).map(({ address, port }) => ({ host: address, port }))

const nobody = (to: string, why: string): CommandFailed =>
  new CommandFailed({
    code: exitCodes.failed,
    sentence:
      `${to} was not found on this network: ${why}. \`xmpp-e2e discover\` shows who is there; --host and --port name a place`
  })

const placeMillis = 5000
