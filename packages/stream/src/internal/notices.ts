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

export const make = (): Notices => {
  let kept: Array<Notice.Notice> = []
  let hub: PubSub.PubSub<Notice.Notice> | undefined
  const open = Effect.suspend(() =>
    hub === undefined ? PubSub.sliding<Notice.Notice>({ capacity: keptMax, replay: keptMax }) : Effect.succeed(hub)
  )
  return {
    tell: (notice) => {
      if (hub !== undefined) return void PubSub.publishUnsafe(hub, notice)
      kept.push(notice)
      if (kept.length > keptMax) kept.shift()
    },
    hear: Stream.unwrap(Effect.map(open, (opened) => {
      // Somebody else may have come meanwhile.
      const one = hub ??= opened
      for (const notice of kept) PubSub.publishUnsafe(one, notice)
      kept = []
      return Stream.takeUntil(Stream.fromPubSub(one), ({ _tag }) => _tag === "Ended")
    }))
  }
}

const keptMax = 64
