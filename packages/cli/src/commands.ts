/**
 * The command line: its commands, flags and help (design §1). What each command does is in the file of its name, loaded
 * when it is called, so that `--help` is quick.
 */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { acceptFlags } from "./acceptFlags.ts"
import { announceFlags } from "./announceFlags.ts"
import { chat } from "./chatCommand.ts"
import { discover } from "./discoverCommand.ts"
import { doctor } from "./doctorCommand.ts"
import * as flags from "./flags.ts"
import { days, importFiles, install, renew } from "./identityCommands.ts"
import { invite, wanted, welcome } from "./inviteCommand.ts"
import { pins } from "./pinsCommands.ts"
import { presence } from "./presenceCommand.ts"
import { record } from "./recordFlags.ts"
import { replay } from "./replayCommand.ts"
import { send } from "./sendCommand.ts"
import { sendFile } from "./sendFileCommand.ts"
import { simulate } from "./simulateCommand.ts"
import { trust } from "./trustFlags.ts"
import { verify } from "./verifyCommand.ts"

const demo = Command.make(
  "demo",
  {
    record,
    verdicts: Flag.Boolean("verdicts").pipe(
      Flag.withDescription("Instead: every way of trusting, how each accepts and refuses, and why"),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function*(input) {
    if (input.verdicts) {
      const { tour } = yield* Effect.promise(() => import("./tour.ts"))
      return yield* tour()
    }
    const { demo } = yield* Effect.promise(() => import("./demo.ts"))
    yield* demo(input)
  })
).pipe(
  Command.withDescription("Two endpoints on loopback: the whole conversation, annotated, recorded and replayed")
)

const create = Command.make(
  "create",
  {
    address: Flag.String("address").pipe(
      Flag.withMetavar("ADDRESS"),
      Flag.withDescription("Whose identity: mira@tansy, or a domain for a service")
    ),
    out: Flag.String("out").pipe(
      Flag.withMetavar("DIR"),
      Flag.withDescription("Where key.pem and cert.pem (or request.pem) go; an existing key is never overwritten")
    ),
    kind: Flag.Literals("kind", ["self-signed", "request"]).pipe(
      Flag.withDescription("A certificate, or a request for an authority (default: self-signed)"),
      Flag.withDefault("self-signed")
    ),
    alsoKnownAs: Flag.String("also-known-as").pipe(
      Flag.withMetavar("ADDRESS"),
      Flag.withDescription("One more address that the certificate may reveal; may be repeated"),
      Flag.atLeast(0)
    ),
    algorithm: Flag.Literals("algorithm", ["ed25519", "p256", "p384", "rsa2048", "rsa3072"]).pipe(
      Flag.withDescription("Kind of key (default: p256)"),
      Flag.withDefault("p256")
    ),
    days: days.pipe(
      Flag.withDescription("Days until the certificate expires (default: 3650)"),
      Flag.withDefault(3650)
    ),
    naming: flags.naming,
    json: flags.json
  },
  Effect.fnUntraced(function*(input) {
    const { create } = yield* Effect.promise(() => import("./identity.ts"))
    yield* create(input)
  })
).pipe(Command.withDescription("Make a key and a certificate with the right names"))

const show = Command.make(
  "show",
  {
    files: flags.files,
    as: Flag.Literals("as", ["server", "client"]).pipe(
      Flag.withDescription(
        "Judge as a peer would to whom it is shown on this side of TLS (default with --for: server)"
      ),
      Flag.optional
    ),
    for: Flag.String("for").pipe(
      Flag.withMetavar("ADDRESS"),
      Flag.withDescription("Judge as a peer would who wants this address; exit code 3 when it is not admitted"),
      Flag.optional
    ),
    at: Flag.String("at").pipe(
      Flag.withMetavar("TIME"),
      Flag.withDescription("Judge as if it were this time (ISO 8601), not now"),
      Flag.optional
    ),
    ...trust,
    contentNamespace: flags.contentNamespace,
    naming: flags.naming,
    json: flags.json
  },
  Effect.fnUntraced(function*(input) {
    const { show } = yield* Effect.promise(() => import("./showing.ts"))
    yield* show(input)
  })
).pipe(
  Command.withDescription(
    "Explain certificates: names, dates, key, fingerprint, uses. With --for or --as: what a peer with the same trust " +
      "flags would say of the first one, the others being its chain, and why"
  )
)

const identity = Command.make("identity").pipe(
  Command.withDescription("Make, take over, renew and explain identities"),
  Command.withSubcommands([create, importFiles, renew, install, show])
)

const listen = Command.make(
  "listen",
  {
    ...flags.stream,
    as: flags.as,
    port: flags.port,
    host: Flag.String("host").pipe(
      Flag.withDescription("Address to listen on (default: 127.0.0.1)"),
      Flag.withDefault("127.0.0.1")
    ),
    ...announceFlags,
    invite: welcome,
    echo: Flag.Boolean("echo").pipe(
      Flag.withDescription("Answer each message with its body"),
      Flag.withDefault(false)
    ),
    once: Flag.Boolean("once").pipe(
      Flag.withDescription("Serve one peer, admitted or not, and end as its stream ended"),
      Flag.withDefault(false)
    ),
    ...acceptFlags,
    verify: Flag.Boolean("verify").pipe(
      Flag.withDescription(
        "With --json: tell by lines of peers that want to verify, and take the answers; a terminal is asked without it"
      ),
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function*(input) {
    const { listen } = yield* Effect.promise(() => import("./listen.ts"))
    yield* listen(input)
  })
).pipe(Command.withDescription("Wait for peers (a recipient)"))

const connect = Command.make(
  "connect",
  {
    ...flags.stream,
    as: flags.as,
    to: Flag.String("to").pipe(
      Flag.withMetavar("ADDRESS"),
      Flag.withDescription("Whom we want; nobody else is admitted"),
      Flag.optional
    ),
    invite: wanted,
    host: Flag.String("host").pipe(
      Flag.withDescription(
        "Where the peer listens; without it and --port, whoever announces himself by that name is found"
      ),
      Flag.optional
    ),
    port: Flag.optional(flags.port)
  },
  Effect.fnUntraced(function*(input) {
    const { connect } = yield* Effect.promise(() => import("./connect.ts"))
    yield* connect(input)
  })
).pipe(Command.withDescription("Open a stream to a peer (an initiator)"))

export const command = Command.make("xmpp-e2e").pipe(
  Command.withDescription("End-to-end XML streams (XEP-0246): two programs, no server, each sure who the other is"),
  Command.withSubcommands([
    demo,
    chat,
    send,
    sendFile,
    identity,
    pins,
    listen,
    connect,
    invite,
    verify,
    presence,
    discover,
    doctor,
    replay,
    simulate
  ])
)
