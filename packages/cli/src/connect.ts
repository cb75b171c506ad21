/** `connect`: an initiator. Lines on standard input go out, what comes is shown, the end of input closes in order. */
import { Address } from "@xmpp-e2e/protocol"
import { Dial } from "@xmpp-e2e/serverless"
import { E2eStream, Failure } from "@xmpp-e2e/stream"
import type { Connection } from "@xmpp-e2e/transport"
import type { Element } from "@xmpp-e2e/xml"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Conversation from "./conversation.ts"
import { CommandFailed, exitCodes, streamFailure, usage } from "./exit.ts"
import * as Input from "./input.ts"
import * as Invited from "./invited.ts"
import * as Output from "./output.ts"
import * as Settings from "./settings.ts"
import * as Trusting from "./trusting.ts"

export interface Request extends Settings.Flags {
  readonly to: string
  /** Without host and port the peer is looked for on this network. */
  readonly host: Option.Option<string>
  readonly port: Option.Option<number>
  /** Where to look before that. */
  readonly places?: ReadonlyArray<Connection.Endpoint>
}

export const connect = Effect.fnUntraced(function*(wish: Settings.Flags & Invited.Wish) {
  yield* wholePlace(wish)
  const request: Request = { ...wish, ...yield* Invited.wanted(wish, Trusting.given(wish)) }
  const settings = yield* Settings.load(request)
  yield* converse(request, settings).pipe(
    Effect.scoped,
    Effect.provide(settings.layer)
  )
})

const converse = Effect.fnUntraced(function*(request: Request, settings: Settings.Settings) {
  const manner: Conversation.Manner = { json: request.json }
  const stream = yield* opened(request, settings)
  if (!manner.json) yield* Output.remark(`connected to ${Conversation.introduction(stream)}`)
  const notices = yield* Effect.forkScoped(Conversation.showNotices(stream, manner), { startImmediately: true })
  const spoken: Conversation.Spoken = { lines: 0 }
  const sending = yield* Effect.forkScoped(send(stream, manner, spoken))
  yield* Conversation.show(stream, manner, () => Effect.void).pipe(Effect.catchTag("StreamFailed", () => Effect.void))
  const refusedLines = yield* finish(stream, sending, spoken)
  const ended = yield* stream.ended
  yield* Fiber.join(notices)
  if (manner.json) yield* Output.line(Conversation.noticeLine({ ...ended, _tag: "Ended" }, manner))
  if (!ended.clean || ended.reason._tag !== "Finished") {
    return yield* streamFailure(ended.reason, Failure.explain(ended.reason), true)
  }
  if (refusedLines > 0) {
    return yield* new CommandFailed({ code: exitCodes.usage, sentence: `${refusedLines} lines of input were not sent` })
  }
})

export const wholePlace = ({ host, port }: Pick<Request, "host" | "port">): Effect.Effect<void, CommandFailed> =>
  Option.isSome(host) === Option.isSome(port)
    ? Effect.void
    : Effect.fail(usage("--host and --port go together; without both, the peer is looked for on this network"))

/** A stream to the wanted peer, at its place or where it is found, or why there is none. */
export const opened = (request: Request, settings: Pick<Settings.Settings, "options" | "timeout">) =>
  open(request, settings).pipe(
    Effect.timeoutOrElse({
      duration: settings.timeout,
      orElse: () => Effect.fail(Settings.tooSlow(placeOf(request) ?? request.to, request.timeout))
    }),
    Effect.catchTag("StreamFailed", (failure) => refused(failure, { json: request.json })),
    Effect.catchTag("ConfigInvalid", (failure) => Effect.fail(usage(failure.message)))
  )

const open = Effect.fnUntraced(function*(request: Request, { options }: Pick<Settings.Settings, "options">) {
  const { to } = request
  const at = placeOf(request)
  if (at !== undefined) return yield* E2eStream.connect({ ...options, to, at })
  const connection = (yield* firstOf(request)) ?? (yield* found(request, options.naming ?? "jid"))
  return yield* E2eStream.over(connection, { ...options, role: "initiator", to })
})

/** Who answers there may be anybody: that is for the judge. */
const firstOf = Effect.fnUntraced(function*({ places = [], to }: Request) {
  if (places.length === 0) return undefined
  return yield* Dial.inTurn(to, places).pipe(
    Effect.catch(({ detail }) => Effect.as(Output.remark(`nobody answers where the invite says: ${detail}`), undefined))
  )
})

const found = Effect.fnUntraced(function*({ json, to }: Request, naming: Address.Naming) {
  if (!json) yield* Output.remark(`looking for ${to} on this network …`)
  const NodeDiscovery = yield* Effect.promise(() => import("@xmpp-e2e/node/NodeDiscovery"))
  const { connection } = yield* Dial.dial(Address.bareText(to, naming) ?? to).pipe(
    Effect.provide(NodeDiscovery.layer),
    Effect.mapError(notFound)
  )
  return connection
})

const notFound = ({ message }: Dial.DialFailed): CommandFailed =>
  new CommandFailed({
    code: exitCodes.failed,
    sentence: `${message}. \`xmpp-e2e discover\` shows who is there; --host and --port name a place`
  })

/** Nothing where the peer is to be looked for. */
export const placeOf = (
  { host, port }: Pick<Request, "host" | "port">
): { readonly host: string; readonly port: number } | undefined =>
  Option.isSome(host) && Option.isSome(port) ? { host: host.value, port: port.value } : undefined

/** Sends line after line; the end of input closes our side. Answers with the number of lines that were no stanzas. */
const send = Effect.fnUntraced(function*(
  stream: E2eStream.E2eStream,
  manner: Conversation.Manner,
  spoken: Conversation.Spoken
) {
  let refusedLines = 0
  const { lines } = yield* Input.Input
  yield* lines.pipe(
    Stream.runForEachArray(Effect.fnUntraced(function*(lines) {
      const stanzas: Array<Element.Element> = []
      for (const line of lines) {
        if (line.trim() === "") continue
        const made = Conversation.toStanza(line, manner, stream.contentNamespace)
        if (Result.isSuccess(made)) stanzas.push(made.success.stanza)
        else {
          refusedLines += 1
          yield* Output.remark(`not sent: ${made.failure}: ${line.slice(0, 80)}`)
        }
      }
      yield* stream.sendAll(stanzas)
      spoken.lines += stanzas.length
    }))
  )
  yield* stream.close
  return refusedLines
})

/** The peer has had its last word. Lines that come too late are lost to it, and our side is told so. */
const finish = Effect.fnUntraced(function*(
  stream: E2eStream.E2eStream,
  sending: Fiber.Fiber<number, CommandFailed | Failure.SendFailed>,
  spoken: Conversation.Spoken
) {
  yield* Conversation.untilSilent(spoken)
  yield* stream.close
  yield* Fiber.interrupt(sending)
  const exit = yield* Fiber.await(sending)
  if (Exit.isSuccess(exit)) return exit.value
  const failure = Cause.findErrorOption(exit.cause)
  return Option.isSome(failure)
    ? yield* new CommandFailed({
      code: exitCodes.failed,
      sentence: `not everything was sent: ${failure.value.message}`
    })
    : 0
})

const refused = ({ message, reason }: Failure.StreamFailed, manner: Conversation.Manner) =>
  Effect.gen(function*() {
    if (manner.json) yield* Output.line(Conversation.noticeLine({ _tag: "Ended", reason, clean: false }, manner))
    return yield* streamFailure(reason, message, false)
  })
