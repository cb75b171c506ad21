/**
 * One file on its way, as the machine of `FileOffer` has it: its events one after the other, and what each asks to be done.
 * Whoever runs it may be interrupted at any time; then the transfer is given up in order.
 *
 * @internal
 */
import * as FileOffer from "@xmpp-e2e/jingle/FileOffer"
import type { FileOfferAction, FileOfferEvent, Outcome } from "@xmpp-e2e/jingle/FileOfferEvent"
import * as IbbFailure from "@xmpp-e2e/jingle/IbbFailure"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import { FileFailed } from "../FileSharingFailure.ts"
import type { Bytestreams } from "./bytestreams.ts"

/** `failure` is why it is over, should the event end it otherwise than well. @internal */
export interface News {
  readonly event: FileOfferEvent
  readonly failure?: FileFailed
}

/** @internal */
export interface Times {
  /** For somebody to say yes or no. */
  readonly answer: Duration.Duration
  /** For anything else. */
  readonly stall: Duration.Duration
}

/** @internal */
export interface Ports {
  readonly news: Queue.Queue<News>
  readonly perform: (action: FileOfferAction) => Effect.Effect<void>
  /** How long the next event may take in this state; what it is if it takes longer. */
  readonly patience: (state: FileOffer.FileOfferState) => readonly [Duration.Duration, News]
  /** What an event means, once more is known. */
  readonly consider: (news: News, state: FileOffer.FileOfferState) => Effect.Effect<News>
  /** Why, where the event does not say. */
  readonly failureOf: (outcome: Exclude<Outcome, "Delivered">, news: News) => FileFailed
}

/** From what has just begun to its end. @internal */
export const run = Effect.fnUntraced(function*(begun: FileOffer.Done, ports: Ports) {
  let { state } = begun

  /** What is done at the end is done to the end. */
  const turn = (next: () => FileOffer.Done) =>
    Effect.uninterruptibleMask((restore) => {
      const { actions, state: then } = next()
      state = then
      const work = Effect.forEach(actions, ports.perform, { discard: true })
      return then._tag === "Over" ? work : restore(work)
    })

  const course = Effect.gen(function*() {
    yield* turn(() => begun)
    while (true) {
      const [patience, otherwise] = ports.patience(state)
      const news = yield* Queue.take(ports.news).pipe(
        Effect.timeoutOption(patience),
        Effect.map(Option.getOrElse(() => otherwise)),
        Effect.flatMap((news) => ports.consider(news, state))
      )
      yield* turn(() => FileOffer.step(state, news.event))
      if (state._tag !== "Over") continue
      if (state.outcome === "Delivered") return
      return yield* Effect.fail(news.failure ?? ports.failureOf(state.outcome, news))
    }
  })
  return yield* Effect.onExit(
    course,
    () => state._tag === "Over" ? Effect.void : turn(() => FileOffer.step(state, { _tag: "CancelRequested" }))
  )
})

/** @internal */
export const failureOf = (failure: IbbFailure.Failure): FileFailed =>
  failure._tag === "NoAnswer"
    ? new FileFailed({ why: "stalled" })
    : new FileFailed({ why: "interrupted", detail: IbbFailure.describe(failure) })

/** What the machine does on the bytestream. Whether the action was one of these. @internal */
export const onBytestream = (table: Bytestreams, action: FileOfferAction): boolean => {
  switch (action._tag) {
    case "Expect":
      table.take({ _tag: "ExpectRequested", sid: action.sid, blockSize })
      return true
    case "Open":
      table.take({ _tag: "OpenRequested", sid: action.sid, blockSize })
      return true
    case "Write":
      table.take({ _tag: "WriteRequested", sid: action.sid, bytes: action.bytes })
      return true
    case "Consumed":
    case "Close":
    case "Abort":
      table.take({ _tag: events[action._tag], sid: action.sid })
      return true
    default:
      return false
  }
}

const events = { Consumed: "Consumed", Close: "CloseRequested", Abort: "AbortRequested" } as const
/** The most that XEP-0047 knows: the limits of each side say how large blocks really are. */
const blockSize = 65_535
