/** Writes down that a person has made sure of a peer. @internal */
import type * as Pin from "@xmpp-e2e/certificates/Pin"
import type { PinStore, PinStoreError } from "@xmpp-e2e/certificates/PinStore"
import type { Address } from "@xmpp-e2e/protocol"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Seen } from "./seen.ts"

/** The pin as it is kept. How the certificate first came to be believed stays as it was (CERT-88). @internal */
export const pinVerified = Effect.fnUntraced(function*(
  { hashes, peer }: Seen,
  naming: Address.Naming,
  store: PinStore["Service"]
): Effect.fn.Return<Pin.Pin, PinStoreError> {
  const now = DateTime.formatIso(yield* DateTime.now).replace(/\.\d+Z$/, "Z")
  const kept = yield* store.find({ address: peer, naming })
  const before = kept.find(({ certificate }) => certificate === hashes.certificate)
  const pin: Pin.Pin = {
    ...before ?? { address: peer, naming, ...hashes, firstSeen: now, how: "manual" },
    verified: { when: now, how: "shortString" }
  }
  yield* store.remember(pin)
  return before?.verified === undefined ? pin : before
})
