/** The flags that `listen` and `connect` share (design §1), as one record that both spread into theirs. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"
import * as Schema from "effect/Schema"
import { recording } from "./recordFlags.ts"
import { trust } from "./trustFlags.ts"

export const passphraseFile = Flag.String("passphrase-file").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("The passphrase of the key, in a file that only you can read; or set XMPP_E2E_PASSPHRASE"),
  Flag.optional
)

const identity = {
  identity: Flag.String("identity").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("Directory with key.pem and cert.pem, as `identity create` makes it"),
    Flag.optional
  ),
  cert: Flag.String("cert").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Certificate chain in PEM, together with --key; or a PKCS #12 file, which holds the key too"),
    Flag.optional
  ),
  key: Flag.String("key").pipe(
    Flag.withMetavar("FILE"),
    Flag.withDescription("Private key in PEM; without a passphrase, readable by its owner only"),
    Flag.optional
  ),
  passphraseFile
}

export const naming = Flag.Literals("naming", ["jid", "link-local"]).pipe(
  Flag.withDescription("How addresses are compared: as JIDs, or as names on a link-local network (default: jid)"),
  Flag.withDefault("jid")
)

export const contentNamespace = Flag.Literals("content-namespace", ["jabber:client", "jabber:server"]).pipe(
  Flag.withDescription("Namespace of stanzas; services on their server ports speak jabber:server"),
  Flag.withDefault("jabber:client")
)

const legacy = Flag.Literals("legacy", ["accept", "refuse"]).pipe(
  Flag.withDescription("Peers without a stream version; they can do neither TLS nor SASL (default: refuse)"),
  Flag.withDefault("refuse")
)

const timeout = Flag.Finite("timeout").pipe(
  Flag.withMetavar("SECONDS"),
  Flag.withDescription("How long opening a stream may take (default: 60)"),
  Flag.withSchema(Schema.Finite.check(Schema.isBetween({ minimum: 0.1, maximum: 3600 }))),
  Flag.withDefault(60)
)

const policy = {
  tls: Flag.Literals("tls", ["required", "optional", "disabled"]).pipe(
    Flag.withDescription("Whether the stream must be encrypted (default: required)"),
    Flag.withDefault("required")
  ),
  sasl: Flag.Literals("sasl", ["required", "optional"]).pipe(
    Flag.withDescription("Whether SASL EXTERNAL must succeed after TLS (default: optional, done whenever offered)"),
    Flag.withDefault("optional")
  ),
  legacy,
  contentNamespace,
  naming,
  timeout
}

export const json = Flag.Boolean("json").pipe(
  Flag.withDescription("NDJSON on standard input and output"),
  Flag.withDefault(false)
)

export const port = Flag.Int("port").pipe(
  Flag.withAlias("p"),
  Flag.withDescription("TCP port"),
  Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })))
)

export const as = Flag.String("as").pipe(
  Flag.withMetavar("ADDRESS"),
  Flag.withDescription("Our own address, such as mira@tansy")
)

const explain = Flag.Boolean("explain").pipe(
  Flag.withDescription("Tell the whole proof of each verdict on a peer, accepted or refused"),
  Flag.withDefault(false)
)

export const stream = { ...identity, ...trust, ...policy, explain, json, ...recording }

const { purpose: _purpose, trustRequire: _trustRequire, ...believed } = trust

/** For those commands in which a person talks under a name of the local network; `home.ts` says what is not said here. */
export const person = {
  as: as.pipe(
    Flag.withDescription("Our own name on the local network (default: who is logged in, at this machine: mira@tansy)"),
    Flag.optional
  ),
  home: Flag.String("home").pipe(
    Flag.withMetavar("DIR"),
    Flag.withDescription("Where the keys of our names are kept, and who was met (default: ~/.local/share/xmpp-e2e)"),
    Flag.optional
  ),
  ...identity,
  ...believed,
  legacy,
  timeout,
  explain,
  json,
  ...recording
}

export const files = Argument.String("file").pipe(
  Argument.withDescription("Certificates in PEM, or one in DER"),
  Argument.atLeast(1)
)
