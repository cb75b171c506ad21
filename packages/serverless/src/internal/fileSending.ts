/** A file of ours: offered, and sent to whoever opens its bytestream. @internal */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import * as FileOffer from "@xmpp-e2e/jingle/FileOffer"
import type { FileOfferAction } from "@xmpp-e2e/jingle/FileOfferEvent"
import type { OfferedFile } from "@xmpp-e2e/jingle/FileUrl"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import * as Entropy from "@xmpp-e2e/stream/Entropy"
import type { IqFailed } from "@xmpp-e2e/stream/Failure"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import type { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import type * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { Fault, FileSharing, Following, OwnFile } from "../FileSharing.ts"
import { FileFailed, type Why } from "../FileSharingFailure.ts"
import type { Streams } from "./bytestreams.ts"
import * as transfer from "./fileTransfer.ts"
import * as reading from "./reading.ts"

/** @internal */
export interface Setup {
  readonly streams: Streams
  /** One for each file on its way. */
  readonly places: Semaphore.Semaphore
  readonly times: transfer.Times
}

/** @internal */
export const make = Effect.fnUntraced(function*(setup: Setup): Effect.fn.Return<FileSharing["offer"]> {
  const entropy = yield* Entropy.Entropy
  return (stream, file, following = {}) =>
    offer(setup, stream, file, following, Entropy.freshId(entropy)).pipe(
      Effect.scoped,
      setup.places.withPermitsIfAvailable(1),
      Effect.flatMap(Option.match({
        onNone: () => Effect.fail(new FileFailed({ why: "tooMany" })),
        onSome: Effect.succeed
      }))
    )
})

const offer = Effect.fnUntraced(function*(
  { streams, times }: Setup,
  stream: E2eStream,
  file: OwnFile,
  { onProgress }: Following,
  sid: string
) {
  const offered: OfferedFile = { ...yield* described(file), sid }
  const news = yield* Queue.unbounded<transfer.News>()
  const answered = yield* Deferred.make<transfer.News>()
  const scope = yield* Effect.scope
  const table = streams.of(stream)
  yield* Effect.acquireRelease(
    Effect.sync(() =>
      table.attach(sid, (event, failure) =>
        void Queue.offerUnsafe(news, {
          event,
          ...(failure === undefined ? {} : { failure: transfer.failureOf(failure) })
        }))
    ),
    () => Effect.sync(() => table.detach(sid))
  )
  const take = yield* reading.make(file.bytes)
  const told = (octets: number) => onProgress?.({ octets, size: file.size }) ?? Effect.void
  const perform = (action: FileOfferAction): Effect.Effect<unknown> => {
    if (transfer.onBytestream(table, action)) return Effect.void
    switch (action._tag) {
      case "Offer": {
        const answer = answerTo(stream, action.element).pipe(
          Effect.tap((answer) => Deferred.succeed(answered, answer)),
          Effect.flatMap((answer) => Queue.offer(news, answer))
        )
        return Effect.forkIn(answer, scope, { startImmediately: true })
      }
      case "ReadFile":
        return Effect.flatMap(piece(take, action.octets, times.stall), (read) => Queue.offer(news, read))
      case "Progress":
        return told(action.octets)
      default:
        return Effect.void
    }
  }
  yield* transfer.run(FileOffer.offer(stream.self.address, offered), {
    news,
    perform: (action) => Effect.asVoid(perform(action)),
    patience: ({ _tag }) =>
      _tag === "Offered" ? [times.answer, cancel("unanswered")] : [times.stall, cancel("stalled")],
    consider: (heard, { _tag }) =>
      _tag !== "Offered"
        ? Effect.map(reasonOf(heard, answered, _tag), (reason) => midway(reason, _tag))
        : Effect.as(heard.event._tag === "Opened" ? told(0) : Effect.void, heard),
    failureOf: (outcome) => new FileFailed({ why: outcomes[outcome] })
  }).pipe(
    // Whoever gives up says so, and does not wait long until it is heard.
    Effect.onInterrupt(() => Effect.timeoutOption(table.told, farewell))
  )
})

const answerTo = (stream: E2eStream, payload: Element.Element): Effect.Effect<transfer.News> =>
  stream.request(Stanza.iq({ type: "set", namespace: stream.contentNamespace, payload }), { timeout: answerMax }).pipe(
    Effect.match({
      onFailure: refusalOf,
      onSuccess: (): transfer.News => ({ event: { _tag: "Answered" } })
    })
  )

const piece = (
  take: reading.Take<Fault>,
  octets: number,
  stall: Duration.Duration
): Effect.Effect<transfer.News> =>
  take(octets).pipe(
    Effect.timeoutOrElse({ duration: stall, orElse: () => Effect.fail({ message: "reading took too long" }) }),
    Effect.match({
      onFailure: unreadable,
      onSuccess: (bytes): transfer.News => ({ event: { _tag: "Read", bytes } })
    })
  )

/** All of it is read once before anything is said, for the hash. */
const described = Effect.fnUntraced(function*({ bytes, mediaType, name, size }: OwnFile) {
  const hash = sha256.create()
  let read = 0
  yield* Stream.runForEach(bytes, (part) =>
    Effect.suspend(() => {
      read += part.length
      hash.update(part)
      // A file that grows for ever is not read for ever.
      return read > size ? Effect.fail(changed) : Effect.void
    })).pipe(
      Effect.mapError((fault) => fault instanceof FileFailed ? fault : unreadable(fault).failure)
    )
  if (read !== size) return yield* changed
  return { name, size, sha256: bytesToHex(hash.digest()), ...(mediaType === undefined ? {} : { mediaType }) }
})

const unreadable = (fault: { readonly message: string }) => ({
  event: { _tag: "StorageFailed" },
  failure: new FileFailed({ why: "unreadable", detail: fault.message, cause: fault })
} as const)

/** Where the peer breaks off while we send, its answer to the offer says why; it may come a little later. */
const reasonOf = (
  told: transfer.News,
  answered: Deferred.Deferred<transfer.News>,
  state: FileOffer.FileOfferState["_tag"]
): Effect.Effect<transfer.News> =>
  told.event._tag === "Failed" || (told.event._tag === "Ended" && state === "Sending")
    ? Effect.map(Effect.timeoutOption(Deferred.await(answered), farewell), Option.getOrElse(() => told))
    : Effect.succeed(told)

const refusalOf = (cause: IqFailed): transfer.News => {
  const { message, reason } = cause
  if (reason._tag !== "Refused") {
    return { event: { _tag: "Failed" }, failure: new FileFailed({ why: "interrupted", detail: message }) }
  }
  const { condition, text } = reason.error
  const why = meanings[condition] ?? "declined"
  return {
    event: { _tag: "Answered", condition },
    failure: new FileFailed({ why, ...(text === undefined ? {} : { detail: text }) })
  }
}

/** The same answer means something else once the peer has begun. */
const midway = (told: transfer.News, state: FileOffer.FileOfferState["_tag"]): transfer.News => {
  const { event, failure } = told
  if (event._tag !== "Answered" || event.condition === undefined) return told
  const detail = failure?.detail
  return {
    event,
    failure: new FileFailed({
      why: state === "Sent" && event.condition === "item-not-found" ? "damaged" : "stoppedByPeer",
      ...(detail === undefined ? {} : { detail })
    })
  }
}

const cancel = (why: "unanswered" | "stalled"): transfer.News => ({
  event: { _tag: "CancelRequested" },
  failure: new FileFailed({ why })
})

const changed = new FileFailed({ why: "changed" })

/** What a refusal means before anything was sent: RFC 6120 §8.3.3, and XEP-0066 §2 for what cannot be fetched. */
const meanings: Partial<Record<Stanza.StanzaCondition, Why>> = {
  "feature-not-implemented": "unsupported",
  "item-not-found": "unsupported",
  "service-unavailable": "unsupported",
  "resource-constraint": "busy"
}
const outcomes = {
  Refused: "declined",
  Cancelled: "stoppedByPeer",
  Damaged: "damaged",
  Interrupted: "interrupted",
  Unusable: "changed",
  Unsound: "interrupted"
} as const

/** An answer comes when the whole file is there; what bounds the waiting is how long nothing may come. */
const answerMax: Duration.Input = "1 day"
/** How long whoever leaves, or is left, waits for the last word. */
const farewell: Duration.Input = "2 seconds"
