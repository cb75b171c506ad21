/** `verify`: an initiator that opens a stream for nothing but this: two people compare a string, and the pin is marked. */
import { Verifying } from "@xmpp-e2e/serverless"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Connect from "./connect.ts"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"
import * as Settings from "./settings.ts"
import * as Trusting from "./trusting.ts"
import * as Talk from "./verifyTalk.ts"
import * as Text from "./verifyText.ts"

export const verify = Effect.fnUntraced(function*(request: Connect.Request) {
  yield* Connect.wholePlace(request)
  if (Option.isNone(request.trustStore)) {
    return yield* usage("verify writes down whom you have made sure of, and has nowhere to; name a --trust-store")
  }
  if (!request.json && !(yield* Input.isTerminal)) {
    return yield* usage("there is no terminal to ask on; with --json, lines tell the string and take the answer")
  }
  const settings = yield* Settings.load(request, true)
  const store = yield* Layer.build(Trusting.storeOf(request)).pipe(
    Effect.mapError(({ message }) => usage(message))
  )
  yield* compare(request, settings).pipe(Effect.scoped, Effect.provide(store), Effect.provide(settings.layer))
}, Effect.scoped)

const compare = Effect.fnUntraced(function*(request: Connect.Request, settings: Settings.Settings) {
  const verifying = yield* Verifying.make()
  const outcome = yield* Deferred.make<string, CommandFailed>()
  yield* Effect.forkScoped(talk(request, verifying, outcome), { startImmediately: true })
  const options = { ...settings.options, handlers: verifying.handlers }
  // The stream goes first, so that the last word is said before the verification ends.
  const peer = yield* Effect.scoped(overStream(request, { ...settings, options }, verifying, Deferred.await(outcome)))
  if (!request.json) yield* Output.remark(Text.verified(peer))
})

const overStream = Effect.fnUntraced(function*(
  request: Connect.Request,
  settings: Settings.Settings,
  verifying: Verifying.Verifying,
  outcome: Effect.Effect<string, CommandFailed>
) {
  const stream = yield* Connect.opened(request, settings)
  // Whoever leaves says so; whoever has said the last word waits until it is heard.
  yield* Effect.addFinalizer(() => Effect.timeoutOption(verifying.stop(stream), "2 seconds"))
  // What is said besides is not for this command, and must not keep the stream from being read.
  yield* Effect.forkScoped(Effect.ignore(Stream.runDrain(stream.stanzas)))
  const mark = yield* Effect.mapError(Verifying.markOf(stream), ({ message }) => usage(message))
  if (!request.json) yield* Output.remark(Text.connected(request.to, mark))
  yield* verifying.begin(stream).pipe(
    Effect.tapError((failure) => request.json ? Output.line(Text.failureLine(request.to, failure)) : Effect.void),
    Effect.mapError((failure) => failure instanceof CommandFailed ? failure : Text.failed(failure))
  )
  if (!request.json) yield* Output.remark(Text.waiting(request.to))
  return yield* outcome
})

/** Lines before a question are no answers to it: they are read, and dropped. */
const talk = Effect.fnUntraced(function*(
  { json }: Connect.Request,
  verifying: Verifying.Verifying,
  outcome: Deferred.Deferred<string, CommandFailed>
) {
  const { lines } = yield* Input.Input
  const then = (event: Verifying.Event): Effect.Effect<unknown> =>
    event._tag === "Verified"
      ? Deferred.succeed(outcome, event.peer)
      : event._tag === "Failed"
      ? Deferred.fail(outcome, Text.failed(event.failure))
      : Effect.void
  if (!json) {
    yield* Effect.forkScoped(Effect.ignore(Stream.runDrain(lines)))
    return yield* Talk.withPerson(verifying, then)
  }
  const program = Talk.withProgram(verifying, then)
  const ended = new CommandFailed({ code: exitCodes.failed, sentence: "not verified: input ended without an answer" })
  yield* lines.pipe(
    Stream.runForEach(program.take),
    Effect.andThen(Deferred.fail(outcome, ended)),
    Effect.catch((failure) => Deferred.fail(outcome, failure)),
    Effect.forkScoped
  )
  yield* program.tell.pipe(Effect.catch((failure) => Deferred.fail(outcome, failure)))
})
