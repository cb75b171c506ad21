/** The terminal of `chat`: a line is typed at the bottom, with history and completion, and what happens is shown above it. */
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as readline from "node:readline"
import { stripVTControlCharacters } from "node:util"
import type { Front } from "./chatFront.ts"
import * as Intent from "./chatIntent.ts"
import * as Output from "./output.ts"

/** Until the scope closes; then the terminal is as it was. */
export const make: Effect.Effect<Front, never, Scope.Scope> = Effect.gen(function*() {
  const lines = yield* Queue.unbounded<string, Cause.Done>()
  const typing = yield* Queue.sliding<boolean>(typingMax)
  let names: ReadonlyArray<string> = []
  const terminal = yield* Effect.acquireRelease(
    Effect.sync(() =>
      readline.createInterface({
        input: process.stdin,
        output: process.stdout,
        historySize: linesMax,
        completer: (line: string) => Intent.complete(line, names)
      })
    ),
    (open) => Effect.sync(() => open.close())
  )
  const hide = (): void => {
    readline.moveCursor(process.stdout, 0, -terminal.getCursorPos().rows)
    readline.cursorTo(process.stdout, 0)
    readline.clearScreenDown(process.stdout)
  }
  yield* Effect.addFinalizer(() => Effect.sync(hide))
  terminal.on("line", (line) => void Queue.offerUnsafe(lines, line))
  terminal.on("close", () => void Queue.endUnsafe(lines))
  // The terminal does not send it while it is read key by key.
  terminal.on("SIGINT", () => process.kill(process.pid, "SIGINT"))
  yield* Output.above({
    hide,
    show: () => {
      // It looks for the first row of a long line that far up.
      process.stdout.write("\n".repeat(terminal.getCursorPos().rows))
      terminal.prompt(true)
    }
  })
  yield* watch(terminal, (isTyping) => void Queue.offerUnsafe(typing, isTyping))
  return {
    lines: Stream.fromQueue(lines),
    typing: Stream.changes(Stream.fromQueue(typing)),
    show: (shown) => Output.lines(shown.flatMap((line) => wrapped(line, process.stdout.columns || Infinity))),
    prompt: (text) =>
      Effect.sync(() => {
        if (terminal.getPrompt() === text) return
        terminal.setPrompt(text)
        terminal.prompt(true)
      }),
    offer: (all) =>
      Effect.sync(() => {
        names = all
      })
  }
})

/** Between words, where that is possible. */
export const wrapped = (line: string, columns: number): ReadonlyArray<string> => {
  const [indent = ""] = /^ */.exec(line) ?? []
  const rows: Array<string> = []
  let row = ""
  for (const word of line.slice(indent.length).split(" ")) {
    const longer = row === "" ? `${indent}${word}` : `${row} ${word}`
    if (row !== "" && widthOf(longer) > columns) {
      rows.push(row)
      row = `${indent}${word}`
    } else row = longer
  }
  return [...rows, row]
}

/** Colours take no room. */
const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length

/** Whoever has not touched a key for a while has stopped typing (XEP-0085 §5.5). */
const watch = Effect.fnUntraced(function*(
  terminal: readline.Interface,
  tell: (isTyping: boolean) => void
): Effect.fn.Return<void, never, Scope.Scope> {
  const run = yield* Effect.map(Effect.context<never>(), Effect.runForkWith)
  let stopping: Fiber.Fiber<void> | undefined
  const onKey = (): void =>
    setImmediate(() => {
      const isTyping = terminal.line !== "" && (!terminal.line.startsWith("/") || terminal.line.startsWith("//"))
      tell(isTyping)
      stopping?.interruptUnsafe()
      stopping = isTyping
        ? run(Effect.andThen(Effect.sleep(pauseMillis), Effect.sync(() => tell(false))))
        : undefined
    }) && undefined
  process.stdin.on("keypress", onKey)
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => {
      process.stdin.off("keypress", onKey)
      return stopping === undefined ? Effect.void : Fiber.interrupt(stopping)
    })
  )
})

const pauseMillis = 5_000
const typingMax = 16
const linesMax = 500
