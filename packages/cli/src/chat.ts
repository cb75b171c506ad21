/**
 * `chat`: people on this network, and what is said with them. Everything that happens is told as it happens; what is typed
 * is read in `chatIntent.ts` (or `chatJson.ts`) and done in `chatTalk.ts`.
 */
import { Renewal } from "@xmpp-e2e/certificates"
import { Arrivals, type Presence, type Roster } from "@xmpp-e2e/link-local"
import { FileSharing, Messenger } from "@xmpp-e2e/serverless"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Announcing from "./announcing.ts"
import * as Desk from "./chatDesk.ts"
import * as Files from "./chatFiles.ts"
import * as Front from "./chatFront.ts"
import * as Json from "./chatJson.ts"
import * as Talk from "./chatTalk.ts"
import * as Words from "./chatWords.ts"
import * as ControlPresence from "./controlPresence.ts"
import { type CommandFailed, usage } from "./exit.ts"
import * as Home from "./home.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"
import * as RosterText from "./rosterText.ts"
import * as Settings from "./settings.ts"
import * as Trusting from "./trusting.ts"

export interface Request extends Home.Flags {
  readonly who: Option.Option<string>
  readonly host: Option.Option<string>
  readonly port: number
  readonly announce: boolean
  readonly status: Presence.Status
  readonly message: Option.Option<string>
  readonly nick: Option.Option<string>
  /** Where files of others go. */
  readonly files: Option.Option<string>
}

export const chat = Effect.fnUntraced(function*(request: Request) {
  const person = yield* Home.settle(request)
  const front = yield* frontOf(request)
  const desk = Desk.make((lines) => Effect.ignore(front.show(request.json ? Json.question(lines) : lines)))
  const settings = yield* Settings.load(person, Desk.layer(desk))
  const NodeDiscovery = yield* Effect.promise(() => import("@xmpp-e2e/node/NodeDiscovery"))
  const store = yield* Effect.mapError(Layer.build(Trusting.storeOf(person)), ({ message }) => usage(message))
  const around = Layer.merge(NodeDiscovery.layer, settings.layer)
  const directory = Option.isSome(request.files) ? request.files.value : yield* Files.placeFor(person.place)
  yield* converse(request, settings, { front, desk, json: request.json, directory }).pipe(
    Effect.scoped,
    Effect.provide(store),
    Effect.provide(around)
  )
}, Effect.scoped)

const frontOf = Effect.fnUntraced(function*({ json }: Request) {
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY && !json
  if (!isTerminal) return yield* Effect.provide(Front.pipes, Input.layer)
  const Terminal = yield* Effect.promise(() => import("./chatTerminal.ts"))
  return yield* Terminal.make
})

const converse = Effect.fnUntraced(function*(
  request: Request,
  settings: Settings.Settings,
  room: Omit<Files.Ground, "sharing">
) {
  const { front, json } = room
  const sharing = yield* FileSharing.make()
  const messenger = yield* messengerOf(request, settings, sharing, front)
  yield* ControlPresence.serve({ as: settings.options.from, naming: "linkLocal", command: "chat" }, messenger)
  const give = yield* Files.make({ ...room, sharing })
  const talk = yield* Talk.make({
    ...room,
    messenger,
    give,
    wanted: settings.options.from,
    willAnnounce: request.announce
  })
  const view = json ? Json.event : Words.event
  // Whoever reads what we show may have gone: then there is nobody to talk for.
  const telling = Effect.all([
    Stream.runForEach(messenger.events, (event) => Effect.andThen(front.show(view(event)), talk.hear(event))),
    tellRoster(messenger, (lines) => Effect.andThen(front.show(lines), talk.refresh), json),
    Stream.runForEach(messenger.standing, talk.stand)
  ], { concurrency: "unbounded", discard: true })
  if (!json) yield* front.show(Words.welcome(settings.options.from))
  else yield* front.show([Json.notice({ _tag: "Listening", as: settings.options.from, ...messenger.at })])
  const begun = Option.match(request.who, { onNone: () => talk.refresh, onSome: talk.begin })
  yield* Effect.raceFirst(telling, Effect.andThen(begun, talk.heed))
})

const messengerOf = Effect.fnUntraced(function*(
  request: Request,
  { identity, options }: Settings.Settings,
  { handlers }: FileSharing.FileSharing,
  front: Front.Front
) {
  return yield* Messenger.make({
    ...options,
    handlers,
    naming: "linkLocal",
    at: { host: Option.getOrElse(request.host, () => "::"), port: request.port },
    presence: Announcing.presenceOf(request),
    isAnnounced: request.announce,
    onFailure: (failure) =>
      Effect.ignore(
        request.json
          ? front.show([Json.failure(failure)])
          : Output.remark(Output.paint("bad", `somebody was not admitted: ${failure.message}`))
      ),
    ...identity === undefined ? {} : {
      identityFor: (instance) =>
        Effect.orElseSucceed(Renewal.named(identity, { address: instance, naming: "linkLocal" }), () => identity)
    }
  }).pipe(Effect.mapError(({ message }): CommandFailed => usage(message)))
})

const tellRoster = Effect.fnUntraced(function*(
  { changes }: Messenger.Messenger,
  tell: (lines: ReadonlyArray<string>) => Effect.Effect<void, CommandFailed>,
  json: boolean
) {
  let arrivals = Arrivals.none
  const waited = Stream.as(Stream.tick("100 millis"), undefined)
  yield* Stream.merge(changes, waited).pipe(
    Stream.runForEach(Effect.fnUntraced(function*(change: Roster.Change | undefined) {
      const step = Arrivals.step(arrivals, change === undefined ? [] : [change], yield* Clock.currentTimeMillis)
      arrivals = step.arrivals
      if (step.changes.length === 0) return
      yield* tell(step.changes.flatMap((each) => json ? [RosterText.changeJson(each)] : Words.change(each)))
    }))
  )
})
