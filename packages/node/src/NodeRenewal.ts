/**
 * Newer certificates for the key of an identity in a directory: made by ourselves, or by an authority whom we ask. The key
 * stays as it is, so that whoever pinned it goes on believing us; the old certificate is kept beside the new one, which
 * takes its place at once.
 *
 * @since 0.1.0
 */
import { type Identity, Renewal } from "@xmpp-e2e/certificates"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Path from "node:path"
import { isThere } from "./internal/files.ts"
import * as Files from "./internal/identityFiles.ts"
import { NodeIdentityError, type Reading } from "./NodeIdentity.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Replaced {
  /** As it is now. */
  readonly identity: Identity.Identity
  /** As it was, if there was a certificate. */
  readonly old?: Identity.Identity
  /** The path of the new certificate. */
  readonly certificate: string
  /** Where the old one is kept: `cert.DATE.FINGERPRINT.pem`, with the day in UTC and 8 digits of the fingerprint. */
  readonly backup?: string
}

/**
 * A new self-signed certificate for the same key and names, for as many days as the old one had where nobody says
 * otherwise. Fails with `invalid` where an authority issued the old one.
 *
 * @since 0.1.0
 * @category combinators
 */
export const renew = Effect.fn("NodeRenewal.renew")(function*(
  directory: string,
  { days, ...reading }: Reading & { readonly days?: number } = {}
): Effect.fn.Return<Replaced, NodeIdentityError> {
  return yield* Effect.gen(function*() {
    yield* Files.prepareDirectory(directory)
    const old = yield* readOwn(directory, reading)
    const pem = yield* Effect.mapError(
      Renewal.certificate(old, { days: days ?? Renewal.daysOf(old.certificate) }),
      (cause) => Files.unusable(directory, cause)
    )
    return yield* replace(directory, pem, reading, old)
  }).pipe(Effect.mapError(asError))
})

/**
 * Writes `request.pem`, in which the same key asks an authority for the same names, and gives its path. An older request is
 * replaced: it can be made again at any time.
 *
 * @since 0.1.0
 * @category combinators
 */
export const request = Effect.fn("NodeRenewal.request")(function*(
  directory: string,
  reading: Reading = {}
): Effect.fn.Return<string, NodeIdentityError> {
  return yield* Effect.gen(function*() {
    yield* Files.prepareDirectory(directory)
    const old = yield* readOwn(directory, reading)
    const pem = yield* Effect.mapError(Renewal.request(old), (cause) => Files.unusable(directory, cause))
    const path = Files.requestIn(directory)
    yield* Files.replaceFile(path, pem)
    return path
  }).pipe(Effect.mapError(asError))
})

/**
 * Puts what an authority has answered to a request beside the key, as `cert.pem`, our own first, whatever the order of the
 * files. Fails with `invalid`, and changes nothing, when none of the certificates belongs to the key.
 *
 * @since 0.1.0
 * @category combinators
 */
export const install = Effect.fn("NodeRenewal.install")(function*(
  directory: string,
  paths: ReadonlyArray<string>,
  reading: Reading = {}
): Effect.fn.Return<Replaced, NodeIdentityError> {
  return yield* Effect.gen(function*() {
    yield* Files.prepareDirectory(directory)
    const { certificates } = yield* Files.read([Files.keyIn(directory), ...paths], reading)
    // What is not there needs no backup; what cannot be read stays where it is.
    const old = (yield* isThere(Files.certificateIn(directory))) ? yield* readOwn(directory, reading) : undefined
    return yield* replace(directory, certificates, reading, old)
  }).pipe(Effect.mapError(asError))
})

const readOwn = (directory: string, reading: Reading): Effect.Effect<Identity.Identity, Files.Fault> =>
  Files.read([Files.keyIn(directory), Files.certificateIn(directory)], reading)

const replace = Effect.fnUntraced(function*(
  directory: string,
  pem: string,
  reading: Reading,
  old: Identity.Identity | undefined
): Effect.fn.Return<Replaced, Files.Fault> {
  const certificate = Files.certificateIn(directory)
  const backup = old === undefined ? undefined : yield* keep(directory, old)
  yield* Files.replaceFile(certificate, pem)
  const identity = yield* readOwn(directory, reading)
  return { identity, certificate, ...old === undefined ? {} : { old }, ...backup === undefined ? {} : { backup } }
}, Effect.uninterruptible)

/** Whoever was interrupted after this, and comes again, finds it done. */
const keep = Effect.fnUntraced(function*(
  directory: string,
  { certificates, fingerprint }: Identity.Identity
): Effect.fn.Return<string, Files.Fault> {
  const date = new Date(yield* Clock.currentTimeMillis).toISOString().slice(0, 10)
  const path = Path.join(directory, `cert.${date}.${fingerprint.slice(0, 8)}.pem`)
  yield* Files.createFile(path, certificates, 0o644).pipe(
    Effect.catch((fault) =>
      fault.reason === "exists"
        ? Effect.flatMap(Files.readFile(path), ({ bytes }) =>
          Files.textOf(bytes) === certificates ? Effect.void : Effect.fail(fault))
        : Effect.fail(fault)
    )
  )
  return path
})

const asError = (fault: Files.Fault): NodeIdentityError => new NodeIdentityError(fault)
