/**
 * In-band bytestreams (XEP-0047) on streams: the machine of `Ibb`, one for each stream, with its requests, its answers and
 * its clock. Whoever has a file on its way attaches himself by the sid, and hears of that bytestream alone.
 *
 * The machine is stepped at once by whoever has an event, so that blocks keep their order; nothing here waits.
 *
 * @internal
 */
import type { FileOfferEvent } from "@xmpp-e2e/jingle/FileOfferEvent"
import * as Ibb from "@xmpp-e2e/jingle/Ibb"
import type { IbbAction, Refusal } from "@xmpp-e2e/jingle/IbbAction"
import type { IbbEvent } from "@xmpp-e2e/jingle/IbbEvent"
import type { Failure } from "@xmpp-e2e/jingle/IbbFailure"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type { IqFailed } from "@xmpp-e2e/stream/Failure"
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"
import type { Handler } from "@xmpp-e2e/stream/Options"
import * as Stanza from "@xmpp-e2e/stream/Stanza"
import { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"

/** `failure` is there when the bytestream failed, and it is known why. @internal */
export type Hear = (event: FileOfferEvent, failure?: Failure) => void

/** @internal */
export interface Bytestreams {
  /** Whether nobody else is attached by this sid. */
  readonly attach: (sid: string, hear: Hear) => boolean
  readonly detach: (sid: string) => void
  readonly take: (event: Own) => void
  /** Completes when all that we have said has been answered, or cannot be. */
  readonly told: Effect.Effect<void>
}

/** @internal */
export interface Streams {
  readonly handlers: ReadonlyArray<Handler>
  readonly of: (stream: E2eStream) => Bytestreams
  /** Runs until the scope closes. */
  readonly run: <A>(effect: Effect.Effect<A>) => Fiber.Fiber<A>
}

type Own = WithoutPeer<
  Extract<IbbEvent, {
    readonly _tag:
      | "OpenRequested"
      | "ExpectRequested"
      | "WriteRequested"
      | "Consumed"
      | "CloseRequested"
      | "AbortRequested"
  }>
>
type WithoutPeer<Event> = Event extends unknown ? Omit<Event, "peer"> : never

interface Table extends Bytestreams {
  readonly received: (element: Element.Element) => Effect.Effect<undefined, IqRefusal>
  readonly end: () => void
}

/** When the scope closes, everybody who is attached hears that it failed. @internal */
export const make = Effect.fnUntraced(function*(
  stall: Duration.Duration
): Effect.fn.Return<Streams, never, Scope.Scope> {
  const run = yield* FiberSet.makeRuntime<never>()
  const tables = new Map<E2eStream, Table>()
  yield* Effect.addFinalizer(() => Effect.sync(() => tables.forEach(({ end }) => end())))
  const of = (stream: E2eStream): Table => {
    const known = tables.get(stream)
    if (known !== undefined) return known
    const table = tableOf(stream, stall, run)
    tables.set(stream, table)
    run(Effect.tap(stream.ended, () =>
      Effect.sync(() => {
        tables.delete(stream)
        table.end()
      })))
    return table
  }
  return {
    run,
    of,
    handlers: names.map((name) => ({
      namespace,
      name,
      type: "set",
      handle: (iq, _from, stream) =>
        Effect.suspend(() => {
          const payload = Element.child(iq, namespace, name)
          return payload === undefined ? Effect.fail(malformed) : of(stream).received(payload)
        })
    }))
  }
})

const tableOf = (stream: E2eStream, stall: Duration.Duration, run: Streams["run"]): Table => {
  const hearers = new Map<string, Hear>()
  const answers = new Map<string, Deferred.Deferred<undefined, IqRefusal>>()
  let state = Ibb.make(limits)
  let heard = 0

  const step = (event: IbbEvent): void => {
    const done = Ibb.step(state, event)
    state = done.state
    for (const action of done.actions) perform(action)
  }
  const asking = askingOn(stream, stall, run, step)

  const perform = (action: IbbAction): void => {
    if (action._tag === "Request") return asking.ask(action)
    if (action._tag === "Answer") {
      const { error, id } = action
      const answer = answers.get(id)
      if (answer === undefined) return
      Deferred.doneUnsafe(answer, error === undefined ? Effect.succeed(undefined) : Effect.fail(refusalOf(error)))
      return
    }
    hearers.get(action.sid)?.(newsOf(action), action._tag === "Failed" ? action.failure : undefined)
  }

  return {
    attach: (sid, hear) => {
      if (hearers.has(sid)) return false
      hearers.set(sid, hear)
      return true
    },
    detach: (sid) => {
      hearers.delete(sid)
    },
    take: (event) => step({ ...event, peer }),
    told: asking.quiet,
    received: (element) =>
      Effect.suspend(() => {
        const id = String(heard++)
        const answer = Deferred.makeUnsafe<undefined, IqRefusal>()
        answers.set(id, answer)
        step({ _tag: "RequestReceived", peer, id, stanza: "iq", element })
        return Effect.ensuring(Deferred.await(answer), Effect.sync(() => answers.delete(id)))
      }),
    end: () => {
      step({ _tag: "StreamEnded" })
      // Those whose bytestream is over already, and who wait for a last word.
      for (const hear of hearers.values()) hear({ _tag: "Failed" }, { _tag: "StreamEnded" })
    }
  }
}

/** Our requests on one stream. */
const askingOn = (
  { contentNamespace, request }: E2eStream,
  stall: Duration.Duration,
  run: Streams["run"],
  then: (event: IbbEvent) => void
) => {
  const quiet = Latch.makeUnsafe(true)
  let asked = 0
  return {
    /** Completes when each has an answer, or can have none. */
    quiet: quiet.await,
    ask: ({ element, request: number }: Extract<IbbAction, { readonly _tag: "Request" }>): void => {
      asked += 1
      quiet.closeUnsafe()
      run(
        request(Stanza.iq({ type: "set", namespace: contentNamespace, payload: element }), { timeout: stall }).pipe(
          Effect.match({
            onSuccess: () => then({ _tag: "AnswerReceived", request: number }),
            onFailure: (failure) => then(answerOf(number, failure))
          }),
          Effect.ensuring(Effect.sync(() => {
            asked -= 1
            if (asked === 0) quiet.openUnsafe()
          }))
        )
      )
    }
  }
}

const newsOf = (action: Exclude<IbbAction, { readonly _tag: "Request" | "Answer" }>): FileOfferEvent => {
  switch (action._tag) {
    case "Opened":
      return { _tag: "Opened" }
    case "Deliver":
      return { _tag: "Delivered", bytes: action.bytes }
    case "Acknowledged":
      return { _tag: "Acknowledged", octets: action.octets }
    case "Ended":
      return { _tag: "Ended" }
    case "Failed":
    case "Declined":
      return { _tag: "Failed" }
  }
}

const answerOf = (request: number, { reason }: IqFailed): IbbEvent => {
  switch (reason._tag) {
    case "Refused":
      return { _tag: "AnswerReceived", request, condition: reason.error.condition }
    case "Malformed":
      return { _tag: "AnswerReceived", request, condition: "undefined-condition" }
    case "TimedOut":
    case "Unsent":
    case "IdInUse":
      return { _tag: "TimedOut", request }
    case "StreamEnded":
      return { _tag: "StreamEnded" }
  }
}

const refusalOf = ({ condition, type }: Refusal): IqRefusal =>
  new IqRefusal({ condition: Stanza.conditions.find((each) => each === condition) ?? "undefined-condition", type })

/** There is one peer on a stream. */
const peer = "peer"
const namespace = "http://jabber.org/protocol/ibb"
const names = ["open", "data", "close"] as const
const malformed = new IqRefusal({ condition: "bad-request", type: "modify" })

/**
 * Larger blocks than XEP-0047 recommends, since each waits for the answer to the one before (IBB-09): in base64 they are well
 * below the most that an element may have (LIM-02). Whoever takes only smaller ones says so, and gets them (IBB-04).
 */
const limits = { blockSizeMax: 32_768, windowMax: 1 }
