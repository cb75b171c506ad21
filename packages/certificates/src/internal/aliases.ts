/**
 * JIDs that discovery claims for a link-local instance. They may widen the names by which the instance is known to an
 * authority (CERT-09), unless something is pinned to it (CERT-10).
 *
 * @internal
 */
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Combine from "../Combine.ts"
import type { Peer } from "../Peer.ts"
import type { PinStoreError } from "../PinStore.ts"
import type * as TrustModel from "../TrustModel.ts"

/** The peer with its aliases, as far as they count. */
export const widen = Effect.fnUntraced(function*(
  peer: Peer,
  claimed: ReadonlyArray<string>,
  combination: TrustModel.Combination,
  lookup: Combine.Lookup
): Effect.fn.Return<Peer, PinStoreError> {
  const aliases = claimed.flatMap((each) => jid(each) ?? [])
  if (aliases.length === 0 || peer.naming !== "linkLocal" || peer.wanted === undefined) return peer
  for (const single of Combine.singles(combination)) {
    const { hasPin } = lookup(single)
    if (hasPin !== undefined && (yield* hasPin(peer))) return peer
  }
  return { ...peer, aliases }
})

/** CERT-05: whoever has an instance is no service. */
const jid = (text: string): string | undefined => {
  const address = Address.parse(text, "jid")
  return address === undefined || Address.isService(address) ? undefined : Address.format(Address.bare(address))
}
