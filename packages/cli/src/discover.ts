/** Tells who is on this network, as it changes or once. What is told is what others say of themselves: nothing is proved. */
import { Discovery, Roster } from "@xmpp-e2e/link-local"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CommandFailed, exitCodes } from "./exit.ts"
import * as Output from "./output.ts"
import * as Text from "./rosterText.ts"

export interface Request {
  readonly once: boolean
  readonly seconds: number
  readonly json: boolean
}

/** Without `once` it goes on until it is interrupted. */
export const discover = Effect.fnUntraced(function*(
  request: Request
): Effect.fn.Return<void, CommandFailed, Discovery.Discovery> {
  const { browse } = yield* Discovery.Discovery
  // What happens too often to be told at once is told a second later, as a number.
  const seconds = Stream.tick("1 second")
  const steps = Stream.merge(browse, seconds).pipe(
    Stream.mapAccum(Roster.make, (roster, event) => {
      const step = event === undefined ? Roster.refresh(roster) : Roster.step(roster, event)
      return [step.roster, [step]]
    })
  )
  yield* (request.once ? found(steps, request) : Stream.runForEach(steps, ({ changes }) => tell(changes, request)))
    .pipe(
      Effect.mapError((error) =>
        error instanceof CommandFailed ? error : new CommandFailed({ code: exitCodes.failed, sentence: error.message })
      )
    )
})

const tell = (changes: ReadonlyArray<Roster.Change>, { json }: Request): Effect.Effect<void, CommandFailed> =>
  Output.lines(changes.map(json ? Text.changeJson : Text.change))

const found = Effect.fnUntraced(function*<E>(steps: Stream.Stream<Roster.Step, E>, { json, seconds }: Request) {
  if (!json) yield* Output.remark(`listening for ${seconds === 1 ? "a second" : `${seconds} seconds`} …`)
  let roster = Roster.make()
  yield* steps.pipe(
    Stream.runForEach((step) =>
      Effect.sync(() => {
        roster = step.roster
      })
    ),
    Effect.timeoutOption(`${seconds} seconds`)
  )
  const entities = Roster.entities(roster)
  yield* Output.lines(entities.map((entity) => json ? Text.entityJson(entity) : Text.entity(entity)))
  if (!json && entities.length === 0) yield* Output.remark("nobody was heard; `xmpp-e2e listen` announces who listens")
})
