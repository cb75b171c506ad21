/**
 * What a person has on this machine where no flag says otherwise: a name on the local network, a key with a certificate for
 * it, and the certificates of those whom he has met. Each name has a directory of its own, so that two people at one
 * machine, or one person under two names, do not share a key.
 */
import { Identity } from "@xmpp-e2e/certificates"
import { NodeIdentity } from "@xmpp-e2e/node"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { homedir, hostname, userInfo } from "node:os"
import { join } from "node:path"
import { type CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"
import type * as Settings from "./settings.ts"
import * as Trusting from "./trusting.ts"

/** What `flags.person` parses to. */
export interface Flags
  extends Omit<Settings.Flags, "as" | "contentNamespace" | "naming" | "purpose" | "sasl" | "tls" | "trustRequire">
{
  readonly as: Option.Option<string>
  readonly home: Option.Option<string>
}

export interface Person extends Settings.Flags {
  /** The directory of this name. */
  readonly place: string
}

/** The same as flags of a stream; makes a key where there is none yet. */
export const settle = Effect.fnUntraced(function*(
  flags: Flags
): Effect.fn.Return<Person, CommandFailed, FileSystem.FileSystem> {
  const as = yield* nameOf(flags)
  const place = join(Option.getOrElse(flags.home, homeOf), directoryOf(as))
  const { cert, firstUse, identity, trustStore } = flags
  const settled: Settings.Flags = {
    ...flags,
    as,
    naming: "link-local",
    // Old peers can do no TLS (VER-13); of whom a certificate is known, TLS is required all the same.
    tls: flags.legacy === "accept" ? "optional" : "required",
    sasl: "optional",
    contentNamespace: "jabber:client",
    purpose: "either",
    trustRequire: Option.none()
  }
  // Whoever says whom he believes does not want strangers besides.
  const isOpen = Option.isNone(trustStore) && Trusting.given(settled).length === 0
  return {
    ...settled,
    place,
    identity: Option.isSome(identity) || Option.isSome(cert) ? identity : Option.some(yield* keyIn(place, as)),
    trustStore: Option.orElse(trustStore, () => Option.some(join(place, "known"))),
    firstUse: isOpen || Option.isSome(trustStore)
      ? firstUse
      : Option.orElse(firstUse, () => Option.some("reject" as const))
  }
})

/** `mira@tansy`: who is logged in, at this machine. */
const nameOf = ({ as }: Flags): Effect.Effect<string, CommandFailed> =>
  Effect.suspend(() => {
    const wanted = Option.getOrElse(as, () => `${userInfo().username}@${hostname().split(".")[0]}`)
    const name = Address.bareText(wanted, "linkLocal")
    return name === undefined
      ? Effect.fail(
        usage(`${JSON.stringify(wanted)} is no name for the local network; say one with --as, such as mira@tansy`)
      )
      : Effect.succeed(name)
  })

const homeOf = (): string => {
  const given = process.env["XDG_DATA_HOME"]
  return join(given === undefined || given === "" ? join(homedir(), ".local", "share") : given, "xmpp-e2e")
}

/** Any name as one that every file system takes, and that leads nowhere else. */
const directoryOf = (address: string): string =>
  encodeURIComponent(address).replaceAll("%40", "@").replaceAll("%20", " ").replace(/^\./, "%2E")

const keyIn = Effect.fnUntraced(function*(place: string, address: string) {
  const fs = yield* FileSystem.FileSystem
  const paths = NodeIdentity.inDirectory(place)
  if (yield* Effect.orElseSucceed(fs.exists(paths.privateKey), () => true)) return place
  const created = yield* Identity.createSelfSigned({ address, naming: "linkLocal", algorithm: "p256", days }).pipe(
    Effect.mapError(asUsage)
  )
  yield* Effect.mapError(fs.makeDirectory(place, { recursive: true, mode: 0o700 }), asUsage)
  yield* NodeIdentity.write(place, created).pipe(
    Effect.andThen(Output.remark(`made a key and a certificate for ${address} in ${place}`)),
    // Another process of ours may have been a little faster.
    Effect.catch((error) => error.reason === "exists" ? Effect.void : Effect.fail(asUsage(error)))
  )
  return place
})

const asUsage = ({ message }: { readonly message: string }): CommandFailed => usage(message)

const days = 3650
