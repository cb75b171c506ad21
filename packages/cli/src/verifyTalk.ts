/** Puts what a verification asks to whoever sits here: a person at a terminal, or a program that reads and writes lines. */
import type { Verifying } from "@xmpp-e2e/serverless"
import type { E2eStream } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { CommandFailed } from "./exit.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"
import * as Text from "./verifyText.ts"

type Then<E> = (event: Verifying.Event) => Effect.Effect<unknown, E>

/** Asks at the terminal, one question at a time; one that nobody has to answer any more is withdrawn. For ever. */
export const withPerson = Effect.fnUntraced(function*<E>(
  verifying: Verifying.Verifying,
  then: Then<E>
): Effect.fn.Return<void, E, Input.Input | Scope.Scope> {
  const { answer } = yield* Input.Input
  const questions = yield* FiberMap.make<E2eStream.E2eStream>()

  const ask = (lines: ReadonlyArray<string>): Effect.Effect<"yes" | "no" | "nothing"> =>
    Effect.flatMap(answer(Output.remark(lines.join("\n"))), (said) => {
      const word = said?.trim().toLowerCase()
      if (word === undefined) return Effect.succeed("nothing")
      return word === "yes" || word === "no" ? Effect.succeed(word) : ask(["Please answer yes or no."])
    })

  const put = Effect.fnUntraced(function*(event: Verifying.Event) {
    const { peer, stream } = event
    if (event._tag === "Asked") {
      const said = yield* ask(Text.wish(peer))
      yield* said === "yes" ? verifying.agree(stream) : verifying.stop(stream)
    }
    if (event._tag === "Show") {
      const said = yield* ask(Text.comparison(peer, event.text))
      yield* verifying[said === "yes" ? "same" : said === "no" ? "different" : "stop"](stream)
    }
  })

  yield* Stream.runForEach(
    verifying.events,
    (event) => FiberMap.run(questions, event.stream, put(event)).pipe(Effect.andThen(then(event)))
  )
})

export interface Program {
  /** For ever. */
  readonly tell: Effect.Effect<void, CommandFailed>
  /** Whether the line was an answer, whatever became of it. */
  readonly take: (line: string) => Effect.Effect<boolean>
}

export const withProgram = <E extends CommandFailed>(verifying: Verifying.Verifying, then: Then<E>): Program => {
  const open = new Map<E2eStream.E2eStream, string>()
  const note = ({ _tag, peer, stream }: Verifying.Event): void => {
    open.delete(stream)
    if (_tag === "Asked" || _tag === "Show") open.set(stream, peer)
  }
  return {
    tell: Stream.runForEach(verifying.events, (event) => {
      note(event)
      return Effect.andThen(Output.line(Text.eventLine(event)), then(event))
    }),
    take: Effect.fnUntraced(function*(line: string) {
      const answer = Text.answerIn(line)
      if (answer === undefined) return false
      const meant = [...open].findLast(([, peer]) => answer.peer === undefined || answer.peer === peer)?.[0]
      const isUsed = meant !== undefined && (yield* verifying[answer.verification](meant))
      if (!isUsed) yield* Output.remark(`nobody waits for this answer: ${line.slice(0, 80)}`)
      return true
    })
  }
}
