/**
 * Passphrases of keys: from a file, from the environment, or asked for on a terminal; never from the command line, where
 * every user of the machine can read them.
 */
import { NodeIdentity } from "@xmpp-e2e/node"
import * as Prompt from "effect/cli/Prompt"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { type CommandFailed, usage } from "./exit.ts"

/** Does something with files that may be locked; only if they are, looks for a passphrase and does it again. */
export const unlocking = <A>(
  file: Option.Option<string>,
  use: (passphrase: Redacted.Redacted<string> | undefined) => Effect.Effect<A, NodeIdentity.NodeIdentityError>
): Effect.Effect<A, CommandFailed, Prompt.Environment> =>
  use(undefined).pipe(
    Effect.catch((error) =>
      error.reason === "locked"
        ? Effect.flatMap(obtain(file, error.message), (passphrase) => Effect.mapError(use(passphrase), asUsage))
        : Effect.fail(asUsage(error))
    )
  )

const obtain = (
  file: Option.Option<string>,
  what: string
): Effect.Effect<Redacted.Redacted<string>, CommandFailed, Prompt.Environment> => {
  if (Option.isSome(file)) return Effect.mapError(NodeIdentity.readPassphrase(file.value), asUsage)
  const given = process.env[variable]
  if (given !== undefined) return Effect.succeed(Redacted.make(given, { label: "passphrase" }))
  // Standard output is for data, so nobody is asked where that goes elsewhere.
  return process.stdin.isTTY && process.stdout.isTTY
    ? Prompt.run(Prompt.Hidden({ message: "Passphrase" })).pipe(Effect.catch(() => Effect.interrupt))
    : Effect.fail(usage(`${what}; name a file that holds it with --passphrase-file, or set ${variable}`))
}

const asUsage = ({ message }: NodeIdentity.NodeIdentityError): CommandFailed => usage(message)

const variable = "XMPP_E2E_PASSPHRASE"
