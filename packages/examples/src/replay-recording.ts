/**
 * Why did that stream end? Reads a recording, tells it line by line, and folds it through the reducer again.
 *
 * `node packages/examples/src/replay-recording.ts FILE`; without a file it records a short stream itself: an initiator
 * whose peer never answers.
 *
 * @since 0.1.0
 */
import { Config, type Event, State, Step } from "@xmpp-e2e/protocol"
import { Explain, Recording, type RecordingError, Redact, Replay } from "@xmpp-e2e/recording"
import * as Result from "effect/Result"
import * as Fs from "node:fs"
import { fileURLToPath } from "node:url"

/**
 * The recording told line by line, the outcome of its replay, and the state in the middle of it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const tell = (text: string): Result.Result<ReadonlyArray<string>, RecordingError.RecordingError> =>
  Result.map(Recording.decode(text), (recording) => {
    const middle = Math.floor(Recording.steps(recording).length / 2)
    return [
      ...Explain.lines(recording),
      Explain.outcome(Replay.run(recording)),
      `after step ${middle} it was ${State.label(Replay.until(recording, middle))}`,
      `and without what people wrote: ${Explain.outcome(Replay.run(Redact.recording(recording)))}`
    ]
  })

/**
 * The same for a recording that is too long to be held: a line at a time, as it is read; only the state is kept.
 *
 * @since 0.1.0
 * @category combinators
 */
export const check = (
  lines: Iterable<string>
): Result.Result<Replay.Replay | undefined, RecordingError.RecordingError> => {
  let cursor = Recording.begin
  let replay: Replay.Replay | undefined
  for (const line of lines) {
    const decoded = Recording.decodeLine(cursor, line)
    if (Result.isFailure(decoded)) return Result.fail(decoded.failure)
    cursor = decoded.success.cursor
    const { read } = decoded.success
    if (read._tag === "Head") replay = Replay.start(read.head)
    if (read._tag === "Line" && replay !== undefined) replay = Replay.next(replay, read.line)
  }
  return Result.succeed(replay)
}

/**
 * What a shell does while it runs: one line for each step, before its actions are performed.
 *
 * @since 0.1.0
 * @category constructors
 */
export const record = (input: Config.Input, events: ReadonlyArray<Event.Event>): string => {
  const made = Config.make(input)
  if (made._tag === "Contradictory") return ""
  const lines = [Recording.head({ config: made.config, note: "an example" })]
  let state: State.State = Step.initial(made.config)
  events.forEach((event, seq) => {
    const [next, actions] = Step.step(state, event)
    lines.push(Recording.step({ seq, at: seq * 1000, event, actions, state: State.label(next) }))
    state = next
  })
  return `${lines.join("\n")}\n`
}

/**
 * The transport opens, and nobody answers our header.
 *
 * @since 0.1.0
 * @category constructors
 */
export const unanswered = (): string =>
  record({ role: "initiator", self: "romeo@forza", peer: "juliet@pronto" }, [
    { _tag: "TransportOpened" },
    { _tag: "TimerFired", timer: "step", generation: 2 },
    { _tag: "TimerFired", timer: "close", generation: 3 }
  ])

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = process.argv[2]
  const told = tell(file === undefined ? unanswered() : Fs.readFileSync(file, "utf8"))
  process.stdout.write(`${Result.isSuccess(told) ? told.success.join("\n") : told.failure.message}\n`)
}
