/**
 * Our identity in files: reading key and certificate, with care for who else can read the key, and writing new ones
 * without ever replacing an old one. What an identity is, is the business of `Identity` in `@xmpp-e2e/certificates`.
 *
 * @since 0.1.0
 */
import { Identity } from "@xmpp-e2e/certificates"
import type { Address } from "@xmpp-e2e/protocol"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Path from "node:path"
import * as Files from "./internal/files.ts"

/**
 * Paths of PEM files. The certificates may stand in any order, and beside other blocks.
 *
 * @since 0.1.0
 * @category models
 */
export interface Paths {
  readonly certificates: string
  readonly privateKey: string
}

/**
 * What `write` has made.
 *
 * @since 0.1.0
 * @category models
 */
export interface Written {
  readonly key: string
  /** With a self-signed identity. */
  readonly certificate?: string
  /** With a request for an authority. */
  readonly request?: string
}

/**
 * - `unreadable`: a file is missing, is no file, or may not be read
 * - `exposed`: somebody else can read the key, or put another in its place
 * - `invalid`: what is in the files is no identity
 * - `exists`: there is a key or certificate already; nothing was changed
 * - `unwritable`: the files could not be written; nothing is left of them
 *
 * @since 0.1.0
 * @category errors
 */
export class NodeIdentityError extends Data.TaggedError("NodeIdentityError")<{
  readonly reason: "unreadable" | "exposed" | "invalid" | "exists" | "unwritable"
  /** For people, with the file and what to do about it. */
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * `key.pem` and `cert.pem`, as `write` names them.
 *
 * @since 0.1.0
 * @category constructors
 */
export const inDirectory = (directory: string): Paths => ({
  certificates: Path.join(directory, certificateName),
  privateKey: Path.join(directory, keyName)
})

/**
 * A private key that the group or others can read is refused (CERT-80: it is stored without a passphrase). `naming` says
 * how the names in the certificate are read; without it, as JIDs.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("NodeIdentity.read")(function*(
  paths: Paths,
  naming?: Address.Naming
): Effect.fn.Return<Identity.Identity, NodeIdentityError> {
  const privateKey = yield* readPrivateKey(paths.privateKey)
  const { text: certificates } = yield* readFile(paths.certificates)
  return yield* Identity.fromPem({ certificates, privateKey, ...(naming === undefined ? {} : { naming }) }).pipe(
    Effect.mapError((cause) => {
      const detail = `${paths.certificates} and ${paths.privateKey}: ${cause.message}`
      return new NodeIdentityError({ reason: "invalid", detail, cause })
    })
  )
})

/**
 * Writes `key.pem` (mode 0600) and `cert.pem`, or `request.pem`, into a directory (mode 0700 if it has to be made). Files
 * that are there stay as they are.
 *
 * @since 0.1.0
 * @category constructors
 */
export const write = Effect.fn("NodeIdentity.write")(function*(
  directory: string,
  created: Identity.Created
): Effect.fn.Return<Written, NodeIdentityError> {
  yield* prepareDirectory(directory)
  const key = Path.join(directory, keyName)
  const shown = Path.join(directory, created.kind === "request" ? requestName : certificateName)
  const pem = created.kind === "request" ? created.requestPem : created.certificatePem
  yield* createFile(key, Redacted.value(created.privateKeyPem), 0o600)
  // Half an identity is in the way of the next attempt. The key is ours to take back: nobody has seen it.
  yield* createFile(shown, pem, 0o644).pipe(Effect.onError(() => Files.remove(key)))
  return created.kind === "request" ? { key, request: shown } : { key, certificate: shown }
}, Effect.uninterruptible)

const readPrivateKey = Effect.fnUntraced(function*(
  path: string
): Effect.fn.Return<Redacted.Redacted<string>, NodeIdentityError> {
  const { stats, text } = yield* readFile(path)
  if (Files.isOpenTo(stats, Files.anyAccess)) {
    const detail = `${path} holds a private key, and others can read it; run: chmod 600 ${path}`
    return yield* new NodeIdentityError({ reason: "exposed", detail })
  }
  return Redacted.make(text, { label: "private key" })
})

const readFile = (path: string): Effect.Effect<Files.Content, NodeIdentityError> =>
  Effect.mapError(
    Files.read(path, fileBytesMax),
    ({ cause, code }) =>
      new NodeIdentityError({ reason: "unreadable", detail: `${path} cannot be read: ${Files.wordsOf(code)}`, cause })
  )

const prepareDirectory = Effect.fnUntraced(function*(path: string): Effect.fn.Return<void, NodeIdentityError> {
  const stats = yield* Effect.mapError(
    Files.makeDirectory(path, 0o700),
    ({ cause, code }) =>
      new NodeIdentityError({ reason: "unwritable", detail: `${path} cannot be made: ${Files.wordsOf(code)}`, cause })
  )
  if (Files.isOpenTo(stats, Files.writeAccess)) {
    const detail = `others can write to ${path} and replace a key there; run: chmod 700 ${path}`
    return yield* new NodeIdentityError({ reason: "exposed", detail })
  }
})

const createFile = (path: string, text: string, mode: number): Effect.Effect<void, NodeIdentityError> =>
  Effect.mapError(Files.create(path, text, mode), ({ cause, code }) =>
    code === "EEXIST"
      ? new NodeIdentityError({ reason: "exists", detail: `${path} exists, and is left as it is`, cause })
      : new NodeIdentityError({
        reason: "unwritable",
        detail: `${path} cannot be written: ${Files.wordsOf(code)}`,
        cause
      }))

const keyName = "key.pem"
const certificateName = "cert.pem"
const requestName = "request.pem"
const fileBytesMax = 1_048_576
