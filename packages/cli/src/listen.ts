/**
 * `listen`: a recipient that serves many streams at once. Input goes to every open stream, or to the one that a line of
 * `--json` names. When there was input, its end closes the streams in order; then the command ends with them.
 */
import { type Identity, Renewal } from "@xmpp-e2e/certificates"
import { E2eStream, Failure } from "@xmpp-e2e/stream"
import type { Element } from "@xmpp-e2e/xml"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as Announcing from "./announcing.ts"
import * as ControlPresence from "./controlPresence.ts"
import * as Conversation from "./conversation.ts"
import { type CommandFailed, streamFailure, usage } from "./exit.ts"
import * as FileListening from "./fileListening.ts"
import * as Input from "./input.ts"
import * as Invited from "./invited.ts"
import * as Output from "./output.ts"
import * as Settings from "./settings.ts"
import * as VerifyListening from "./verifyListening.ts"

export interface Request
  extends Settings.Flags, Omit<Announcing.Request, "as" | "json" | "naming">, Omit<FileListening.Request, "json">
{
  readonly announce: boolean
  readonly host: string
  readonly port: number
  readonly echo: boolean
  readonly once: boolean
  readonly verify: boolean
  /** Of those who may come. */
  readonly invite: ReadonlyArray<string>
}

export const listen = Effect.fnUntraced(function*(wish: Request) {
  const request = { ...wish, invites: yield* Invited.welcome(wish) }
  const asked = yield* VerifyListening.whoIsAsked(request)
  const settings = yield* Settings.load(request, asked === "person")
  yield* Effect.flatMap(VerifyListening.make(request, asked), (verifying) => serve(request, settings, verifying)).pipe(
    Effect.scoped,
    Effect.provide(settings.layer)
  )
})

const serve = Effect.fnUntraced(function*(
  request: Request,
  settings: Settings.Settings,
  verifying: VerifyListening.Answering
) {
  const house = yield* openHouse
  const self = selfOf(request, settings)
  const files = yield* FileListening.make(request)
  const manner: Conversation.Manner = { json: request.json }
  const listener = yield* E2eStream.listen(
    {
      ...settings.options,
      self: self.now,
      handlers: [...verifying.handlers, ...files.handlers],
      at: { host: request.host, port: request.port },
      onFailure: (failure) => onFailure(failure, manner, house)
    },
    (stream) => host(stream, request, house, Effect.andThen(verifying.quiet, files.quiet))
  ).pipe(
    Effect.catchTag("ListenFailed", (failure) => Effect.fail(usage(failure.message))),
    Effect.catchTag("ConfigInvalid", (failure) => Effect.fail(usage(failure.message)))
  )
  const { host: at, port } = listener.at
  yield* request.json
    ? Output.line(Conversation.noticeLine({ _tag: "Listening", as: request.as, host: at, port }, manner))
    : Output.remark(`listening on ${at}:${port} as ${request.as}`)
  if (Announcing.wanted(request.announce, at)) yield* announce(request, port, self)
  if (yield* Input.isConnected) yield* Effect.forkScoped(speak(house, manner, verifying))
  yield* request.once ? Deferred.await(house.first) : Deferred.await(house.done)
})

/** Who we are: somebody else on the network may have our name (LL-11), and then nobody believes a certificate for it. */
const selfOf = ({ as, naming }: Request, { identity }: Settings.Settings) => {
  let now: { readonly from: string; readonly identity?: Identity.Identity } = {
    from: as,
    ...identity === undefined ? {} : { identity }
  }
  return {
    now: Effect.sync(() => now),
    renamed: Effect.fnUntraced(function*(from: string) {
      const named = identity === undefined
        ? undefined
        : yield* Renewal.named(identity, { address: from, naming: Settings.namingOf(naming) }).pipe(
          Effect.catch(({ message }) =>
            Effect.as(Output.remark(`there is no certificate for ${from}: ${message}`), identity)
          )
        )
      now = { from, ...named === undefined ? {} : { identity: named } }
    })
  }
}

/** Until the scope closes; meanwhile `presence` can change what is announced. */
const announce = Effect.fnUntraced(function*(request: Request, port: number, self: ReturnType<typeof selfOf>) {
  const NodeDiscovery = yield* Effect.promise(() => import("@xmpp-e2e/node/NodeDiscovery"))
  const owner = yield* Announcing.announce(request, port, self.renamed).pipe(
    Effect.provide(yield* Layer.build(NodeDiscovery.layer))
  )
  yield* ControlPresence.serve({ as: request.as, naming: Settings.namingOf(request.naming), command: "listen" }, owner)
})

