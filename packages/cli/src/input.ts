/**
 * Standard input as lines, in the batches in which they came. It belongs to the conversation, unless a question is put to
 * the person at the terminal: then the next line is the answer.
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { fstatSync } from "node:fs"
import { CommandFailed, exitCodes } from "./exit.ts"

type Lines = Stream.Stream<string, CommandFailed>

export class Input extends Context.Service<Input, {
  readonly lines: Lines
  /** The next line that somebody types; nothing when input has ended. Questions wait for each other. */
  readonly answer: (ask: Effect.Effect<void>) => Effect.Effect<string | undefined>
}>()("@xmpp-e2e/cli/input/Input") {}

const standard: Lines = Stream.suspend(() =>
  NodeStream.fromReadable<Uint8Array, CommandFailed>({
    evaluate: () => process.stdin,
    onError: (cause) => new CommandFailed({ code: exitCodes.failed, sentence: `standard input: ${String(cause)}` })
  }).pipe(Stream.decodeText, Stream.splitLines)
)

/** Nobody is ever asked. */
export const layer: Layer.Layer<Input> = Layer.succeed(Input, {
  lines: standard,
  answer: () => Effect.succeed(undefined)
})

/** Somebody may be asked. */
export const layerAsking = (source: Lines = standard): Layer.Layer<Input> => Layer.effect(Input, make(source))

const make = Effect.fnUntraced(function*(source: Lines) {
  const scope = yield* Effect.scope
  const conversation = yield* Queue.bounded<string, CommandFailed | Cause.Done>(linesMax)
  const one = yield* Semaphore.make(1)
  let asked: Deferred.Deferred<string | undefined> | undefined
  let ended = false
  const settle = (line: string | undefined): void => {
    // Whoever is answered may ask again at once.
    const answered = asked
    asked = undefined
    if (answered !== undefined) Deferred.doneUnsafe(answered, Effect.succeed(line))
  }
  const sort = (lines: ReadonlyArray<string>): Effect.Effect<unknown> => {
    const [first, ...rest] = lines
    const isAnswer = asked !== undefined && first !== undefined
    if (isAnswer) settle(first)
    return Queue.offerAll(conversation, isAnswer ? rest : lines)
  }
  const reading = yield* source.pipe(
    Stream.runForEachArray(sort),
    Effect.matchEffect({
      onFailure: (failure) => Queue.fail(conversation, failure),
      onSuccess: () => Queue.end(conversation)
    }),
    Effect.andThen(Effect.sync(() => {
      ended = true
      settle(undefined)
    })),
    Effect.forkIn(scope),
    Effect.cached
  )
  const answer = Effect.fnUntraced(function*(ask: Effect.Effect<void>) {
    yield* ask
    if (ended) return undefined
    const answered = yield* Deferred.make<string | undefined>()
    asked = answered
    yield* reading
    return yield* Deferred.await(answered).pipe(Effect.onInterrupt(() => Effect.sync(() => void (asked = undefined))))
  })
  return {
    lines: Stream.unwrap(Effect.as(reading, Stream.fromQueue(conversation))),
    answer: (ask: Effect.Effect<void>) => one.withPermit(answer(ask))
  }
})

/**
 * Whether somebody can say something there. `/dev/null`, which is what a program in the background is given, cannot: a
 * listener does not take its end for the wish to stop.
 */
export const isConnected: Effect.Effect<boolean> = Effect.sync(() => {
  if (process.stdin.isTTY) return true
  try {
    return !fstatSync(0).isCharacterDevice()
  } catch {
    return false
  }
})

/** Whether a person can be asked: the question goes to standard error, the answer comes from standard input. */
export const isTerminal: Effect.Effect<boolean> = Effect.sync(() => process.stdin.isTTY && process.stderr.isTTY)

const linesMax = 4096
