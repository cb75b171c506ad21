/** `identity import`, `identity renew` and `identity install`: identities that are there already, here or elsewhere. */
import type { Identity } from "@xmpp-e2e/certificates"
import { NodeIdentity, NodeRenewal } from "@xmpp-e2e/node"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as CertificateText from "./certificateText.ts"
import { type CommandFailed } from "./exit.ts"
import * as Output from "./output.ts"
import { unlocking } from "./passphrase.ts"
import { type NamingFlag, namingOf } from "./settings.ts"

interface Common {
  readonly passphraseFile: Option.Option<string>
  readonly naming: NamingFlag
  readonly json: boolean
}

export interface ImportRequest extends Common {
  readonly files: ReadonlyArray<string>
  readonly out: string
}

export const importFiles = Effect.fnUntraced(function*(wish: ImportRequest) {
  const { identity, written } = yield* unlocking(wish.passphraseFile, (passphrase) =>
    Effect.gen(function*() {
      const identity = yield* NodeIdentity.readAll(wish.files, readingOf(wish, passphrase))
      return { identity, written: yield* NodeIdentity.save(wish.out, identity) }
    }))
  yield* report(wish, identity, written, [
    `made ${written.key} (keep it to yourself) and ${written.certificate} (${counted(identity.chain.length)})`
  ])
})

export interface RenewRequest extends Common {
  readonly identity: string
  readonly days: Option.Option<number>
  readonly request: boolean
}

export const renew = Effect.fnUntraced(function*(wish: RenewRequest) {
  if (wish.request) {
    const request = yield* unlocking(
      wish.passphraseFile,
      (passphrase) => NodeRenewal.request(wish.identity, readingOf(wish, passphrase))
    )
    return yield* wish.json
      ? Output.line(JSON.stringify({ files: { request } }))
      : Output.lines([`made ${request}, for the same key and names`, whatNext(wish.identity)])
  }
  const days = wish.days._tag === "Some" ? { days: wish.days.value } : {}
  const replaced = yield* unlocking(
    wish.passphraseFile,
    (passphrase) => NodeRenewal.renew(wish.identity, { ...readingOf(wish, passphrase), ...days })
  )
  yield* reportReplaced(wish, replaced)
})

export interface InstallRequest extends Common {
  readonly identity: string
  readonly files: ReadonlyArray<string>
}

export const install = Effect.fnUntraced(function*(wish: InstallRequest) {
  const replaced = yield* unlocking(
    wish.passphraseFile,
    (passphrase) => NodeRenewal.install(wish.identity, wish.files, readingOf(wish, passphrase))
  )
  const { identity, old } = replaced
  const lost = (old?.addresses ?? []).filter((each) => !identity.addresses.includes(each))
  yield* reportReplaced(wish, replaced)
  if (lost.length > 0) yield* Output.remark(`the new certificate lacks names of the old one: ${lost.join(", ")}`)
})

/** For whoever has just made a request. */
export const whatNext = (directory: string): string =>
  `give it to your authority, and then: xmpp-e2e identity install ANSWER --identity ${directory}`

const reportReplaced = (wish: Common, { backup, certificate, identity }: NodeRenewal.Replaced) =>
  report(wish, identity, { certificate, ...backup === undefined ? {} : { backup } }, [
    `made ${certificate} (${counted(identity.chain.length)}) for the same key`,
    ...backup === undefined
      ? []
      : [`kept the old one as ${backup}; whoever pinned it by its fingerprint needs the new one`]
  ])

const report = Effect.fnUntraced(function*(
  { json, naming }: Common,
  { addresses, certificate, chain }: Identity.Identity,
  files: Readonly<Record<string, string>>,
  lines: ReadonlyArray<string>
): Effect.fn.Return<void, CommandFailed> {
  const explained = yield* CertificateText.explain(certificate, namingOf(naming))
  yield* json
    ? Output.line(JSON.stringify({ files, certificates: chain.length, ...explained }))
    : Output.lines([...lines, ...CertificateText.lines(explained)])
  if (addresses.length === 0) {
    yield* Output.remark(
      "there is no XMPP name in the certificate: nobody will believe it but who has pinned it (CERT-62)"
    )
  }
})

const counted = (certificates: number): string => certificates === 1 ? "1 certificate" : `${certificates} certificates`

const readingOf = (
  { naming }: Common,
  passphrase: NodeIdentity.Reading["passphrase"]
): NodeIdentity.Reading => ({
  naming: namingOf(naming),
  ...passphrase === undefined ? {} : { passphrase }
})
