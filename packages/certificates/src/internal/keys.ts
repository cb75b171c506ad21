/**
 * Private keys: making, wrapping and loading them with Web Crypto.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import * as PublicKey from "../PublicKey.ts"
import { owned } from "./bytes.ts"
import { value } from "./encode.ts"

export type Algorithm = "ed25519" | "p256" | "p384" | "rsa2048" | "rsa3072"

export interface Pair {
  /** PKCS #8, DER. */
  readonly pkcs8: Uint8Array
  readonly publicKey: PublicKey.PublicKey
}

/** Both halves, ready for use, and the way in which keys of this kind sign. */
export interface Loaded {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly way: Way
}

/** As Web Crypto wants it for loading a key and for signing. */
export interface Way {
  readonly name: string
  readonly hash?: string
  readonly namedCurve?: string
}

/** Web Crypto refused: the key is no key, or the platform does not know its kind. */
export interface CryptoFailure {
  readonly _tag: "CryptoFailure"
  readonly cause: unknown
}

export const generate = (algorithm: Algorithm): Effect.Effect<Pair, CryptoFailure> =>
  Effect.flatMap(
    attempt(async () => {
      const made = await crypto.subtle.generateKey(parameters[algorithm], true, ["sign", "verify"])
      if (!("privateKey" in made)) return Promise.reject(new Error("a pair of keys was asked for"))
      const { privateKey, publicKey } = made
      const [pkcs8, spki] = await Promise.all([
        crypto.subtle.exportKey("pkcs8", privateKey),
        crypto.subtle.exportKey("spki", publicKey)
      ])
      return { pkcs8: new Uint8Array(pkcs8), spki: new Uint8Array(spki) }
    }),
    ({ pkcs8, spki }) => read(pkcs8, spki)
  )

export const load = ({ pkcs8, publicKey: { kind, spki, text } }: Pair): Effect.Effect<Loaded, CryptoFailure> => {
  const way = wayOf(kind)
  if (way === undefined) return Effect.fail(failure(`${text} cannot sign here`))
  if (pkcs8.length > octetsMaxOf(kind)) {
    return Effect.fail(failure("the private key is larger than its public key allows"))
  }
  return attempt(async () => {
    const [privateKey, publicKey] = await Promise.all([
      crypto.subtle.importKey("pkcs8", owned(pkcs8), way, false, ["sign"]),
      // The library that makes requests takes the public key out again.
      crypto.subtle.importKey("spki", owned(spki), way, true, ["verify"])
    ])
    return { privateKey, publicKey, way }
  })
}

/** Signs something with the one half and looks whether the other verifies it. */
export const belongTogether = (pair: Pair): Effect.Effect<boolean> =>
  load(pair).pipe(
    Effect.flatMap(({ privateKey, publicKey, way }) =>
      attempt(async () => {
        const signature = await crypto.subtle.sign(way, privateKey, probe)
        return crypto.subtle.verify(way, publicKey, signature, probe)
      })
    ),
    Effect.catch(() => Effect.succeed(false))
  )

/** PKCS #1 and SEC 1 keys say less than PKCS #8; what is missing stands in the public key (RFC 5208 §5). */
export const wrap = (key: Uint8Array, { algorithm }: PublicKey.PublicKey): Uint8Array =>
  value(
    Der.tags.sequence,
    value(Der.tags.integer, Uint8Array.of(0)),
    algorithm,
    value(Der.tags.octetString, key)
  )

const read = (pkcs8: Uint8Array, spki: Uint8Array): Effect.Effect<Pair, CryptoFailure> =>
  Effect.fromResult(Result.mapBoth(Result.flatMap(Der.decode(spki), PublicKey.read), {
    onFailure: failure,
    onSuccess: (publicKey) => ({ pkcs8, publicKey })
  }))

const wayOf = (kind: PublicKey.Kind): Way | undefined => {
  switch (kind._tag) {
    case "rsa":
      return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }
    case "ec":
      return { name: "ECDSA", namedCurve: kind.curve, hash: hashes[kind.curve] }
    case "edwards":
      return { name: kind.name }
    case "rsaPss":
    case "unknown":
      return undefined
  }
}

/** A key of another size would only cost time, and a very large one hours. An RSA key has five numbers of its size or half. */
const octetsMaxOf = (kind: PublicKey.Kind): number =>
  kind._tag === "rsa" ? Math.min(kind.bits, rsaBitsMax) * 5 / 8 + 512 : 1024

const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, CryptoFailure> =>
  Effect.tryPromise({ try: work, catch: failure })

const failure = (cause: unknown): CryptoFailure => ({ _tag: "CryptoFailure", cause })

const rsa = (modulusLength: number) => ({
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength,
  publicExponent: Uint8Array.of(1, 0, 1)
})

const parameters = {
  ed25519: { name: "Ed25519" },
  p256: { name: "ECDSA", namedCurve: "P-256" },
  p384: { name: "ECDSA", namedCurve: "P-384" },
  rsa2048: rsa(2048),
  rsa3072: rsa(3072)
}

const hashes = { "P-256": "SHA-256", "P-384": "SHA-384", "P-521": "SHA-512" } as const

const rsaBitsMax = 16_384
const probe = Uint8Array.of(1, 2, 3)
