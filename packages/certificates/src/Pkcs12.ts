/**
 * PKCS #12: the files (`.p12`, `.pfx`) in which browsers, keychains and Java hand over a key with its certificates. Opening
 * one is total and bounded: whatever the bytes are, there is an answer, and what the file asks for in work is counted.
 * Nothing in it is used before its MAC has been verified. What becomes of the content is the business of `Identity.ts`.
 *
 * RFC 7292, RFC 9579.
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Der from "./Der.ts"
import { concat } from "./internal/bytes.ts"
import * as Forge from "./internal/forge.ts"
import { verifyMac } from "./internal/mac.ts"
import * as Sealing from "./internal/sealing.ts"

/**
 * @since 0.1.0
 * @category models
 */
export interface Content {
  /** PKCS #8, DER, in the order of the file. */
  readonly keys: ReadonlyArray<Redacted.Redacted<Uint8Array>>
  /** DER, in the order of the file, which need not be that of a chain. */
  readonly certificates: ReadonlyArray<Uint8Array>
}

/**
 * - `damaged`: the bytes are no PKCS #12 file, or not a whole one
 * - `passphrase`: the passphrase is wrong, or somebody has changed the file; the MAC cannot tell which
 * - `unsupported`: protected in a way that is not read here
 * - `costly`: trying a passphrase takes more work than we do for a file (about ten seconds)
 *
 * @since 0.1.0
 * @category errors
 */
