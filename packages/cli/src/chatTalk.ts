/** The conversation of `chat` with its person: lines are taken and done (`chatDeeds.ts`), and questions asked (`chatDesk.ts`). */
import type { Verifying } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Deeds from "./chatDeeds.ts"
import * as Desk from "./chatDesk.ts"
import * as Intent from "./chatIntent.ts"
import * as Json from "./chatJson.ts"
import type { CommandFailed } from "./exit.ts"
import * as Output from "./output.ts"
import * as VerifyTalk from "./verifyTalk.ts"
import * as VerifyText from "./verifyText.ts"

export interface Talk extends Pick<Deeds.Deeds, "begin" | "hear" | "refresh" | "stand"> {
  /** Does what the person says until he goes, and then waits until it is done. */
  readonly heed: Effect.Effect<void, CommandFailed>
}

export const make = Effect.fnUntraced(function*(
  ground: Deeds.Ground
): Effect.fn.Return<Talk, never, Scope.Scope> {
  const { front, json, messenger } = ground
  const deeds = Deeds.make(ground)
  const errands = yield* FiberSet.make<unknown, CommandFailed>()
  const program = json ? VerifyTalk.withProgram(messenger.verifying, () => Effect.void) : undefined
  yield* (program === undefined ? ask(ground, deeds.refresh) : Effect.ignore(program.tell)).pipe(
    Effect.forkScoped({ startImmediately: true })
  )
  yield* Effect.forkScoped(Stream.runForEach(front.typing, deeds.typed), { startImmediately: true })
  const take = Effect.fnUntraced(function*(line: string) {
    if (program !== undefined && (yield* program.take(line))) return false
    const intent = json ? Json.read(line) : Intent.read(line)
    if (intent._tag === "Quit") return true
    // What takes its time holds up nobody; each is begun in the order in which it was said.
    yield* FiberSet.run(errands, deeds.act(intent), { startImmediately: true })
    return false
  })
  const taken = front.lines.pipe(
    Stream.mapEffect(take),
    Stream.takeUntil((isOver) => isOver),
    Stream.runDrain,
    Effect.andThen(FiberSet.awaitEmpty(errands))
  )
  return {
    begin: deeds.begin,
    hear: deeds.hear,
    refresh: deeds.refresh,
    stand: deeds.stand,
    heed: Effect.raceFirst(taken, FiberSet.join(errands))
  }
})

/** Puts what a verification asks on the desk, and tells how it ended. */
const ask = ({ desk, front, messenger: { verifying } }: Deeds.Ground, refresh: Effect.Effect<void>) =>
  Stream.runForEach(
    verifying.events,
    Effect.fnUntraced(function*(event: Verifying.Event) {
      const { peer, stream } = event
      switch (event._tag) {
        case "Asked":
          return yield* desk.ask(stream, {
            lines: VerifyText.wish(peer, Desk.how),
            answer: (isYes) => verifying[isYes ? "agree" : "stop"](stream)
          })
        case "Show":
          return yield* desk.ask(stream, {
            lines: VerifyText.comparison(peer, event.text, Desk.how),
            answer: (isYes) => verifying[isYes ? "same" : "different"](stream)
          })
      }
      const words = event._tag === "Verified"
        ? Output.paint("good", VerifyText.verified(peer))
        : Output.paint("bad", VerifyText.failed(event.failure).sentence)
      yield* desk.withdraw(stream)
      yield* Effect.ignore(front.show([words]))
      yield* refresh
    })
  )
