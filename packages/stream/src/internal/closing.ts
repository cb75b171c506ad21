/**
 * How a stream ends with its scope: it is asked to close, the reducer's timers bound that, and a bound of our own stands
 * behind them. It never hangs.
 */
import type { Config } from "@xmpp-e2e/protocol"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Driver } from "../Driver.ts"

export const inOrder = (
  driver: Driver,
  timeouts: Config.Timeouts,
  interruptMillis: number
) =>
(exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> => {
  const isInterrupted = Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause)
  const boundMillis = timeouts.closeMillis + timeouts.drainMillis + timeouts.endMillis + graceMillis
  return Effect.gen(function*() {
    driver.deliveries.abandon()
    yield* within(isInterrupted ? Math.min(interruptMillis, boundMillis) : boundMillis, driver, "CloseRequested")
    yield* within(graceMillis, driver, "AbortRequested")
  })
}

const within = (millis: number, driver: Driver, request: "AbortRequested" | "CloseRequested") =>
  Effect.andThen(driver.tell({ _tag: request }), driver.ended).pipe(
    Effect.timeoutOption(millis),
    Effect.asVoid
  )

/** For what the reducer's timers leave out: scheduling, and a defect. */
const graceMillis = 1000
