/** A file that our side has accepted: its bytestream is opened, and what comes is kept, compared and answered. @internal */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import * as FileOffer from "@xmpp-e2e/jingle/FileOffer"
import type { FileOfferAction, FileOfferEvent } from "@xmpp-e2e/jingle/FileOfferEvent"
import type * as IbbFailure from "@xmpp-e2e/jingle/IbbFailure"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import type { Fault, Following, Sink } from "../FileSharing.ts"
import { FileFailed, type Why } from "../FileSharingFailure.ts"
import type { Bytestreams, Hear } from "./bytestreams.ts"
import * as transfer from "./fileTransfer.ts"

/** @internal */
export type Asking = Extract<FileOffer.FileOfferState, { readonly _tag: "Asking" }>

/** @internal */
export interface Setup {
  readonly asking: Asking
  readonly table: Bytestreams
  readonly news: Queue.Queue<transfer.News>
  /** Answers the offer, the first time it is called. */
  readonly reply: (refusal?: IqRefusal) => void
  readonly times: transfer.Times
}

/** What the bytestream of an offer says, in terms of the offer. @internal */
export const hearing = (news: Queue.Queue<transfer.News>): Hear => (event, failure) => {
  Queue.offerUnsafe(news, { event, ...(failure === undefined ? {} : { failure: failureOf(failure) }) })
}

/** @internal */
export const fetch = <A>(
  setup: Setup,
  sink: Effect.Effect<Sink<A>, Fault, Scope.Scope>,
  following: Following
): Effect.Effect<A, FileFailed> =>
  sink.pipe(
    Effect.mapError((fault) => {
      setup.reply(refusals.nowhere)
      return unkept(fault)
    }),
    Effect.flatMap((opened) => fetchInto(setup, opened, following)),
    // Whoever gives up says so, and does not wait long until it is heard.
    Effect.onInterrupt(() => Effect.timeoutOption(setup.table.told, "2 seconds")),
    Effect.scoped
  )

const fetchInto = Effect.fnUntraced(function*<A>(
  { asking, news, reply, table, times }: Setup,
  sink: Sink<A>,
  { onProgress }: Following
) {
  const hash = sha256.create()
  let last: transfer.News | undefined
  let kept: Result.Result<A, FileFailed> | undefined
  const perform = (action: FileOfferAction): Effect.Effect<unknown> => {
    if (transfer.onBytestream(table, action)) return Effect.void
    switch (action._tag) {
      case "Append":
        hash.update(action.bytes)
        return sink.append(action.bytes).pipe(
          Effect.timeoutOrElse({
            duration: times.stall,
            orElse: () => Effect.fail({ message: "writing took too long" })
          }),
          Effect.match({ onFailure: notStored, onSuccess: () => appended }),
          Effect.flatMap((told) => Queue.offer(news, told))
        )
      case "Hash":
        return Queue.offer(news, { event: { _tag: "Hashed", sha256: bytesToHex(hash.digest()) } })
      case "Keep":
        return Effect.map(Effect.result(Effect.mapError(sink.keep(action.name), unkept)), (result) => {
          kept = result
        })
      case "Answer":
        return Effect.sync(() =>
          reply(
            kept !== undefined && Result.isFailure(kept)
              ? refusals.notKept
              : action.error === undefined
              ? undefined
              : last?.failure?.why === "unkept"
              ? refusals.notKept
              : new IqRefusal(action.error)
          )
        )
      case "Progress":
        return onProgress?.({ octets: action.octets, size: action.size }) ?? Effect.void
      default:
        return Effect.void
    }
  }
  yield* transfer.run(FileOffer.step(asking, { _tag: "AcceptRequested" }), {
    news,
    perform: (action) => Effect.asVoid(perform(action)),
    patience: () => [times.stall, stalled],
    consider: (told) =>
      Effect.sync(() => {
        last = told
        return told
      }),
    failureOf: (_, { event }) => new FileFailed({ why: reasons[event._tag] ?? "interrupted" })
  })
  return yield* Effect.fromResult(kept ?? Result.fail(new FileFailed({ why: "unkept" })))
})

const failureOf = (failure: IbbFailure.Failure): FileFailed =>
  failure._tag === "Refused" && gone.has(failure.condition)
    ? new FileFailed({ why: "withdrawn" })
    : transfer.failureOf(failure)

const unkept = (fault: Fault): FileFailed => new FileFailed({ why: "unkept", detail: fault.message, cause: fault })

const notStored = (fault: Fault): transfer.News => ({ event: { _tag: "StorageFailed" }, failure: unkept(fault) })

const appended: transfer.News = { event: { _tag: "Appended" } }
const stalled: transfer.News = { event: { _tag: "CancelRequested" }, failure: new FileFailed({ why: "stalled" }) }

/** How the sender answers whoever opens what it does not offer any more (IBB-05, IBB-11). */
const gone: ReadonlySet<string> = new Set(["not-acceptable", "item-not-found"])

/** Which event ended it says why. */
const reasons: Partial<Record<FileOfferEvent["_tag"], Why>> = {
  Delivered: "tooMuch",
  Ended: "incomplete",
  Hashed: "damaged"
}

/** The peer has no use for our paths. */
const text = "It could not be kept at the other end."
const refusals = {
  notKept: new IqRefusal({ condition: "item-not-found", type: "cancel", text }),
  nowhere: new IqRefusal({ condition: "not-acceptable", type: "modify", text })
}
