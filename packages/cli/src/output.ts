/**
 * Standard output for data and standard error for words about it. Lines are written in batches and wait for room, so that
 * a slow reader of ours slows the peer down instead of filling memory.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { CommandFailed, exitCodes } from "./exit.ts"

/** Each line gets its line end; completes when the system has taken all of them. */
export const lines = (all: ReadonlyArray<string>): Effect.Effect<void, CommandFailed> =>
  all.length === 0 ? Effect.void : write(process.stdout, `${all.join("\n")}\n`)

export const line = (text: string): Effect.Effect<void, CommandFailed> => lines([text])

/** For people; a standard error that nobody reads stops nothing. */
export const remark = (text: string): Effect.Effect<void> => Effect.ignore(write(process.stderr, `${text}\n`))

/** `NO_COLOR` and pipes are honoured (no-color.org). */
export const isColoured = (): boolean => process.stdout.isTTY && process.env["NO_COLOR"] === undefined

export const paint = (code: keyof typeof styles, text: string): string =>
  isColoured() ? `\u001b[${styles[code]}m${text}\u001b[0m` : text

/** As it stands, without a line end. */
export const write = (to: NodeJS.WriteStream, text: string): Effect.Effect<void, CommandFailed> =>
  Effect.callback((resume) => {
    const below = to.isTTY ? bottom : undefined
    below?.hide()
    to.write(text, (error) => resume(error === null || error === undefined ? Effect.void : Effect.fail(gone)))
    below?.show()
  })

/** What is being typed at the bottom of the terminal: it goes out of the way of whatever is written, and comes back below. */
export interface Bottom {
  readonly hide: () => void
  readonly show: () => void
}

/** Until the scope closes. There is one terminal. */
export const above = (one: Bottom): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      bottom = one
    }),
    () =>
      Effect.sync(() => {
        bottom = undefined
      })
  )

let bottom: Bottom | undefined

const gone = new CommandFailed({ code: exitCodes.failed, sentence: "standard output was closed by whoever read it" })

const styles = { initiator: 36, recipient: 35, note: 2, good: 32, bad: 31 } as const
