/**
 * The files of an identity: reading them with a look at who else may, and writing them so that nothing is lost. What went
 * wrong is told as a fault, of which `NodeIdentity.ts` and `NodeRenewal.ts` make their error.
 *
 * @internal
 */
import { Identity, Pem, Pkcs12 } from "@xmpp-e2e/certificates"
import type { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Path from "node:path"
import * as Files from "./files.ts"

/** @internal */
export interface Fault {
  readonly reason: "unreadable" | "exposed" | "locked" | "passphrase" | "invalid" | "exists" | "unwritable"
  readonly detail: string
  readonly cause?: unknown
}

/** @internal */
export const keyIn = (directory: string): string => Path.join(directory, "key.pem")

/** @internal */
export const certificateIn = (directory: string): string => Path.join(directory, "cert.pem")

/** @internal */
export const requestIn = (directory: string): string => Path.join(directory, "request.pem")

/** @internal */
export const read = Effect.fnUntraced(function*(
  paths: ReadonlyArray<string>,
  reading: { readonly naming?: Address.Naming; readonly passphrase?: Redacted.Redacted<string> }
): Effect.fn.Return<Identity.Identity, Fault> {
  const sources: Array<Source> = []
  for (const path of paths) sources.push({ path, ...yield* readFile(path) })
  const identity = yield* Effect.mapError(
    Identity.fromFiles({ files: sources.map(({ bytes }) => bytes), ...reading }),
    (cause) => unusable(paths.join(" and "), cause)
  )
  for (const source of sources) yield* checkExposure(source, reading.passphrase)
  return identity
})

/** @internal */
export const unusable = (where: string, cause: Identity.IdentityError): Fault => {
  const reason = cause.reason === "encrypted" ? "locked" : cause.reason === "passphrase" ? "passphrase" : "invalid"
  return { reason, detail: `${where}: ${cause.message}`, cause }
}

interface Source extends Files.Raw {
  readonly path: string
}

/** What a passphrase protects may lie about; everything else is for the owner alone. */
const checkExposure = Effect.fnUntraced(function*(
  { bytes, path, stats }: Source,
  passphrase: Redacted.Redacted<string> | undefined
): Effect.fn.Return<void, Fault> {
  const isStore = Pkcs12.isLikely(bytes)
  const isLocked = isStore && passphrase !== undefined && Redacted.value(passphrase) !== ""
  const keys = isStore ? [] : Pem.decode(textOf(bytes)).filter(({ label }) => label.endsWith("PRIVATE KEY"))
  if (isLocked || !(isStore || keys.some(({ isEncrypted }) => !isEncrypted))) return
  if (Files.isOpenTo(stats, Files.anyAccess)) return yield* Effect.fail(exposed(path, "a private key"))
  const directory = Path.dirname(path)
  const around = yield* Effect.mapError(Files.statsOf(directory), unreadable(directory))
  if (Files.isReplaceable(around)) return yield* Effect.fail(replaceable(directory))
})

/** @internal */
export const exposed = (path: string, what: string): Fault => ({
  reason: "exposed",
  detail: `${path} holds ${what}, and others can read it; run: chmod 600 ${path}`
})

const replaceable = (directory: string): Fault => ({
  reason: "exposed",
  detail: `others can write to ${directory} and replace a key there; run: chmod 700 ${directory}`
})

const unreadable = (path: string) => ({ cause, code }: Files.FileFault): Fault => ({
  reason: "unreadable",
  detail: `${path} cannot be read: ${Files.wordsOf(code)}`,
  cause
})

const unwritable = (path: string) => ({ cause, code }: Files.FileFault): Fault => ({
  reason: "unwritable",
  detail: `${path} cannot be written: ${Files.wordsOf(code)}`,
  cause
})

/** @internal */
export const readFile = (path: string): Effect.Effect<Files.Raw, Fault> =>
  Effect.mapError(Files.readBytes(path, fileBytesMax), unreadable(path))

/** Makes it where it is missing. @internal */
export const prepareDirectory = Effect.fnUntraced(function*(path: string): Effect.fn.Return<void, Fault> {
  const stats = yield* Effect.mapError(Files.makeDirectory(path, 0o700), unwritable(path))
  if (Files.isReplaceable(stats)) return yield* Effect.fail(replaceable(path))
})

/** A key, and what is shown of it; both or none, and nothing is replaced. @internal */
export const writeTwo = Effect.fnUntraced(function*(
  directory: string,
  privateKey: Redacted.Redacted<string>,
  other: string,
  pem: string
): Effect.fn.Return<void, Fault> {
  yield* prepareDirectory(directory)
  const key = keyIn(directory)
  yield* createFile(key, Redacted.value(privateKey), 0o600)
  // Half an identity is in the way of the next attempt. The key is ours to take back: nobody has seen it.
  yield* createFile(other, pem, 0o644).pipe(Effect.onError(() => Files.remove(key)))
}, Effect.uninterruptible)

/** @internal */
export const createFile = (path: string, text: string, mode: number): Effect.Effect<void, Fault> =>
  Effect.mapError(Files.create(path, text, mode), (fault): Fault =>
    fault.code === "EEXIST"
      ? ({ reason: "exists", detail: `${path} exists, and is left as it is`, cause: fault.cause })
      : unwritable(path)(fault))

/** At once, for whoever reads it. @internal */
export const replaceFile = Effect.fnUntraced(function*(path: string, text: string): Effect.fn.Return<void, Fault> {
  if (yield* Files.isLink(path)) {
    const detail = `${path} is a link, and is left as it is: do this where the file really lies`
    return yield* Effect.fail<Fault>({ reason: "unwritable", detail })
  }
  yield* Effect.mapError(Files.replace(path, text, 0o644, Effect.void), unwritable(path))
})

/** Whatever it is; in PEM, only ASCII counts. @internal */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const fileBytesMax = 1_048_576
