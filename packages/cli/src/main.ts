/** The entry point: runs the command line, prints what went wrong, sets the exit code. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliError from "effect/cli/CliError"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { command } from "./commands.ts"
import { CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { version } from "./version.ts"

/** Help that was asked for is data; help after a mistake is a diagnostic. */
const presenter: CliOutput.Presenter = {
  present: (event) =>
    event._tag === "InvalidInvocation"
      ? Effect.gen(function*() {
        const formatter = yield* CliOutput.Formatter
        yield* Console.error(formatter.formatErrors(event.errors))
        yield* Console.error(`Try ${event.commandPath.join(" ")} --help`)
      })
      : CliOutput.defaultPresenter.present(event)
}

const logging = Layer.mergeAll(
  Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]),
  Layer.succeed(References.MinimumLogLevel, "Error")
)

/** The presenter has said it all. */
const misused = usage("wrong usage")

// Whoever read our output has gone (`| head`): that is their right, and no reason for a stack trace.
process.stdout.on("error", () => {})
process.stderr.on("error", () => {})

Command.run(command, { version }).pipe(
  Effect.catch((error) => {
    if (!CliError.isCliError(error)) return Effect.fail(error)
    return error._tag === "ShowHelp" && error.errors.length === 0 ? Effect.void : Effect.fail(misused)
  }),
  Effect.tapError((error) =>
    error instanceof CommandFailed && error !== misused
      ? Output.remark(Output.paint("bad", error.sentence))
      : Effect.void
  ),
  Effect.provide(Layer.mergeAll(NodeServices.layer, logging, Layer.succeed(CliOutput.Presenter, presenter))),
  NodeRuntime.runMain
)
