/**
 * A process that is running lets the commands of its own user ask for something, over a socket that nobody else can reach.
 *
 * `serve` is one scoped Effect. What can be asked for is said by name, and each name has a handler, which is given what came
 * with the request, of whatever form, and answers with something that JSON can hold, or with `Refused`:
 *
 *     yield* Control.serve({ as: "mira@tansy", naming: "jid", command: "chat", handlers: {
 *       presence: ControlPresence.handler(serverless)
 *     } })
 *
 * The request `self` is answered here. The lines are in `controlWire.ts`, who asks in `controlClient.ts`.
 */
import * as NodeStream from "@effect/platform-node/NodeStream"
import type { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as Fs from "node:fs/promises"
import * as Net from "node:net"
import * as Place from "./controlPlace.ts"
import * as Wire from "./controlWire.ts"

export type Handler = (body: unknown) => Effect.Effect<unknown, Wire.Refused>

export interface Options {
  /** Our own address, by which one of several processes is chosen. */
  readonly as: string
  readonly naming: Address.Naming
  /** What is running. */
  readonly command: string
  readonly handlers: Readonly<Record<string, Handler>>
}

/** Until the scope closes. A failure is no reason not to do what the process is there for. */
export const serve = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<void, Place.ControlFailed, Scope.Scope> {
  const directory = yield* Place.directory
  // Takes away what others have left.
  yield* Place.living
  const path = yield* Place.socketIn(directory, options.as)
  const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true })
  server.maxConnections = connectionsMax
  // Finalizers run backwards: stop listening, end the conversations, and then the last socket is gone as well.
  yield* Effect.addFinalizer(() => closed(server))
  const run = yield* FiberSet.makeRuntime<never>()
  const handlers = new Map([["self", self(options)], ...Object.entries(options.handlers)])
  server.on("connection", (socket) => {
    socket.on("error", () => {})
    run(converse(socket, handlers))
  })
  yield* Effect.acquireRelease(bind(server, path), () => Effect.sync(() => void server.close()))
})

const self = ({ as, command, naming }: Options): Handler => () => {
  const answer: Schema.Schema.Type<typeof Wire.Self> = { as, naming, command, pid: process.pid }
  return Effect.succeed(answer)
}

/** One request after the other, and not for ever. */
const converse = (socket: Net.Socket, handlers: ReadonlyMap<string, Handler>): Effect.Effect<void> => {
  const bytes = NodeStream.fromReadable<Uint8Array, Wire.Refused>({
    evaluate: () => socket,
    onError: () => new Wire.Refused({ reason: "refused", sentence: "The connection broke." }),
    closeOnDone: false
  })
  const say = (answer: Result.Result<unknown, Wire.Refused>) => write(socket, `${Wire.answerLine(answer)}\n`)
  return Wire.lines(bytes, Wire.lineCharactersMax).pipe(
    Stream.take(requestsMax),
    Stream.runForEach((line) => Effect.flatMap(Effect.result(answer(line, handlers)), say)),
    Effect.catch((refused) => say(Result.fail(refused))),
    Effect.timeoutOption(conversationMillis),
    Effect.ensuring(Effect.sync(() => socket.destroySoon())),
    Effect.asVoid
  )
}

const answer = Effect.fnUntraced(function*(
  line: string,
  handlers: ReadonlyMap<string, Handler>
): Effect.fn.Return<unknown, Wire.Refused> {
  const { request, with: body } = yield* Effect.fromResult(Wire.decodeRequest(line))
  const handler = handlers.get(request)
  if (handler !== undefined) return yield* handler(body)
  const known = [...handlers.keys()].join(", ")
  return yield* new Wire.Refused({
    reason: "unknown",
    sentence: `Nothing of that name can be asked for, only: ${known}.`
  })
})

/** Whoever does not read his answers gets no more of them. */
const write = (socket: Net.Socket, text: string): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (!socket.writable) return resume(Effect.void)
    socket.write(text, () => resume(Effect.void))
  })

const bind = (server: Net.Server, path: string): Effect.Effect<void, Place.ControlFailed> =>
  bindOnce(server, path).pipe(
    Effect.catchTag(
      "ControlFailed",
      Effect.fnUntraced(function*(failure) {
        // A process of our number that has died has left it. If it lives, it is in a container that shares the directory.
        if (Place.codeOf(failure.cause) !== "EADDRINUSE" || (yield* Place.isAlive(path))) return yield* failure
        yield* Effect.ignore(Effect.tryPromise(() => Fs.unlink(path)))
        yield* bindOnce(server, path)
      })
    )
  )

const bindOnce = (server: Net.Server, path: string): Effect.Effect<void, Place.ControlFailed> =>
  Effect.callback((resume) => {
    const onError = (cause: Error): void =>
      resume(Effect.fail(
        new Place.ControlFailed({
          reason: "unopenable",
          detail: `${path} cannot be opened (${Place.codeOf(cause)})`,
          cause
        })
      ))
    server.once("error", onError)
    server.listen(path, () => {
      server.off("error", onError)
      resume(Effect.void)
    })
  })

const closed = (server: Net.Server): Effect.Effect<void> =>
  Effect.callback((resume) => {
    // Answers once every connection is gone, and at once with an error when the server never listened.
    server.close(() => resume(Effect.void))
  })

const connectionsMax = 8
const requestsMax = 64
const conversationMillis = 10_000
