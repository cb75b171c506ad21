/** `send`: one message to somebody on this network, and whether it came. Nobody is told that we are here. */
import { Messenger } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Json from "./chatJson.ts"
import * as Words from "./chatWords.ts"
import * as Connect from "./connect.ts"
import { CommandFailed, exitCodes, streamFailure, usage } from "./exit.ts"
import * as Finding from "./finding.ts"
import * as Home from "./home.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"
import * as Settings from "./settings.ts"
import * as Trusting from "./trusting.ts"

export interface Request extends Home.Flags {
  readonly who: string
  readonly text: string
  readonly host: Option.Option<string>
  readonly port: Option.Option<number>
  /** Seconds. */
  readonly wait: number
}

export const send = Effect.fnUntraced(function*(request: Request) {
  yield* Connect.wholePlace(request)
  const person = yield* Home.settle(request)
  const settings = yield* Settings.load(person)
  const NodeDiscovery = yield* Effect.promise(() => import("@xmpp-e2e/node/NodeDiscovery"))
  const store = yield* Effect.mapError(Layer.build(Trusting.storeOf(person)), ({ message }) => usage(message))
  yield* say(request, settings).pipe(
    Effect.scoped,
    Effect.provide(store),
    Effect.provide(Layer.merge(NodeDiscovery.layer, settings.layer))
  )
}, Effect.scoped)

const say = Effect.fnUntraced(function*(request: Request, { options, timeout }: Settings.Settings) {
  const { json, wait } = request
  const text = request.text === "-" ? yield* ofInput : request.text
  if (text.trim() === "") return yield* usage("there is nothing to send")
  const place = Connect.placeOf(request)
  const messenger = yield* Messenger.make({
    ...options,
    naming: "linkLocal",
    isAnnounced: false,
    at: { host: "127.0.0.1", port: 0 },
    ...place === undefined ? {} : { placeOf: () => place }
  }).pipe(Effect.mapError(({ message }) => usage(message)))
  const peer = yield* Finding.appearing(messenger, request.who)
  if (peer === undefined) {
    return yield* new CommandFailed({
      code: exitCodes.failed,
      sentence: Words.several(request.who, "`xmpp-e2e discover`")
    })
  }
  const stream = yield* reached(messenger, peer, request, timeout)
  const showing = json ? Stream.tap(messenger.events, (event) => Output.lines(Json.event(event))) : messenger.events
  const coming = yield* showing.pipe(
    Stream.filter((event) => event._tag === "Show" && event.entry.by === "us" && event.entry.state === "received"),
    Stream.runHead,
    Effect.forkScoped({ startImmediately: true })
  )
  const entry = yield* messenger.say(peer, text)
  if (entry.by === "us" && entry.state === "failed") {
    return yield* new CommandFailed({ code: exitCodes.failed, sentence: Words.unsent(entry.why) })
  }
  const came = yield* Effect.timeoutOption(Fiber.join(coming), `${wait} seconds`)
  if (!json) yield* Output.remark(Words.sent(peer, yield* messenger.markOf(stream), Option.isSome(came)))
})

/** It is known who hears it before anything is said. */
export const reached = (
  { peers }: Messenger.Messenger,
  peer: string,
  request: Pick<Request, "host" | "port" | "timeout">,
  timeout: Settings.Settings["timeout"]
) =>
  peers.stream(peer).pipe(
    Effect.timeoutOrElse({
      duration: timeout,
      orElse: () => Effect.fail(Settings.tooSlow(Connect.placeOf(request) ?? peer, request.timeout))
    }),
    Effect.mapError((failure) => {
      switch (failure._tag) {
        case "CommandFailed":
          return failure
        case "StreamFailed":
          return streamFailure(failure.reason, `not sent: ${failure.message}`, false)
        case "ConfigInvalid":
          return usage(failure.message)
        case "DialFailed":
          return new CommandFailed({ code: exitCodes.failed, sentence: Words.unsent(failure.message) })
      }
    })
  )

const ofInput = Effect.gen(function*() {
  const { lines } = yield* Input.Input
  return (yield* Stream.runCollect(lines)).join("\n")
})
