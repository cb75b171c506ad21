/**
 * A terminal for `stepKeys.ts`: keys come one by one, the screen is drawn anew after each and when its size changes.
 * However it ends, the terminal is left as it was found.
 */
import * as Effect from "effect/Effect"
import type { CommandFailed } from "./exit.ts"
import * as Output from "./output.ts"
import * as StepKeys from "./stepKeys.ts"
import type * as Stepper from "./stepper.ts"

/** Whether keys can be had one by one, and a screen be drawn. */
export const isThere: Effect.Effect<boolean> = Effect.sync(() => process.stdin.isTTY && process.stdout.isTTY)

export const walk = (stepper: Stepper.Stepper): Effect.Effect<void, CommandFailed> =>
  Effect.acquireUseRelease(
    Effect.andThen(
      Effect.sync(() => {
        process.stdin.setRawMode(true)
        process.stdin.setEncoding("utf8")
      }),
      Output.write(process.stdout, enter)
    ),
    () => pressed(stepper),
    () =>
      Effect.andThen(
        Effect.sync(() => {
          process.stdin.setRawMode(false)
          process.stdin.pause()
        }),
        Effect.ignore(Output.write(process.stdout, leave))
      )
  )

const pressed = (stepper: Stepper.Stepper): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    let now = StepKeys.begin(stepper, size())
    const draw = (): void => void process.stdout.write(drawn(StepKeys.screen(now)))
    const resize = (): void => {
      now = StepKeys.resize(now, size())
      draw()
    }
    const stop = (): void => {
      process.stdin.off("data", hear).off("end", end)
      process.stdout.off("resize", resize)
    }
    const end = (): void => {
      stop()
      resume(Effect.void)
    }
    const hear = (sent: string): void => {
      now = StepKeys.keysOf(sent).reduce((at, key) => at.ended ? at : StepKeys.press(at, key), now)
      if (now.ended) end()
      else draw()
    }
    process.stdin.on("data", hear).on("end", end)
    process.stdout.on("resize", resize)
    draw()
    return Effect.sync(stop)
  })

/** Some terminals say that they have no columns. */
const size = (): StepKeys.Size => ({
  columns: process.stdout.columns > 0 ? process.stdout.columns : 80,
  rows: process.stdout.rows > 0 ? process.stdout.rows : 24
})

/**
 * From the top left corner, the last line turned inside out. Each is cleared before it is written: behind a full one the
 * cursor stands on its last character.
 */
const drawn = (lines: ReadonlyArray<string>): string =>
  home +
  lines.map((line, at) => at === lines.length - 1 ? `${clear}${inverse}${line}${plain}` : clear + line).join("\r\n")

const home = "\u001b[H"
const clear = "\u001b[2K"
const inverse = "\u001b[7m"
const plain = "\u001b[0m"

/** Another screen, no cursor, no wrapping of lines; and back (ECMA-48, xterm's private modes). */
const enter = "\u001b[?1049h\u001b[?25l\u001b[?7l"
const leave = "\u001b[?7h\u001b[?25h\u001b[?1049l"
