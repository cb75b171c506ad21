/** Tells who is on this network, as it changes or once. What is told is what others say of themselves: nothing is proved. */
import { Arrivals, Discovery, Roster } from "@xmpp-e2e/link-local"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Recording from "./discoverRecording.ts"
import { CommandFailed, exitCodes } from "./exit.ts"
import * as Output from "./output.ts"
import * as Text from "./rosterText.ts"

export interface Request extends Recording.Flags {
  readonly once: boolean
  readonly seconds: number
  readonly json: boolean
}

/** Without `once` it goes on until it is interrupted, also when there is no network: one may come. */
export const discover = Effect.fnUntraced(function*(
  request: Request
): Effect.fn.Return<void, CommandFailed, Discovery.Discovery> {
  yield* Effect.flatMap(
    Recording.make(request),
    (fold) => request.once ? found(request, fold) : follow(request, fold)
  ).pipe(
    Effect.scoped,
    Effect.mapError((error) =>
      error instanceof CommandFailed ? error : new CommandFailed({ code: exitCodes.failed, sentence: error.message })
    )
  )
})

const follow = Effect.fnUntraced(function*(request: Request, fold: Recording.Fold) {
  const { browse } = yield* Discovery.Discovery
  // What happens too often to be told at once is told a second later, as a number.
  const refreshed = Stream.as(Stream.tick("1 second"), "refresh" as const)
  const waited = Stream.as(Stream.tick("100 millis"), "wait" as const)
  let [roster, arrivals, told] = [Roster.make(), Arrivals.none, yield* obstructed(undefined, request)]
  yield* Stream.merge(browse, Stream.merge(refreshed, waited)).pipe(
    Stream.runForEach(Effect.fnUntraced(function*(event) {
      if (event === "refresh") told = yield* obstructed(told, request)
      const step = event === "wait" ? { roster, changes: [] } : yield* fold(roster, event)
      roster = step.roster
      const arrived = Arrivals.step(arrivals, step.changes, yield* Clock.currentTimeMillis)
      arrivals = arrived.arrivals
      yield* Output.lines(arrived.changes.map((each) => request.json ? Text.changeJson(each) : Text.change(each)))
    }))
  )
})

type Obstacle = Discovery.DiscoveryFailed["reason"]

/** Whether anybody can be heard now; told when that is otherwise than it was told last. */
const obstructed = Effect.fnUntraced(function*(told: Obstacle | undefined, { json }: Request) {
  const { obstacle } = yield* Discovery.Discovery
  const now = yield* obstacle
  if (now?.reason === told) return told
  if (json) yield* Output.line(Text.networkJson(now))
  else yield* Output.remark(Text.network(now))
  return now?.reason
})

const found = Effect.fnUntraced(function*({ json, seconds }: Request, fold: Recording.Fold) {
  const { browse, obstacle } = yield* Discovery.Discovery
  if (!json) yield* Output.remark(`listening for ${seconds === 1 ? "a second" : `${seconds} seconds`} …`)
  let roster = Roster.make()
  yield* browse.pipe(
    Stream.runForEach((event) =>
      Effect.map(fold(roster, event), (step) => {
        roster = step.roster
      })
    ),
    Effect.timeoutOption(`${seconds} seconds`)
  )
  const entities = Roster.entities(roster)
  yield* Output.lines(entities.map((entity) => json ? Text.entityJson(entity) : Text.entity(entity)))
  if (entities.length > 0) return
  const deaf = yield* obstacle
  if (deaf !== undefined) return yield* deaf
  if (!json) yield* Output.remark("nobody was heard; `xmpp-e2e listen` announces who listens")
})
