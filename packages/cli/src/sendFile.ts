/** `send-file`: one file to somebody on this network, who is asked first. Nobody is told that we are here. */
import * as NodeFiles from "@xmpp-e2e/node/NodeFiles"
import { FileSharing, Messenger } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Words from "./chatWords.ts"
import * as Connect from "./connect.ts"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Text from "./fileText.ts"
import * as Finding from "./finding.ts"
import * as Home from "./home.ts"
import * as Output from "./output.ts"
import { reached } from "./send.ts"
import * as Settings from "./settings.ts"
import * as Trusting from "./trusting.ts"

export interface Request extends Home.Flags {
  readonly who: string
  readonly file: string
  readonly mediaType: Option.Option<string>
  readonly host: Option.Option<string>
  readonly port: Option.Option<number>
  /** Seconds. */
  readonly wait: number
}

export const sendFile = Effect.fnUntraced(function*(request: Request) {
  yield* Connect.wholePlace(request)
  const own = yield* Effect.mapError(NodeFiles.own(request.file), ({ message }) => usage(message))
  const file = { ...own, ...Option.isSome(request.mediaType) ? { mediaType: request.mediaType.value } : {} }
  const person = yield* Home.settle(request)
  const settings = yield* Settings.load(person)
  const NodeDiscovery = yield* Effect.promise(() => import("@xmpp-e2e/node/NodeDiscovery"))
  const store = yield* Effect.mapError(Layer.build(Trusting.storeOf(person)), ({ message }) => usage(message))
  yield* send(request, file, settings).pipe(
    Effect.scoped,
    Effect.provide(store),
    Effect.provide(Layer.merge(NodeDiscovery.layer, settings.layer))
  )
}, Effect.scoped)

const send = Effect.fnUntraced(function*(
  request: Request,
  file: FileSharing.OwnFile,
  { options, timeout }: Settings.Settings
) {
  const files = yield* FileSharing.make({ absence, answerTimeout: `${request.wait} seconds` })
  const place = Connect.placeOf(request)
  const messenger = yield* Messenger.make({
    ...options,
    handlers: files.handlers,
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
  const { json } = request
  const { name, size } = file
  if (!json) yield* Output.remark(`connected to ${Words.named(peer)} (${Words.marks[yield* messenger.markOf(stream)]})`)
  yield* tell({ event: "Offered", peer, name, size }, json)
  yield* files.offer(stream, file, { onProgress: following(peer, json) }).pipe(
    Effect.tapError((failure) => json ? tell(Text.failed(peer, failure), json) : Effect.void),
    Effect.mapError((failure) => failure instanceof CommandFailed ? failure : Text.failure(failure))
  )
  yield* tell({ event: "Delivered", peer, name, size }, json)
})

const tell = (event: Text.Event, json: boolean): Effect.Effect<void, CommandFailed> =>
  json ? Output.line(Text.line(event)) : Output.remark(Text.words(event))

/** Once for each hundredth. People see it on one line of a terminal; elsewhere nobody watches it. */
const following = (peer: string, json: boolean) => {
  let last = -1
  return (progress: FileSharing.Progress): Effect.Effect<void> =>
    Effect.suspend(() => {
      const percent = Text.percent(progress)
      if (percent === last) return Effect.void
      last = percent
      if (json) return Effect.ignore(Output.line(Text.line({ event: "Progress", peer, ...progress })))
      if (!process.stderr.isTTY) return Effect.void
      const end = percent === 100 ? "\n" : ""
      return Effect.ignore(Output.write(process.stderr, `\r\u001b[2K${Text.progress(progress)}${end}`))
    })
}

const absence = "Files are only sent from here, and not taken."
