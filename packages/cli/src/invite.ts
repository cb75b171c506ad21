/** `invite`: a line of text, and a QR code of it, by which others know us at first sight. Taking one is in `invited.ts`. */
import { NodeIdentity } from "@xmpp-e2e/node"
import { Address } from "@xmpp-e2e/protocol"
import { Invite } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as CertificateText from "./certificateText.ts"
import { type CommandFailed, usage } from "./exit.ts"
import * as Output from "./output.ts"
import * as QrCode from "./qrCode.ts"
import { type NamingFlag, namingOf } from "./settings.ts"
import { explainPem } from "./showing.ts"

export interface Request {
  readonly identity: string
  readonly as: Option.Option<string>
  readonly host: ReadonlyArray<string>
  readonly port: ReadonlyArray<number>
  readonly qr: boolean
  readonly naming: NamingFlag
  readonly json: boolean
}

export const invite = Effect.fnUntraced(function*(request: Request) {
  const { json, qr } = request
  if (json && qr) return yield* usage("--json writes the invite alone; leave out --qr")
  const places = yield* placesOf(request)
  const { address, certificate } = yield* shownBy(request)
  const made = Invite.make({ address, naming: namingOf(request.naming), certificate: certificate.sha256, places })
  if (Result.isFailure(made)) return yield* usage(made.failure.reason === "place" ? noPlace : made.failure.message)
  if (made.success.places.length < places.length) return yield* usage(scoped)
  const uri = Invite.encode(made.success)
  if (json) return yield* Output.line(JSON.stringify({ invite: uri }))
  yield* Output.line(uri)
  if (qr || process.stdout.isTTY) yield* drawn(uri)
  yield* Output.remark(
    `whoever takes this believes that it is from ${address}: hand it over where nobody can change it; `
      + "the other side says connect --invite, or listen --invite"
  )
})

const drawn = Effect.fnUntraced(function*(uri: string): Effect.fn.Return<void, CommandFailed> {
  const rows = QrCode.modules(uri)
  if (rows === undefined) return yield* Output.remark("no QR code: the invite is longer than one can be")
  const lines = QrCode.lines(rows, Output.isColoured())
  yield* Output.lines(lines)
  const { columns } = process.stdout
  const width = QrCode.width(rows)
  if (columns !== undefined && columns < width) {
    yield* Output.remark(`the QR code takes ${width} columns, and the terminal has ${columns}: make it wider`)
  }
})

/** The certificate of the directory that has the address, and may be shown today. */
const shownBy = Effect.fnUntraced(function*({ as, identity, naming }: Request) {
  const file = NodeIdentity.inDirectory(identity).certificates
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(file).pipe(
    Effect.mapError(() => usage(`${file} cannot be read; \`xmpp-e2e identity create\` makes one`))
  )
  const all = yield* explainPem(text, naming).pipe(Effect.mapError(({ sentence }) => usage(`${file}: ${sentence}`)))
  const wanted = Option.map(as, (text) => Address.bareText(text, namingOf(naming)) ?? text)
  const found = Option.match(wanted, {
    onNone: () => all.find(({ addresses, authority }) => !authority && addresses.length > 0),
    onSome: (address) => all.find(({ addresses }) => addresses.includes(address))
  })
  const address = Option.getOrElse(wanted, () => found?.addresses[0])
  if (found === undefined || address === undefined) return yield* usage(nameless(file, all, wanted))
  if (found.state !== "valid") {
    return yield* usage(`the certificate in ${file} is ${found.state}; \`xmpp-e2e identity renew\` makes a new one`)
  }
  return { address, certificate: found }
})

const nameless = (
  file: string,
  all: ReadonlyArray<CertificateText.Explained>,
  wanted: Option.Option<string>
): string => {
  const names = all.flatMap(({ addresses }) => addresses)
  return Option.match(wanted, {
    onNone: () => `no certificate in ${file} names an address, so that nobody would know whom to look for`,
    onSome: (address) =>
      `no certificate in ${file} is for ${JSON.stringify(address)}`
      + (names.length === 0 ? "" : `; there is one for ${names.join(", ")}`)
  })
}

/** A port for each host. */
const placesOf = ({ host: hosts, port: ports }: Request) => {
  const [first] = ports
  if (hosts.length === 0 && first === undefined) return Effect.succeed([])
  if (first === undefined || hosts.length === 0 || (ports.length > 1 && ports.length !== hosts.length)) {
    return Effect.fail(usage("--host and --port go together: one --port for each --host, or one for all of them"))
  }
  return Effect.succeed(hosts.map((host, at) => ({ host, port: ports[at] ?? first })))
}

const noPlace =
  "--host has to be a name or an address of one machine, without brackets, and --port a number from 1 to 65535"
const scoped =
  "--host is an address of scope link, which nobody can dial but this machine; leave it out, or give another"
