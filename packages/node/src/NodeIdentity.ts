/**
 * Our identity in files: reading key and certificate, with care for who else can read the key, and writing new ones
 * without ever replacing an old one. Newer certificates for the same key are the business of `NodeRenewal.ts`; what an
 * identity is, that of `Identity` in `@xmpp-e2e/certificates`.
 *
 * Who else can read a file is asked of its mode. On Windows a mode says nothing: there keys are written and read without
 * that check, and protected as their directory is, which by default means for the user and the administrators.
 *
 * @since 0.1.0
 */
import type { Identity } from "@xmpp-e2e/certificates"
import type { Address } from "@xmpp-e2e/protocol"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { anyAccess, isOpenTo } from "./internal/files.ts"
import * as Files from "./internal/identityFiles.ts"

/**
 * Paths of files in PEM, or of one PKCS #12 file. The certificates may stand in any order, and beside other blocks.
 *
 * @since 0.1.0
 * @category models
 */
export interface Paths {
  readonly certificates: string
  /** Absent: the key is in the file of the certificates. */
  readonly privateKey?: string
}

/**
 * How to read them: by which rules the names (without it, as JIDs), and what opens a key.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reading {
  readonly naming?: Address.Naming
  readonly passphrase?: Redacted.Redacted<string>
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
 * - `locked`: the key has a passphrase, and none was given
 * - `passphrase`: the passphrase is wrong
 * - `invalid`: what is in the files is no identity, or not the one that it should be
 * - `exists`: there is a key or certificate already; nothing was changed
 * - `unwritable`: the files could not be written; nothing is left of them
 *
 * @since 0.1.0
 * @category errors
 */
export class NodeIdentityError extends Data.TaggedError("NodeIdentityError")<{
  readonly reason: "unreadable" | "exposed" | "locked" | "passphrase" | "invalid" | "exists" | "unwritable"
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
export const inDirectory = (directory: string): Required<Paths> => ({
  certificates: Files.certificateIn(directory),
  privateKey: Files.keyIn(directory)
})

/**
 * A private key without passphrase that the group or others can read is refused (CERT-80), and one in a directory in which
 * they can replace it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (
  { certificates, privateKey }: Paths,
  reading: Reading = {}
): Effect.Effect<Identity.Identity, NodeIdentityError> =>
  readAll(privateKey === undefined ? [certificates] : [privateKey, certificates], reading)

/**
 * The same from any number of files of other tools, such as a key, a certificate and those of authorities; see
 * `Identity.fromFiles`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const readAll = Effect.fn("NodeIdentity.readAll")(function*(
  paths: ReadonlyArray<string>,
  reading: Reading = {}
): Effect.fn.Return<Identity.Identity, NodeIdentityError> {
  return yield* Effect.mapError(Files.read(paths, reading), asError)
})

/**
 * A passphrase from a file that only its owner can read: the first line.
 *
 * @since 0.1.0
 * @category constructors
 */
export const readPassphrase = Effect.fn("NodeIdentity.readPassphrase")(function*(
  path: string
): Effect.fn.Return<Redacted.Redacted<string>, NodeIdentityError> {
  const { bytes, stats } = yield* Effect.mapError(Files.readFile(path), asError)
  if (isOpenTo(stats, anyAccess)) return yield* asError(Files.exposed(path, "a passphrase"))
  return Redacted.make(Files.textOf(bytes).split(/\r?\n/, 1)[0] ?? "", { label: "passphrase" })
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
  const key = Files.keyIn(directory)
  const isRequest = created.kind === "request"
  const shown = isRequest ? Files.requestIn(directory) : Files.certificateIn(directory)
  const pem = created.kind === "request" ? created.requestPem : created.certificatePem
  yield* Effect.mapError(Files.writeTwo(directory, created.privateKeyPem, shown, pem), asError)
  return isRequest ? { key, request: shown } : { key, certificate: shown }
})

/**
 * The same for an identity that was read: its key, without passphrase, and its certificates, our own first.
 *
 * @since 0.1.0
 * @category constructors
 */
export const save = Effect.fn("NodeIdentity.save")(function*(
  directory: string,
  { certificates, privateKey }: Identity.Identity
): Effect.fn.Return<{ readonly key: string; readonly certificate: string }, NodeIdentityError> {
  const certificate = Files.certificateIn(directory)
  yield* Effect.mapError(Files.writeTwo(directory, privateKey, certificate, certificates), asError)
  return { key: Files.keyIn(directory), certificate }
})

const asError = (fault: Files.Fault): NodeIdentityError => new NodeIdentityError(fault)
