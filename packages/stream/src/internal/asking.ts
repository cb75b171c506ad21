/**
 * Requests of ours: an id, the stanza on its way, and its answer or the time when nobody waits for it any longer.
 */
import type { Element } from "@xmpp-e2e/xml"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Driver } from "../Driver.ts"
import * as Entropy from "../Entropy.ts"
import { IqFailed, type IqFailure, type SendFailed, type SendFailure } from "../Failure.ts"
import * as Stanza from "../Stanza.ts"
import type { Reply } from "./replies.ts"
import { type Waiter, whenFailed } from "./requests.ts"

export interface Options {
  readonly timeout?: Duration.Input
}

export const ping = (
  driver: Driver,
  namespace: string,
  options?: Options
): Effect.Effect<Duration.Duration, IqFailed> =>
  Effect.flatMap(Clock.Clock, (clock) => {
    const before = clock.monotonicTimeNanosUnsafe()
    const taken = (): Duration.Duration => Duration.nanos(clock.monotonicTimeNanosUnsafe() - before)
    return Effect.matchEffect(request(driver, Stanza.ping({ namespace }), options), {
      onSuccess: () => Effect.succeed(taken()),
      // PING-03: a refusal is an answer too.
      onFailure: (failure) => failure.reason._tag === "Refused" ? Effect.succeed(taken()) : Effect.fail(failure)
    })
  })

export const request = (
  driver: Driver,
  iq: Element.Element,
  options?: Options
): Effect.Effect<Element.Element, IqFailed> =>
  Effect.flatMap(Entropy.Entropy, (entropy) => {
    if (!Stanza.isRequest(iq)) return failed({ _tag: "Unsent", failure: { _tag: "NotAStanza" } })
    const millis = options?.timeout === undefined
      ? patienceMillis
      : Duration.toMillis(Duration.fromInputUnsafe(options.timeout))
    const ownId = Stanza.idOf(iq)
    const id = ownId ?? Entropy.freshId(entropy)
    const reply = driver.replies.expect(id)
    if (reply === undefined) return failed({ _tag: "IdInUse", id })
    const stanza = ownId === undefined ? Stanza.withId(iq, id) : iq
    const asked: Asked = { id, reply, millis }
    const waiter = driver.sendNow(stanza)
    return waiter === undefined ? patiently(driver, asked, stanza) : answered(driver, asked, waiter)
  })

interface Asked {
  readonly id: string
  readonly reply: Reply
  readonly millis: number
}

/** The request is on its way, or in line; one sleeper watches over all that are. */
const answered = (
  driver: Driver,
  { id, millis, reply }: Asked,
  waiter: Waiter
): Effect.Effect<Element.Element, IqFailed> => {
  const patience = driver.patience()
  patience.set(id, millis, millis)
  whenFailed(waiter, ({ reason }) => driver.replies.withdraw(id, unsent(reason)))
  return Effect.onExit(Deferred.await(reply), () => {
    patience.clear(id, millis)
    driver.replies.forget(id)
    return Effect.void
  })
}

/** It has to wait before it can go, or cannot go at all. The time counts for the waiting too. */
const patiently = (
  driver: Driver,
  { id, millis, reply }: Asked,
  stanza: Element.Element
): Effect.Effect<Element.Element, IqFailed> =>
  driver.send([stanza]).pipe(
    Effect.catch(({ reason }: SendFailed) => {
      driver.replies.withdraw(id, unsent(reason))
      return Effect.void
    }),
    Effect.andThen(Deferred.await(reply)),
    Effect.timeoutOrElse({ duration: millis, orElse: () => failed({ _tag: "TimedOut", afterMillis: millis }) }),
    Effect.onExit(() => Effect.sync(() => driver.replies.forget(id)))
  )

const failed = (reason: IqFailure): Effect.Effect<never, IqFailed> => Effect.fail(new IqFailed({ reason }))

const unsent = (failure: SendFailure): IqFailure =>
  failure._tag === "StreamEnded" ? failure : { _tag: "Unsent", failure }

const patienceMillis = 30_000
