/** Standard input as lines, in the batches in which they came. */
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { fstatSync } from "node:fs"
import { CommandFailed, exitCodes } from "./exit.ts"

export const lines: Stream.Stream<string, CommandFailed> = Stream.suspend(() =>
  NodeStream.fromReadable<Uint8Array, CommandFailed>({
    evaluate: () => process.stdin,
    onError: (cause) => new CommandFailed({ code: exitCodes.failed, sentence: `standard input: ${String(cause)}` })
  }).pipe(Stream.decodeText, Stream.splitLines)
)

/**
 * Whether somebody can say something there. `/dev/null`, which is what a program in the background is given, cannot: a
 * listener does not take its end for the wish to stop.
 */
export const isConnected: Effect.Effect<boolean> = Effect.sync(() => {
  if (process.stdin.isTTY) return true
  try {
    return !fstatSync(0).isCharacterDevice()
  } catch {
    return false
  }
})
