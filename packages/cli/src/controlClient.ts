/** Finds the processes of this user that are running, and asks them for something. Who answers is in `control.ts`. */
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Net from "node:net"
import * as Place from "./controlPlace.ts"
import * as Wire from "./controlWire.ts"

/** One that answers. */
export interface Running extends Schema.Schema.Type<typeof Wire.Self> {
  readonly socket: string
}

/** The process is gone, does not answer in time, or answers with what is no answer. */
export class Unanswered extends Data.TaggedError("Unanswered")<{ readonly detail: string }> {
  override get message(): string {
    return this.detail
  }
}

export interface Found {
  readonly running: ReadonlyArray<Running>
  /** Directories in which nobody was looked for. */
  readonly unsafe: ReadonlyArray<Place.ControlFailed>
}

/** Whoever does not answer is left out. */
export const find: Effect.Effect<Found, Place.ControlFailed> = Effect.gen(function*() {
  const { sockets, unsafe } = yield* Place.living
  const running = yield* Effect.forEach(sockets, (socket) =>
    ask(socket, { request: "self" }).pipe(
      Effect.flatMap((answer) => Effect.fromResult(readSelf(answer))),
      Effect.map((self) => [{ ...self, socket }]),
      Effect.orElseSucceed(() => [])
    ), { concurrency: 8 })
  return { running: running.flat(), unsafe }
})

/** The answer, of whatever form. */
export const ask = (
  socket: string,
  request: Wire.Request
): Effect.Effect<unknown, Unanswered | Wire.Refused> =>
  Effect.gen(function*() {
    const connection = yield* connect(socket)
    const bytes = NodeStream.fromReadable<Uint8Array, Unanswered>({
      evaluate: () => connection,
      onError: () => new Unanswered({ detail: "the connection broke" })
    })
    connection.write(`${Wire.requestLine(request)}\n`)
    const line = yield* Stream.runHead(Wire.lines(bytes, Wire.lineCharactersMax))
    const answer = Option.isSome(line) ? Wire.decodeAnswer(line.value) : undefined
    if (answer === undefined) return yield* new Unanswered({ detail: "what answered was no answer" })
    return yield* Effect.fromResult(answer)
  }).pipe(
    Effect.scoped,
    Effect.timeoutOrElse({
      duration: answerMillis,
      orElse: () => Effect.fail(new Unanswered({ detail: `there was no answer in ${answerMillis / 1000} seconds` }))
    })
  )

const connect = (socket: string): Effect.Effect<Net.Socket, Unanswered, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<Net.Socket, Unanswered>((resume) => {
      const connection = Net.connect(socket)
      connection.on("error", (cause) => resume(Effect.fail(new Unanswered({ detail: cause.message }))))
      connection.once("connect", () => resume(Effect.succeed(connection)))
      return Effect.sync(() => void connection.destroy())
    }),
    (connection) => Effect.sync(() => void connection.destroy()),
    { interruptible: true }
  )

const readSelf = Schema.decodeUnknownResult(Wire.Self)

const answerMillis = 5000
