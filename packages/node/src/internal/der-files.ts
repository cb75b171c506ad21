/**
 * Certificates and revocation lists out of files: PEM with many blocks, DER with one, and the hashed directories of OpenSSL.
 * Each thing that is found is told apart, good or bad; whether a bad one is an error is for the caller to say.
 */
import { Certificate, Der, Pem } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Fs from "node:fs/promises"
import * as Path from "node:path"
import * as Files from "./files.ts"

/** What is looked for. @internal */
export interface Kind {
  readonly name: "certificate" | "CRL"
  readonly labels: ReadonlySet<string>
  /** As `openssl rehash` names the links in a directory. */
  readonly hashed: RegExp
  /** Endings of files in a directory that is not hashed. */
  readonly endings: ReadonlySet<string>
  readonly check: (der: Uint8Array) => Der.Read<unknown>
}

/** @internal */
export const certificate: Kind = {
  name: "certificate",
  labels: new Set(["CERTIFICATE", "X509 CERTIFICATE"]),
  hashed: /^[0-9a-f]{8}\.\d+$/,
  endings: new Set([".pem", ".crt", ".cer", ".der"]),
  check: Certificate.decode
}

/** RFC 5280 §5.1: three parts. What is in them is for whoever uses the list. @internal */
export const crl: Kind = {
  name: "CRL",
  labels: new Set(["X509 CRL", "CRL"]),
  hashed: /^[0-9a-f]{8}\.r\d+$/,
  endings: new Set([".crl"]),
  check: (der) =>
    Result.flatMap(
      Result.flatMap(Der.decode(der), (value) => Der.sequence(value, "the revocation list")),
      (parts) =>
        parts.length === 3 && parts[2]?.tag === Der.tags.bitString
          ? Result.succeed(parts)
          : Der.wrong("CERT-20", "it has another shape than a revocation list")
    )
}

/** @internal */
export type Item = Result.Result<Uint8Array, Trouble>

/** @internal */
export interface Trouble {
  readonly reason: "unreadable" | "exposed" | "invalid" | "empty"
  /** With the file, and what to do. */
  readonly detail: string
  readonly cause?: unknown
}

/** What a file or a directory holds, in order; never nothing: where nothing is found, that is a trouble. @internal */
export const read = (path: string, kind: Kind): Effect.Effect<ReadonlyArray<Item>> =>
  Files.attempt(() => Fs.stat(path)).pipe(
    Effect.flatMap((stats) => stats.isDirectory() ? readDirectory(path, stats, kind) : readFile(path, kind)),
    Effect.catch((fault) => Effect.succeed([unreadable(path, fault)]))
  )

const readDirectory = Effect.fnUntraced(function*(
  path: string,
  stats: Files.Content["stats"],
  kind: Kind
): Effect.fn.Return<ReadonlyArray<Item>, Files.FileFault> {
  if (Files.isOpenTo(stats, everybodyWrites)) return [exposed(path)]
  const names = yield* Files.attempt(() => Fs.readdir(path))
  if (names.length > namesMax) {
    return [trouble("invalid", `${path} holds more than ${namesMax} files; choose among them`)]
  }
  const hashed = names.filter((name) => kind.hashed.test(name))
  const chosen = hashed.length > 0 ? hashed : names.filter((name) => kind.endings.has(Path.extname(name).toLowerCase()))
  if (chosen.length === 0) {
    const endings = Array.from(kind.endings).join(", ")
    const detail =
      `${path} holds no ${kind.name}: neither names that openssl rehash makes, nor files that end in ${endings}`
    return [trouble("empty", detail)]
  }
  const found = yield* Effect.forEach(chosen.toSorted(), (name) => readFile(Path.join(path, name), kind))
  return found.flat()
})

const readFile = (path: string, kind: Kind): Effect.Effect<ReadonlyArray<Item>> =>
  Effect.match(Files.readBytes(path, fileBytesMax), {
    onSuccess: ({ bytes, stats }) =>
      Files.isOpenTo(stats, everybodyWrites) ? [exposed(path)] : parse(path, bytes, kind),
    onFailure: (fault) => [unreadable(path, fault)]
  })

/** Bytes of a file; `path` is for the sentences. @internal */
export const parse = (path: string, bytes: Uint8Array, kind: Kind): ReadonlyArray<Item> => {
  const text = new TextDecoder().decode(bytes)
  // DER may hold any text, and PEM may begin with any.
  const isDer = Result.isSuccess(Der.decode(bytes))
  if (!isDer && text.includes("-----BEGIN ")) return parsePem(path, text, kind)
  return [
    checked(bytes, kind, `${path} is neither PEM nor the DER of a ${kind.name}`, "export it again as one of the two")
  ]
}

const parsePem = (path: string, text: string, kind: Kind): ReadonlyArray<Item> => {
  const blocks = Pem.decode(text)
  // A bundle that lost a part would otherwise be one that trusts less, or revokes less, than somebody believes. So would two
  // that were joined without a line break.
  const begun = text.split("-----BEGIN ").length - 1
  if (begun !== blocks.length) {
    return [
      trouble("invalid", `${path} has ${begun} PEM blocks of which ${blocks.length} are whole; copy the file anew`)
    ]
  }
  const mine = blocks.filter(({ label }) => kind.labels.has(label) || label === openSslTrust)
  if (mine.length === 0) {
    const others = blocks.length === 0 ? "" : `, but ${[...new Set(blocks.map(({ label }) => label))].join(", ")}`
    return [trouble("empty", `${path} holds no ${kind.name}${others}; it is the wrong file, or in another format`)]
  }
  return mine.map(({ der, label }, index) => {
    const which = `${path}: ` + (mine.length === 1 ? `the ${kind.name}` : `${kind.name} ${index + 1} of ${mine.length}`)
    if (label === openSslTrust) {
      const remedy = "convert it with openssl x509, which leaves its extra rules out"
      return trouble("invalid", `${which} is in OpenSSL's own TRUSTED CERTIFICATE format; ${remedy}`)
    }
    return der === undefined
      ? trouble("invalid", `${which} is not base64; copy it anew, or remove it`)
      : checked(der, kind, `${which} cannot be read`, "have it exported anew, or remove it")
  })
}

const checked = (der: Uint8Array, kind: Kind, what: string, remedy: string): Item =>
  Result.match(kind.check(der), {
    onSuccess: () => Result.succeed(Uint8Array.from(der)),
    onFailure: (cause) => trouble("invalid", `${what}: ${cause.detail}; ${remedy}`, cause)
  })

const trouble = (reason: Trouble["reason"], detail: string, cause?: unknown): Item =>
  Result.fail({ reason, detail, cause })

const unreadable = (path: string, { cause, code }: Files.FileFault): Item =>
  trouble("unreadable", `${path} cannot be read: ${Files.wordsOf(code)}`, cause)

/**
 * The group may write: that is how many systems make files. The same file may serve a service whose owner it is not.
 */
const exposed = (path: string): Item =>
  trouble("exposed", `everybody can write to ${path}, and so make us trust anybody; run: chmod o-w ${path}`)

const everybodyWrites = 0o002
const openSslTrust = "TRUSTED CERTIFICATE"
/** As DER is read: lengths of three octets. */
const fileBytesMax = 16_777_216
const namesMax = 10_000
