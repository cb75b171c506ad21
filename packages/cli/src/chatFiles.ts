/** Files in `chat`: offers of others are asked about, with name, size and where they would go; ours are offered. */
import * as NodeFiles from "@xmpp-e2e/node/NodeFiles"
import type { FileSharing, Messenger } from "@xmpp-e2e/serverless"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { homedir } from "node:os"
import { join } from "node:path"
import * as Desk from "./chatDesk.ts"
import type { Front } from "./chatFront.ts"
import * as Words from "./chatWords.ts"
import type { CommandFailed } from "./exit.ts"
import * as Text from "./fileText.ts"
import * as Output from "./output.ts"

export interface Ground {
  readonly sharing: FileSharing.FileSharing
  readonly front: Front
  readonly desk: Desk.Desk
  readonly json: boolean
  /** Where files of others go. */
  readonly directory: string
}

/** Offers a file to a peer; completes when the peer has it, or it is known why it does not get it. */
export type Send = (messenger: Messenger.Messenger, peer: string, path: string) => Effect.Effect<void, CommandFailed>

/** Asks about each file that is offered, until the scope closes. */
export const make = Effect.fnUntraced(function*(
  ground: Ground
): Effect.fn.Return<Send, never, FileSystem.FileSystem | Scope.Scope> {
  const scope = yield* Effect.scope
  const { makeDirectory } = yield* FileSystem.FileSystem
  const { desk, directory, sharing } = ground
  const tell = (event: Text.Event) => Effect.ignore(told(ground, event))
  const take = Effect.fnUntraced(function*({ accept, name, peer, size }: FileSharing.Incoming) {
    yield* tell({ event: "Receiving", peer, name, size })
    yield* Effect.ignore(makeDirectory(directory, { recursive: true, mode: 0o700 }))
    yield* accept(NodeFiles.into(directory, size), { onProgress: following(ground, peer) }).pipe(
      Effect.matchEffect({
        onFailure: (failure) => tell(Text.failed(peer, failure)),
        onSuccess: (path) => tell({ event: "Received", peer, path, size })
      })
    )
  })
  const ask = Effect.fnUntraced(function*(offer: FileSharing.Incoming) {
    const { decided, decline, name, peer, size } = offer
    yield* Effect.forkIn(Effect.andThen(decided, desk.withdraw(offer)), scope)
    yield* desk.ask(offer, {
      lines: [Text.wish(peer, name, size, directory, Desk.how)],
      answer: (isYes) => isYes ? Effect.forkIn(take(offer), scope) : decline()
    })
  })
  yield* Effect.forkScoped(Stream.runForEach(sharing.offers, ask), { startImmediately: true })
  return (messenger, peer, path) => send(ground, messenger, peer, path)
})

/** Where people look for them, if there is such a place. */
export const placeFor = Effect.fnUntraced(function*(home: string) {
  const { exists } = yield* FileSystem.FileSystem
  const usual = join(homedir(), "Downloads")
  return (yield* Effect.orElseSucceed(exists(usual), () => false)) ? usual : join(home, "received")
})

const send = Effect.fnUntraced(function*(ground: Ground, messenger: Messenger.Messenger, peer: string, path: string) {
  const { front, json, sharing } = ground
  const unable = (sentence: string) => json ? Output.remark(sentence) : front.show([Output.paint("bad", sentence)])
  yield* Effect.gen(function*() {
    const file = yield* NodeFiles.own(path.replace(/^~(?=\/)/, homedir()))
    const { name, size } = file
    const stream = yield* messenger.peers.stream(peer)
    yield* told(ground, { event: "Offered", peer, name, size })
    yield* sharing.offer(stream, file, { onProgress: following(ground, peer) })
    yield* told(ground, { event: "Delivered", peer, name, size })
  }).pipe(Effect.catch((failure) => {
    switch (failure._tag) {
      case "CommandFailed":
        return Effect.fail(failure)
      case "FileFailed":
        return told(ground, Text.failed(peer, failure))
      case "NodeFilesError":
        return unable(failure.message)
      default:
        return unable(Words.unreachable(peer, failure.message))
    }
  }))
})

const told = ({ front, json }: Ground, event: Text.Event): Effect.Effect<void, CommandFailed> =>
  front.show([json ? Text.line(event) : Output.paint(event.event === "Failed" ? "bad" : "note", Text.words(event))])

/** Now and then: a line is not taken back. */
const following = (ground: Ground, peer: string) => {
  let last: number | undefined
  return (progress: FileSharing.Progress): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      last ??= now
      if (now - last < spacingMillis || progress.octets === progress.size) return Effect.void
      last = now
      return Effect.ignore(told(ground, { event: "Progress", peer, ...progress }))
    })
}

const spacingMillis = 2000
