/**
 * What the reducer reports, for whoever wants to hear it, now or later. Most streams are heard by nobody, so that only what
 * would be repeated is kept until somebody comes.
 */
import type { Notice } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as PubSub from "effect/PubSub"
import * as Stream from "effect/Stream"

export interface Notices {
  readonly tell: (notice: Notice.Notice) => void
  /** The last ones to begin with. A slow consumer misses the oldest. Ends with `Ended`. */
  readonly hear: Stream.Stream<Notice.Notice>
}

export const make = (): Notices => new Told()

class Told implements Notices {
  #kept: Array<Notice.Notice> = []
  #hub: PubSub.PubSub<Notice.Notice> | undefined

  tell(notice: Notice.Notice): void {
    if (this.#hub !== undefined) return void PubSub.publishUnsafe(this.#hub, notice)
    this.#kept.push(notice)
    if (this.#kept.length > keptMax) this.#kept.shift()
  }

  get hear(): Stream.Stream<Notice.Notice> {
    return Stream.unwrap(Effect.suspend(() => Effect.map(this.#open(), endingWithTheEnd)))
  }

  #open(): Effect.Effect<PubSub.PubSub<Notice.Notice>> {
    if (this.#hub !== undefined) return Effect.succeed(this.#hub)
    return Effect.map(PubSub.sliding<Notice.Notice>({ capacity: keptMax, replay: keptMax }), (opened) => {
      // Somebody else may have come meanwhile.
      const hub = this.#hub ??= opened
      for (const notice of this.#kept) PubSub.publishUnsafe(hub, notice)
      this.#kept = []
      return hub
    })
  }
}

const endingWithTheEnd = (hub: PubSub.PubSub<Notice.Notice>): Stream.Stream<Notice.Notice> =>
  Stream.takeUntil(Stream.fromPubSub(hub), ({ _tag }) => _tag === "Ended")

const keptMax = 64
