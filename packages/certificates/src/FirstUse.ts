/**
 * The leap of faith (CERT-86…88): a certificate that nobody vouches for is bound to an address because nobody else has
 * been there before. Whether it may come to that is decided in `Judge.ts`; here somebody is asked, and the pin is kept.
 *
 * @since 0.1.0
 */
import type { Address, Verdict } from "@xmpp-e2e/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Fingerprint from "./Fingerprint.ts"
import { toIso } from "./internal/calendar.ts"
import type { Ruling } from "./Judge.ts"
import type * as Pin from "./Pin.ts"
import { PinStore, type PinStoreError } from "./PinStore.ts"
import type { Trust } from "./Trust.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * Asks somebody who can compare fingerprints. The stream bounds the time by its `verdict` timer: whoever does not answer
 * has not consented.
 *
 * @since 0.1.0
 * @category services
 */
export class Approver extends Context.Service<Approver, {
  readonly approve: (request: Request) => Effect.Effect<boolean>
}>()("@xmpp-e2e/certificates/Approver") {}

/**
 * What a person has to see (CERT-87).
 *
 * @since 0.1.0
 * @category models
 */
export interface Request {
  readonly role: "initiator" | "recipient"
  /** What the certificate would be pinned to. */
  readonly addresses: ReadonlyArray<string>
  /** SHA-256, upper case, in pairs. */
  readonly fingerprint: string
  /** Why nothing else vouches for it. */
  readonly because: string
  /** Among them: that the same certificate is pinned to another address (CERT-94), or names others. */
  readonly notices: ReadonlyArray<string>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Candidate {
  readonly role: "initiator" | "recipient"
  readonly naming: Address.Naming
  readonly hashes: Pin.Hashes
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * Turns a ruling into the verdict that holds. The store says who came first: two strangers who claim the same address at
 * once do not both get it. When one of several addresses is taken, none is bound.
 *
 * @since 0.1.0
 * @category combinators
 */
export const settle = Effect.fnUntraced(function*(
  { firstUse, verdict }: Ruling,
  candidate: Candidate,
  trust: Pick<Trust, "firstUse" | "pinBy">
): Effect.fn.Return<Verdict.Verdict, PinStoreError, PinStore> {
  if (firstUse === undefined || trust.firstUse === "reject") return verdict
  if (trust.firstUse === "ask") {
    const approver = yield* Effect.serviceOption(Approver)
    if (Option.isNone(approver)) return { ...verdict, notices: [...verdict.notices, nobodyToAsk] }
    const isApproved = yield* approver.value.approve({
      role: candidate.role,
      addresses: firstUse.addresses,
      fingerprint: Fingerprint.display(candidate.hashes.certificate),
      because: verdict.because,
      notices: verdict.notices
    })
    if (!isApproved) {
      return Verdicts.userRejected({
        fingerprint: candidate.hashes.certificate,
        presented: [],
        notices: verdict.notices
      })
    }
  }
  const { hashes, naming, now } = candidate
  const taken = yield* (yield* PinStore).rememberFirst(
    firstUse.addresses.map((address) => ({ ...hashes, address, naming, firstSeen: toIso(now), how: "firstUse" })),
    trust.pinBy
  )
  return taken.length === 0 ? firstUse.accepted : firstUse.conflicting
})

const nobodyToAsk = "ask: there is nobody here who could be asked, so an unknown certificate is refused."