export class Pkcs12Error extends Data.TaggedError("Pkcs12Error")<{
  readonly reason: "damaged" | "passphrase" | "unsupported" | "costly"
  /** For people, with what to do. */
  readonly detail: string
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * Whether the bytes begin as such a file does: a SEQUENCE that begins with the version 3. Says nothing about the rest.
 *
 * @since 0.1.0
 * @category guards
 */
export const isLikely = (bytes: Uint8Array): boolean => {
  const first = bytes[1] ?? 0
  const from = 2 + (first > 0x80 ? first & 0x7f : 0)
  return bytes[0] === Der.tags.sequence && version.every((each, at) => bytes[from + at] === each)
}

/**
 * The keys and certificates in a file. An empty passphrase also opens files that were made without one.
 *
 * Read are files protected by a passphrase and a MAC (HMAC with SHA-1 or SHA-2, PBMAC1), encrypted by PBES2 with AES or
 * 3DES, or in the older ways with 3DES or RC2; in DER or BER. Not read: files without MAC, and those protected by keys
 * instead of a passphrase. The key derivation of most MACs runs in JavaScript: while it does, for seconds at the worst,
 * nothing else runs.
 *
 * @since 0.1.0
 * @category decoding
 */
export const open = Effect.fn("Pkcs12.open")(function*(
  bytes: Uint8Array,
  passphrase: Redacted.Redacted<string>
): Effect.fn.Return<Content, Pkcs12Error> {
  const opener = { passphrase: Redacted.value(passphrase), forge: yield* Forge.load, purse: Sealing.makePurse() }
  return yield* readFile(opener, bytes).pipe(
    Effect.map(({ certificates, keys }) => ({
      certificates,
      keys: keys.map((each) => Redacted.make(each, { label: "private key" }))
    })),
    Effect.mapError((each) => each._tag === "Pkcs12Error" ? each : told(each))
  )
})

interface Found {
  readonly keys: Array<Uint8Array>
  readonly certificates: Array<Uint8Array>
}

const readFile = Effect.fnUntraced(function*(opener: Sealing.Opener, bytes: Uint8Array) {
  if (bytes.length > octetsMax) {
    return yield* Effect.fail(Sealing.failure("damaged", `it has more than ${octetsMax} octets`))
  }
  const [number, safe, macData] = yield* Sealing.read(
    Der.sequence(yield* decode(opener, bytes), "the file")
  )
  if ((yield* Sealing.read(Der.smallInteger(number, "the version"))) !== 3) {
    return yield* Effect.fail(Sealing.failure("damaged", "its version is not 3"))
  }
  const { content, type } = yield* contentOf(safe)
  if (type !== oids.data) return yield* unsupported("it is protected by a signature instead of a passphrase")
  if (macData === undefined) return yield* unsupported("it has no MAC, so nobody can tell whether it is whole")
  const safes = yield* octetsOf(content, "what is protected")
  const { passphrase } = opener
  const variants = passphrase === "" ? [opener, { ...opener, passphrase: undefined }] : [opener]
  for (const variant of variants) {
    if (yield* verifyMac(variant, macData, safes)) return yield* readSafes(variant, safes)
  }
  return yield* new Pkcs12Error({
    reason: "passphrase",
    detail: passphrase === ""
      ? "the file has a passphrase, or was changed: its MAC does not fit an empty one"
      : "the passphrase is wrong, or the file was changed: its MAC does not fit"
  })
})

/** RFC 7292 §4.1. */
const readSafes = Effect.fnUntraced(function*(opener: Sealing.Opener, safes: Uint8Array) {
  const found: Found = { keys: [], certificates: [] }
  for (const each of yield* Sealing.read(Der.sequence(yield* decode(opener, safes), "the content"))) {
    const { content, type } = yield* contentOf(each)
    if (type === oids.data) {
      yield* readBags(opener, yield* octetsOf(content, "a part of the content"), found, 1)
    } else if (type === oids.encryptedData) {
      const [, inner] = yield* Sealing.read(Der.sequence(content, "an encrypted part"))
      const [, algorithm, sealed] = yield* Sealing.read(Der.sequence(inner, "an encrypted part"))
      const plain = yield* Sealing.open(opener, algorithm, yield* octetsOf(sealed, "an encrypted part"))
      yield* readBags(opener, plain, found, 1)
    } else {
      return yield* unsupported("a part of it is encrypted for a key instead of a passphrase")
    }
  }
  return found
})

/** RFC 7292 §4.2. Other bags, such as CRLs and secrets, are left alone. */
const readBags = (
  opener: Sealing.Opener,
  octets: Uint8Array,
  found: Found,
  depth: number
): Effect.Effect<void, Sealing.Failure | Pkcs12Error> =>
  Effect.gen(function*() {
    const bags = yield* Sealing.read(Der.sequence(yield* decode(opener, octets), "the bags"))
    for (const bag of bags) {
      const [type, wrapped] = yield* Sealing.read(Der.sequence(bag, "a bag"))
      const value = wrapped?.tag === 0xa0 ? wrapped.children[0] : undefined
      if (value === undefined) return yield* Effect.fail(Sealing.failure("damaged", "a bag is empty"))
      if (found.keys.length + found.certificates.length >= bagsMax) {
        return yield* Effect.fail(Sealing.failure("damaged", `it holds more than ${bagsMax} keys and certificates`))
      }
      switch (yield* Sealing.read(Der.oid(type, "the type of a bag"))) {
        case oids.keyBag:
          found.keys.push(value.raw)
          break
        case oids.shroudedKeyBag:
          found.keys.push(yield* openKey(opener, value))
          break
        case oids.certificateBag: {
          const [kind, certificate] = yield* Sealing.read(Der.sequence(value, "a certificate"))
          if ((yield* Sealing.read(Der.oid(kind, "the kind of a certificate"))) !== oids.x509Certificate) break
          found.certificates.push(yield* octetsOf(certificate?.children[0], "a certificate"))
          break
        }
        case oids.safeContentsBag:
          if (depth >= depthMax) return yield* Effect.fail(Sealing.failure("damaged", "bags are nested too deeply"))
          yield* readBags(opener, value.raw, found, depth + 1)
      }
    }
  })

const openKey = Effect.fnUntraced(function*(opener: Sealing.Opener, value: Der.Value) {
  const [algorithm, sealed] = yield* Sealing.read(Der.sequence(value, "an encrypted key"))
  const plain = yield* Sealing.open(opener, algorithm, yield* octetsOf(sealed, "an encrypted key"))
  return (yield* decode(opener, plain)).raw
})

const contentOf = Effect.fnUntraced(function*(info: Der.Value | undefined) {
  const [type, wrapped] = yield* Sealing.read(Der.sequence(info, "the content"))
  return { type: yield* Sealing.read(Der.oid(type, "the type of the content")), content: wrapped?.children[0] }
})

/** Some tools write BER, in which lengths may come last. */
const decode = (
  { forge }: Sealing.Opener,
  bytes: Uint8Array
): Effect.Effect<Der.Value, Sealing.Failure> =>
  Sealing.read(Der.decode(bytes)).pipe(Effect.catch((failure) => {
    const der = forge.toDer(bytes)
    return der === undefined ? Effect.fail(failure) : Sealing.read(Der.decode(der))
  }))

/** An OCTET STRING, by its own tag or an implicit one. In BER it may be in pieces, and these again (X.690 §8.7.3). */
const octetsOf = (value: Der.Value | undefined, what: string): Effect.Effect<Uint8Array, Sealing.Failure> => {
  const octets = value?.tag === 0x80 ? value.content : value?.tag === 0xa0 ? joined(value.children) : piece(value)
  return octets === undefined
    ? Effect.fail(Sealing.failure("damaged", `${what} is missing or has another type`))
    : Effect.succeed(octets)
}

/** No deeper than values are nested at all (CERT-23). */
const piece = (value: Der.Value | undefined): Uint8Array | undefined =>
  value?.tag === Der.tags.octetString ? value.content : value?.tag === 0x24 ? joined(value.children) : undefined

const joined = (values: ReadonlyArray<Der.Value>): Uint8Array | undefined => {
  const parts = values.map(piece)
  return parts.includes(undefined) ? undefined : concat(parts.flatMap((each) => each === undefined ? [] : [each]))
}

const unsupported = (detail: string): Effect.Effect<never, Sealing.Failure> =>
  Effect.fail(Sealing.failure("unsupported", detail))

const told = ({ detail, reason }: Sealing.Failure): Pkcs12Error => {
  switch (reason) {
    case "garbled":
    case "damaged":
      return new Pkcs12Error({ reason: "damaged", detail: `the PKCS #12 file is damaged, or none: ${detail}` })
    case "unsupported":
    case "costly":
      return new Pkcs12Error({ reason, detail: `the PKCS #12 file cannot be opened: ${detail}; ${remedy}` })
  }
}

const remedy =
  "convert it with `openssl pkcs12 -in FILE -legacy -nodes | openssl pkcs12 -export -out NEW.p12`, or import PEM files"
const oids = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  safeContentsBag: "1.2.840.113549.1.12.10.1.6",
  x509Certificate: "1.2.840.113549.1.9.22.1"
} as const
/** INTEGER 3. */
const version = [2, 1, 3]
const octetsMax = 1_048_576
const bagsMax = 64
const depthMax = 4