/** The streams that are open, and what their visitors and our own side wait for. */
interface House {
  readonly guests: Map<number, E2eStream.E2eStream>
  /** Open while there is somebody to talk to. */
  readonly occupied: Latch.Latch
  /** How the first visit ended. */
  readonly first: Deferred.Deferred<void, CommandFailed>
  /** Input has ended, and so have the streams. */
  readonly done: Deferred.Deferred<void, CommandFailed>
  readonly spoken: Conversation.Spoken
  visits: number
  inputEnded: boolean
}

const openHouse: Effect.Effect<House> = Effect.gen(function*() {
  return {
    guests: new Map(),
    occupied: yield* Latch.make(false),
    first: yield* Deferred.make<void, CommandFailed>(),
    done: yield* Deferred.make<void, CommandFailed>(),
    spoken: { lines: 0 },
    visits: 0,
    inputEnded: false
  }
})

const host = Effect.fnUntraced(function*(
  stream: E2eStream.E2eStream,
  request: Request,
  house: House,
  quiet: Effect.Effect<void>
) {
  house.visits += 1
  const number = house.visits
  const manner: Conversation.Manner = { json: request.json, stream: number }
  if (!request.json) yield* Output.remark(`stream ${number}: ${Conversation.introduction(stream)}`)
  house.guests.set(number, stream)
  yield* house.occupied.open
  const notices = yield* Effect.forkScoped(Conversation.showNotices(stream, manner), { startImmediately: true })
  yield* Conversation.show(stream, manner, (batch) => request.echo ? echo(stream, batch) : Effect.void).pipe(
    Effect.catchTag(["StreamFailed", "SendFailed"], () => Effect.void)
  )
  if (!house.inputEnded) yield* Conversation.untilSilent(house.spoken)
  const ended = yield* stream.close
  house.guests.delete(number)
  if (house.guests.size === 0) yield* house.occupied.close
  yield* Fiber.join(notices)
  yield* request.json
    ? Output.line(Conversation.noticeLine({ ...ended, _tag: "Ended" }, manner))
    : Output.remark(`stream ${number} ended: ${Failure.explain(ended.reason)}`)
  // Two people who compare what they see need no stream for that; whoever has gone first has said his word.
  if (request.once) yield* quiet
  const inOrder = ended.clean && ended.reason._tag === "Finished"
  yield* Deferred.done(
    house.first,
    inOrder ? Exit.void : Exit.fail(streamFailure(ended.reason, Failure.explain(ended.reason), true))
  )
  if (house.inputEnded && house.guests.size === 0) yield* Deferred.succeed(house.done, undefined)
})

const echo = (
  stream: E2eStream.E2eStream,
  batch: ReadonlyArray<{ readonly stanza: Element.Element; readonly canReply: boolean }>
) =>
  stream.sendAll(batch.flatMap(({ canReply, stanza }) => {
    const body = Conversation.bodyOf(stanza)
    return body === undefined || !canReply ? [] : [Conversation.chat(body, stream.contentNamespace)]
  }))

/** Sends each line as soon as somebody is there to hear it; but for answers to a verification. */
const speak = Effect.fnUntraced(function*(
  house: House,
  manner: Conversation.Manner,
  verifying: VerifyListening.Answering
) {
  const { lines } = yield* Input.Input
  yield* lines.pipe(
    Stream.filter((line) => line.trim() !== ""),
    Stream.runForEachArray(Effect.fnUntraced(function*(lines) {
      const batch = yield* verifying.rest(lines)
      if (batch.length === 0) return
      yield* house.occupied.await
      yield* sayAll(house, manner, batch)
      house.spoken.lines += batch.length
    })),
    Effect.catchTag("CommandFailed", (failure) => Deferred.fail(house.done, failure))
  )
  house.inputEnded = true
  // An input that never said anything is no wish to stop: the visitors decide.
  if (house.spoken.lines > 0) {
    yield* Effect.forEach([...house.guests.values()], (guest) => guest.close, { concurrency: "unbounded" })
  }
  if (house.visits > 0 && house.guests.size === 0) yield* Deferred.succeed(house.done, undefined)
})

const sayAll = Effect.fnUntraced(function*(house: House, manner: Conversation.Manner, batch: ReadonlyArray<string>) {
  for (const [number, guest] of house.guests) {
    const stanzas = batch.flatMap((line) => {
      const made = Conversation.toStanza(line, manner, guest.contentNamespace)
      if (Result.isFailure(made)) return []
      return made.success.stream === undefined || made.success.stream === number ? [made.success.stanza] : []
    })
    yield* Effect.ignore(guest.sendAll(stanzas))
  }
})

const onFailure = Effect.fnUntraced(
  function*({ message, reason }: Failure.StreamFailed, manner: Conversation.Manner, house: House) {
    yield* Effect.ignore(
      manner.json
        ? Output.line(Conversation.noticeLine({ _tag: "Ended", reason, clean: false }, manner))
        : Output.remark(`not admitted: ${message}`)
    )
    yield* Deferred.fail(house.first, streamFailure(reason, message, false))
  }
)
