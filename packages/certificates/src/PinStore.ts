/**
 * Where pins are kept. The layer here keeps them in memory; one that keeps them in files belongs to a package that knows
 * files.
 *
 * A store never decides: it may hold several pins for one address, and `PeerJudge` reads them all before it remembers
 * another.
 *
 * @since 0.1.0
 */
import type { Address } from "@xmpp-e2e/protocol"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Pin } from "./Pin.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class PinStore extends Context.Service<PinStore, {
  /** Every pin of an address. The address is bare and prepared; pins of the other naming do not count (JID-10). */
  readonly find: (
    query: { readonly address: string; readonly naming: Address.Naming }
  ) => Effect.Effect<ReadonlyArray<Pin>, PinStoreError>
  /** Every pin, of whatever address, whose certificate or key has this SHA-256: 64 lower-case hex digits. */
  readonly findByFingerprint: (fingerprint: string) => Effect.Effect<ReadonlyArray<Pin>, PinStoreError>
  /**
   * Adds a pin; it is durable when the effect succeeds. Other pins of the address stay (CERT-85: nothing is replaced
   * silently). A pin with the same address, naming and certificate is already there: nothing changes.
   */
  readonly remember: (pin: Pin) => Effect.Effect<void, PinStoreError>
}>()("@xmpp-e2e/certificates/PinStore") {}

/**
 * The store could not answer. A judgement that needs it is then `internal`, a refusal.
 *
 * - `unreadable`: the pins cannot be read, or what was read is no pin
 * - `unwritable`: a pin could not be kept
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
export const layerMemory = (pins: ReadonlyArray<Pin> = []): Layer.Layer<PinStore> =>
  Layer.sync(PinStore, () => {
    const kept = [...pins]
    return {
      find: ({ address, naming }) =>
        Effect.sync(() => kept.filter((each) => each.address === address && each.naming === naming)),
      findByFingerprint: (fingerprint) =>
        Effect.sync(() => kept.filter((each) => each.certificate === fingerprint || each.key === fingerprint)),
      remember: (pin) =>
        Effect.sync(() => {
          if (!kept.some((each) => isSame(each, pin))) kept.push(pin)
        })
    }
  })

const isSame = (one: Pin, other: Pin): boolean =>
  one.address === other.address && one.naming === other.naming && one.certificate === other.certificate
