/** How `listen` answers a peer that offers a file: it takes it into a directory, or it declines and says why. */
import * as NodeFiles from "@xmpp-e2e/node/NodeFiles"
import { FileSharing } from "@xmpp-e2e/serverless"
import type { Options } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { type CommandFailed, usage } from "./exit.ts"
import * as Text from "./fileText.ts"
import * as Output from "./output.ts"

export interface Request {
  /** A directory. */
  readonly acceptFiles: Option.Option<string>
  /** Octets. */
  readonly maxFileSize: number
  readonly json: boolean
}

export interface Receiving {
  readonly handlers: ReadonlyArray<Options.Handler>
  /** Completes when no file is on its way. */
  readonly quiet: Effect.Effect<void>
}

export const make = Effect.fnUntraced(function*(
  { acceptFiles, json, maxFileSize }: Request
): Effect.fn.Return<Receiving, CommandFailed, Scope.Scope> {
  if (Option.isNone(acceptFiles)) {
    const { handlers } = yield* FileSharing.make({ absence })
    return { handlers, quiet: Effect.void }
  }
  const directory = acceptFiles.value
  // A wrong directory is better known now than at the first file.
  yield* Effect.scoped(NodeFiles.into(directory)).pipe(
    Effect.mapError(({ message }) => usage(`--accept-files: ${message}`))
  )
  const files = yield* FileSharing.make({ sizeMax: maxFileSize, transfersMax })
  const places = yield* Semaphore.make(transfersMax)
  const quiet = yield* Latch.make(true)
  let underWay = 0
  const receive = (offer: FileSharing.Incoming) =>
    Effect.suspend(() => {
      underWay += 1
      return quiet.close
    }).pipe(
      Effect.andThen(places.withPermit(take(offer, directory, json))),
      Effect.ensuring(Effect.suspend(() => {
        underWay -= 1
        return underWay === 0 ? quiet.open : Effect.void
      }))
    )
  const scope = yield* Effect.scope
  yield* Effect.forkScoped(
    Stream.runForEach(files.offers, (offer) => Effect.forkIn(receive(offer), scope, { startImmediately: true })),
    { startImmediately: true }
  )
  return { handlers: files.handlers, quiet: quiet.await }
})

const take = (
  { accept, name, peer, size }: FileSharing.Incoming,
  directory: string,
  json: boolean
): Effect.Effect<void> => {
  // Whoever has closed our output has stopped the command by that.
  const tell = (event: Text.Event) =>
    Effect.ignore(json ? Output.line(Text.line(event)) : Output.remark(Text.words(event)))
  return tell({ event: "Receiving", peer, name, size }).pipe(
    Effect.andThen(accept(NodeFiles.into(directory, size))),
    Effect.matchEffect({
      onFailure: (failure) => tell(Text.failed(peer, failure)),
      onSuccess: (path) => tell({ event: "Received", peer, path, size })
    })
  )
}

const absence = "This listener takes no files."
const transfersMax = 8
