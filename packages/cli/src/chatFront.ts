/** Where `chat` reads what its person says, and shows what happens: a terminal, or pipes. The terminal is in `chatTerminal.ts`. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CommandFailed } from "./exit.ts"
import * as Input from "./input.ts"
import * as Output from "./output.ts"

export interface Front {
  /** Line after line; ends when the person has gone. */
  readonly lines: Stream.Stream<string, CommandFailed>
  /** Whether the person is typing something that is to be said, whenever that changes. */
  readonly typing: Stream.Stream<boolean>
  readonly show: (lines: ReadonlyArray<string>) => Effect.Effect<void, CommandFailed>
  /** What stands before the line that is being typed. */
  readonly prompt: (text: string) => Effect.Effect<void>
  /** Names that can be completed. */
  readonly offer: (names: ReadonlyArray<string>) => Effect.Effect<void>
}

/** Input that ends is the wish to go; one that was never connected is none. */
export const pipes: Effect.Effect<Front, never, Input.Input> = Effect.gen(function*() {
  const { lines } = yield* Input.Input
  return {
    lines: (yield* Input.isConnected) ? lines : Stream.never,
    typing: Stream.never,
    show: Output.lines,
    prompt: () => Effect.void,
    offer: () => Effect.void
  }
})
