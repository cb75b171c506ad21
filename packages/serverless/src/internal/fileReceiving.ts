/**
 * Files that peers offer: who may bother our side, and what waits for an answer. How an accepted one is fetched stands in
 * `fileFetching.ts`.
 *
 * @internal
 */
import * as FileOffer from "@xmpp-e2e/jingle/FileOffer"
import * as SafeName from "@xmpp-e2e/jingle/SafeName"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import type { Handler } from "@xmpp-e2e/stream/Options"
import { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as PubSub from "effect/PubSub"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Decision, FileSharing, Incoming, Options } from "../FileSharing.ts"
import { FileFailed } from "../FileSharingFailure.ts"
import * as fetching from "./fileFetching.ts"
import type { Setup } from "./fileSending.ts"
import type { News } from "./fileTransfer.ts"
import { addressOf } from "./seen.ts"

/** @internal */
export interface Receiving extends Pick<FileSharing, "offers" | "waiting"> {
  readonly handlers: ReadonlyArray<Handler>
}

/** @internal */
export const make = Effect.fnUntraced(function*(
  { absence, offersMax = 16, sizeMax = Number.MAX_SAFE_INTEGER }: Options,
  setup: Setup
): Effect.fn.Return<Receiving, never, Scope.Scope> {
  const told = yield* PubSub.sliding<Incoming>(offersMax)
  const waiting = new Set<Incoming>()
  const crowded = (peer: string): boolean =>
    waiting.size >= offersMax || [...waiting].filter((each) => each.peer === peer).length >= offersOfPeerMax

  const heard = Effect.fnUntraced(function*(element: Element.Element, stream: E2eStream) {
    const peer = addressOf(stream)
    if (peer === undefined) return yield* nameless
    const begun = FileOffer.receive(peer, element, sizeMax)
    if (begun.state._tag !== "Asking") return yield* refusalOf(begun)
    if (absence !== undefined) return yield* declining(absence)
    if (crowded(peer)) return yield* busy
    const offer = yield* offered(setup, begun.state, peer, stream, (incoming) => waiting.delete(incoming))
    if (offer === undefined) return yield* taken
    const { answer, incoming, settle, unheard } = offer
    waiting.add(incoming)
    yield* PubSub.publish(told, incoming)
    const expiry = Effect.andThen(Effect.sleep(setup.times.answer), Effect.sync(() => settle("lapsed", late)))
    const clock = setup.streams.run(Effect.asVoid(Effect.raceFirst(expiry, incoming.decided)))
    return yield* Effect.ensuring(answer, Effect.andThen(Fiber.interrupt(clock), unheard))
  })

  yield* Effect.addFinalizer(() =>
    Effect.forEach([...waiting], ({ decline }) => decline("Nobody is there any more."), { discard: true })
  )
  return {
    handlers: [{
      namespace,
      name: "query",
      type: "set",
      replyMillis,
      handle: (iq, _from, stream) => {
        const payload = Element.child(iq, namespace, "query")
        return payload === undefined ? Effect.fail(malformed) : heard(payload, stream)
      }
    }],
    offers: Stream.fromPubSub(told),
    waiting: Effect.sync(() => [...waiting])
  }
})

/** Nothing where the peer has said this sid already. */
const offered = Effect.fnUntraced(function*(
  setup: Setup,
  asking: fetching.Asking,
  peer: string,
  stream: E2eStream,
  over: (incoming: Incoming) => void
) {
  const { file } = asking
  const answer = yield* Deferred.make<undefined, IqRefusal>()
  const decided = yield* Deferred.make<Decision>()
  const news = yield* Queue.unbounded<News>()
  const table = setup.streams.of(stream)
  if (!table.attach(file.sid, fetching.hearing(news))) return undefined
  const settle = (decision: Decision, refusal?: IqRefusal): boolean => {
    if (!Deferred.doneUnsafe(decided, Effect.succeed(decision))) return false
    over(incoming)
    if (refusal !== undefined) {
      table.detach(file.sid)
      Deferred.doneUnsafe(answer, Effect.fail(refusal))
    }
    return true
  }
  const reply = (refusal?: IqRefusal) =>
    void Deferred.doneUnsafe(answer, refusal === undefined ? Effect.succeed(undefined) : Effect.fail(refusal))
  const incoming: Incoming = {
    peer,
    stream,
    name: SafeName.fromOffered(file.name),
    size: file.size,
    ...(file.mediaType === undefined ? {} : { mediaType: file.mediaType }),
    decided: Deferred.await(decided),
    decline: (text) => Effect.sync(() => settle("declined", declining(text))),
    accept: (sink, following = {}) =>
      Effect.uninterruptibleMask((restore) =>
        settle("accepted")
          ? Effect.ensuring(
            restore(fetching.fetch({ asking, table, news, reply, times: setup.times }, sink, following)),
            Effect.sync(() => {
              table.detach(file.sid)
              // For whoever gave up before there was a place to keep it.
              reply(stopped)
            })
          )
          : Effect.fail(new FileFailed({ why: "withdrawn" }))
      ).pipe(
        setup.places.withPermitsIfAvailable(1),
        Effect.flatMap(Option.match({
          onNone: () => Effect.fail(new FileFailed({ why: "tooMany" })),
          onSome: Effect.succeed
        }))
      )
  }
  /** Without the request there is nobody to answer. */
  const unheard = Effect.sync(() => {
    if (!settle("lapsed", late)) Queue.offerUnsafe(news, gone)
  })
  return { incoming, settle, unheard, answer: Deferred.await(answer) }
})

/** What the machine has said to an offer that nobody need be asked about. */
const refusalOf = ({ actions }: FileOffer.Done): IqRefusal => {
  const answer = actions.find(({ _tag }) => _tag === "Answer")
  const declined = actions.find(({ _tag }) => _tag === "Declined")
  const error = answer?._tag === "Answer" && answer.error !== undefined ? answer.error : notAcceptable
  return new IqRefusal({ ...error, ...(declined?._tag === "Declined" ? { text: declined.why } : {}) })
}

const declining = (text?: string): IqRefusal =>
  new IqRefusal({ ...notAcceptable, ...(text === undefined ? {} : { text }) })

const notAcceptable = { condition: "not-acceptable", type: "modify" } as const
const stopped = declining("The person has given it up.")
const late = declining("Nobody has answered in time.")
const nameless = declining("You have not said who you are.")
const malformed = new IqRefusal({ condition: "bad-request", type: "modify" })
const taken = new IqRefusal({ condition: "conflict", type: "cancel", text: "There is a file with this sid already." })
const busy = new IqRefusal({
  condition: "resource-constraint",
  type: "wait",
  text: "Too many offers wait here for an answer."
})

const gone: News = {
  event: { _tag: "Failed" },
  failure: new FileFailed({ why: "interrupted", detail: "the peer waits no longer" })
}
const namespace = "jabber:iq:oob"
/** An offer is answered when the whole file is there, a day at most. */
const replyMillis = 86_400_000
/** Each holds a handler of the stream until it is answered, of which there are 16 by default. */
const offersOfPeerMax = 4
