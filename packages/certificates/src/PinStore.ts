/**
 * Where pins are kept. The layer here keeps them in memory; one that keeps them in files belongs to a package that knows
 * files.
 *
 * A store decides nothing but who came first, because it alone can: it may be shared with other processes. It may hold
 * several pins for one address.
 *
 * @since 0.1.0
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Pin from "./Pin.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class PinStore extends Context.Service<PinStore, {
  /** Every pin of an address. The address is bare and prepared; pins of the other naming do not count (JID-10). */
  readonly find: (
    query: { readonly address: string; readonly naming: Address.Naming }
  ) => Effect.Effect<ReadonlyArray<Pin.Pin>, PinStoreError>
  /** Every pin, of whatever address, whose certificate or key has this SHA-256: 64 lower-case hex digits. */
  readonly findByFingerprint: (fingerprint: string) => Effect.Effect<ReadonlyArray<Pin.Pin>, PinStoreError>
  /**
   * Adds a pin; it is durable when the effect succeeds. Other pins of the address stay (CERT-85: nothing is replaced
   * silently). A pin with the same address, naming and certificate as one that is there only confirms a
   * first use (CERT-88), or marks it as verified.
   */
  readonly remember: (pin: Pin.Pin) => Effect.Effect<void, PinStoreError>
  /**
   * Adds these pins unless one of their addresses belongs to another certificate (`Pin.conflicts`): all of them, or none.
   * Gives the pins that stand in the way; an empty list says that all were added. Nobody changes the store between the
   * look and the writing, so of two strangers who claim an address at once only one gets it (CERT-85, CERT-88).
   */
  readonly rememberFirst: (
    pins: ReadonlyArray<Pin.Pin>,
    by: Pin.Comparison
  ) => Effect.Effect<ReadonlyArray<Pin.Pin>, PinStoreError>
  /** Every pin, the oldest first: for people who look through them. */
  readonly all: Effect.Effect<ReadonlyArray<Pin.Pin>, PinStoreError>
  /**
   * Removes pins, durably, and gives those that were there; an empty list says that there was none. Afterwards whoever comes
   * next is the first at that address (CERT-85): only a person who has compared fingerprints decides that.
   */
  readonly forget: (which: Pin.Selection) => Effect.Effect<ReadonlyArray<Pin.Pin>, PinStoreError>
}>()("@xmpp-e2e/certificates/PinStore") {}

/**
 * The store could not answer. A judgement that needs it is then `internal`, a refusal.
 *
 * - `unreadable`: the pins cannot be read, or what was read is no pin
 * - `unwritable`: a pin could not be kept, or not be removed
 *
 * @since 0.1.0
 * @category errors
 */
export class PinStoreError extends Data.TaggedError("PinStoreError")<{
  readonly reason: "unreadable" | "unwritable"
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return `the store of pins is ${this.reason}: ${this.detail}`
  }
}

/**
 * Pins live as long as the layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerMemory = (pins: ReadonlyArray<Pin.Pin> = []): Layer.Layer<PinStore> =>
  Layer.sync(PinStore, () => {
    let kept = pins
    return {
      find: ({ address, naming }) =>
        Effect.sync(() => kept.filter((each) => each.address === address && each.naming === naming)),
      findByFingerprint: (fingerprint) =>
        Effect.sync(() => kept.filter((each) => each.certificate === fingerprint || each.key === fingerprint)),
      remember: (pin) =>
        Effect.sync(() => {
          kept = Pin.add(kept, [pin])
        }),
      rememberFirst: (pins, by) =>
        Effect.sync(() => {
          const taken = Pin.conflicts(kept, pins, by)
          if (taken.length === 0) kept = Pin.add(kept, pins)
          return taken
        }),
      all: Effect.sync(() => kept),
      forget: (which) =>
        Effect.sync(() => {
          const gone = kept.filter((each) => Pin.isSelected(each, which))
          kept = kept.filter((each) => !Pin.isSelected(each, which))
          return gone
        })
    }
  })
