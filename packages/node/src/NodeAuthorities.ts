/**
 * Authorities and revocation lists in files, and the authorities that the system trusts: as DER, for `Trust` in
 * `@xmpp-e2e/certificates`. Whether a certificate may be an authority at all is judged there.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Tls from "node:tls"
import * as DerFiles from "./internal/der-files.ts"
import * as SystemStore from "./internal/system-store.ts"

/**
 * - `unreadable`: a file or directory is missing, may not be read, or is too large (16 MiB)
 * - `exposed`: everybody can write to it
 * - `invalid`: something in it is no certificate, or no revocation list
 * - `empty`: there is none in it
 *
 * @since 0.1.0
 * @category errors
 */
export class NodeAuthoritiesError extends Data.TaggedError("NodeAuthoritiesError")<{
  readonly reason: "unreadable" | "exposed" | "invalid" | "empty"
  /** For people: which file, what is wrong with it, what to do. */
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * What `system` found.
 *
 * @since 0.1.0
 * @category models
 */
export interface Store {
  /** DER, each once. */
  readonly certificates: ReadonlyArray<Uint8Array>
  /** For people: which list this is. Not always the one that was asked for. */
  readonly source: string
  /** Certificates that were left out because they cannot be read, a sentence each. */
  readonly warnings: ReadonlyArray<string>
}

/**
 * The certificates in files and directories, DER, in order, each once. A file holds PEM, with any number of certificates
 * between whatever else, or the DER of one. Of a directory the hashed names are read if there are any (`openssl rehash`),
 * otherwise what ends in `.pem`, `.crt`, `.cer` or `.der`; not what is below it.
 *
 * One thing that is wrong anywhere is an error: somebody believes that it is in force. So is a path with none at all.
 *
 * @since 0.1.0
 * @category constructors
 */
export const readCertificates = (
  paths: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Uint8Array>, NodeAuthoritiesError> => readStrictly(paths, DerFiles.certificate)

/**
 * The certificate revocation lists in files and directories, as `readCertificates` reads certificates: PEM blocks `X509
 * CRL`, or DER; of a directory the hashed names (`0b7ce2d4.r0`), otherwise what ends in `.crl`. Of a list only the outer
 * shape is looked at (RFC 5280 §5.1); its dates, its signature and who may sign it are judged where it is used.
 *
 * @since 0.1.0
 * @category constructors
 */
export const readCrls = (
  paths: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Uint8Array>, NodeAuthoritiesError> => readStrictly(paths, DerFiles.crl)

/**
 * The authorities that this machine trusts for TLS on the web; `bundled` are those that come with Node, `default` those
 * that Node itself would use. On Linux the system's store is where OpenSSL looks, or where `SSL_CERT_FILE` and
 * `SSL_CERT_DIR` point; on macOS and Windows it is the one of the system. What OpenSSL cannot read, and what comes after it
 * in the same file, Node leaves out without a word.
 *
 * Before Node 22.15 and 23.10 there is no way to ask the system. Then `system` reads what those two variables name, and
 * without them gives the list that comes with Node; `source` says so.
 *
 * Nobody here chose these certificates one by one, so a bad one is left out with a warning. No good one at all is the error
 * `empty`.
 *
 * @since 0.1.0
 * @category constructors
 */
export const system = Effect.fn("NodeAuthorities.system")(function*(
  store: "system" | "bundled" | "default" = "system"
): Effect.fn.Return<Store, NodeAuthoritiesError> {
  const choice = SystemStore.choose(sources(), store)
  const items = choice._tag === "Paths"
    ? yield* readAll(choice.paths, DerFiles.certificate)
    : Array.from(new Set(choice.texts)).flatMap((text, index) =>
      DerFiles.parse(`certificate ${index + 1} of ${choice.source}`, encoder.encode(text), DerFiles.certificate)
    )
  const certificates = once(items.flatMap((item) => Result.isSuccess(item) ? [item.success] : []))
  const warnings = items.flatMap((item) => Result.isFailure(item) ? [item.failure.detail] : [])
  if (certificates.length === 0) {
    const detail =
      `${choice.source} holds no certificate that can be read; install the package with the certificates of `
      + `authorities (ca-certificates), or name the files of those to trust`
    return yield* new NodeAuthoritiesError({ reason: "empty", detail })
  }
  return { certificates, source: choice.source, warnings }
})

const readStrictly = (
  paths: ReadonlyArray<string>,
  kind: DerFiles.Kind
): Effect.Effect<ReadonlyArray<Uint8Array>, NodeAuthoritiesError> =>
  Effect.flatMap(readAll(paths, kind), (items) =>
    Result.match(Result.all(items), {
      onSuccess: (found) => Effect.succeed(once(found)),
      onFailure: (trouble) => Effect.fail(new NodeAuthoritiesError(trouble))
    }))

const readAll = (paths: ReadonlyArray<string>, kind: DerFiles.Kind): Effect.Effect<ReadonlyArray<DerFiles.Item>> =>
  Effect.map(Effect.forEach(paths, (path) => DerFiles.read(path, kind)), (found) => found.flat())

/** Bundles and hashed directories name the same ones, often. */
const once = (found: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> =>
  Array.from(new Map(found.map((der) => [Buffer.from(der).toString("latin1"), der])).values())

const sources = (): SystemStore.Sources => {
  const { SSL_CERT_DIR: directories, SSL_CERT_FILE: file } = process.env
  return {
    rootCertificates: Tls.rootCertificates,
    version: process.versions.node,
    ...(typeof Tls.getCACertificates === "function" ? { getCACertificates: Tls.getCACertificates } : {}),
    ...(file === undefined ? {} : { file }),
    ...(directories === undefined ? {} : { directories })
  }
}

const encoder = new TextEncoder()
