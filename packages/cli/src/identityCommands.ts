/** The commands for identities that are there already, with their flags. What they do is in `identityFiles.ts`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as flags from "./flags.ts"

export const days = Flag.Int("days").pipe(
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 36_500 })))
)

const directory = Flag.String("identity").pipe(
  Flag.withMetavar("DIR"),
  Flag.withDescription("Directory with key.pem and cert.pem")
)

const common = { passphraseFile: flags.passphraseFile, naming: flags.naming, json: flags.json }

export const importFiles = Command.make(
  "import",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("Key and certificates of other tools: PEM, PKCS #12 (.p12, .pfx), certificates in DER"),
      Argument.atLeast(1)
    ),
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Where key.pem and cert.pem go; an existing key is never overwritten")
    ),
    ...common
  },
  Effect.fnUntraced(function*(input) {
    const { importFiles } = yield* Effect.promise(() => import("./identityFiles.ts"))
    yield* importFiles(input)
  })
).pipe(Command.withDescription("Take over a key and its certificates from other tools"))

export const renew = Command.make(
  "renew",
  {
    identity: directory,
    days: days.pipe(
      Flag.withDescription("Days until the new certificate expires (default: as many as the old one had)"),
      Flag.optional
    ),
    request: Flag.Boolean("request").pipe(
      Flag.withDescription("Make a request for the authority that issued the certificate, instead of a certificate"),
      Flag.withDefault(false)
    ),
    ...common
  },
  Effect.fnUntraced(function*(input) {
    const { renew } = yield* Effect.promise(() => import("./identityFiles.ts"))
    yield* renew(input)
  })
).pipe(Command.withDescription("Make a new certificate with the same key and names, so that pins of the key survive"))

export const install = Command.make(
  "install",
  {
    files: Argument.String("file").pipe(
      Argument.withDescription("What an authority has answered to a request: the certificate, and those above it"),
      Argument.atLeast(1)
    ),
    identity: directory,
    ...common
  },
  Effect.fnUntraced(function*(input) {
    const { install } = yield* Effect.promise(() => import("./identityFiles.ts"))
    yield* install(input)
  })
).pipe(Command.withDescription("Put the answer of an authority beside the key, after a look whether it fits"))
