/**
 * Private keys: making, wrapping and signing with Web Crypto, in the forms that certificates want.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Der from "../Der.ts"
import * as PublicKey from "../PublicKey.ts"
import { owned } from "./bytes.ts"
import * as Encode from "./encode.ts"
import * as oids from "./oids.ts"

export type Algorithm = "ed25519" | "p256" | "rsa2048"

export interface Pair {
  /** PKCS #8, DER. */
  readonly pkcs8: Uint8Array
  readonly publicKey: PublicKey.PublicKey
}

export interface Signer {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array
  readonly sign: (tbs: Uint8Array) => Effect.Effect<Uint8Array, CryptoFailure>
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

export const read = (pkcs8: Uint8Array, spki: Uint8Array): Effect.Effect<Pair, CryptoFailure> =>
  Effect.fromResult(Result.mapBoth(Result.flatMap(Der.decode(spki), PublicKey.read), {
    onFailure: failure,
    onSuccess: (publicKey) => ({ pkcs8, publicKey })
  }))

/** Signs as the kind of its key asks for. */
export const signerOf = ({ pkcs8, publicKey }: Pair): Effect.Effect<Signer, CryptoFailure> => {
  const ways = waysOf(publicKey.kind)
  if (ways === undefined) return Effect.fail(failure(`${publicKey.text} cannot sign here`))
  return Effect.map(
    attempt(() => crypto.subtle.importKey("pkcs8", owned(pkcs8), ways.key, false, ["sign"])),
    (key) => ({
      algorithm: ways.algorithm,
      sign: (tbs) =>
        Effect.map(
          attempt(() => crypto.subtle.sign(ways.parameters, key, owned(tbs))),
          (signature) => ways.isEcdsa ? toDer(new Uint8Array(signature)) : new Uint8Array(signature)
        )
    })
  )
}

/** PKCS #1 and SEC 1 keys say less than PKCS #8; what is missing stands in the public key (RFC 5208 §5). */
export const wrap = (key: Uint8Array, publicKey: PublicKey.PublicKey): Uint8Array =>
  Encode.sequence(Encode.integer(0), publicKey.algorithm, Encode.octetString(key))

/** 128 bits of chance, positive (RFC 5280 §4.1.2.2). */
export const randomSerial: Effect.Effect<Uint8Array> = Effect.sync(() => {
  const octets = crypto.getRandomValues(new Uint8Array(16))
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40
  return octets
})

interface Ways {
  readonly key: { readonly name: string; readonly hash?: string; readonly namedCurve?: string }
  readonly parameters: { readonly name: string; readonly hash?: string }
  readonly algorithm: Uint8Array
  readonly isEcdsa: boolean
}

const waysOf = (kind: PublicKey.Kind): Ways | undefined => {
  switch (kind._tag) {
    case "rsa": {
      const name = "RSASSA-PKCS1-v1_5"
      const algorithm = Encode.sequence(Encode.oid(oids.sha256WithRsa), Encode.nothing())
      return { key: { name, hash: "SHA-256" }, parameters: { name }, algorithm, isEcdsa: false }
    }
    case "ec": {
      const { hash, oid } = ecdsa[kind.curve]
      const name = "ECDSA"
      return {
        key: { name, namedCurve: kind.curve },
        parameters: { name, hash },
        algorithm: Encode.sequence(Encode.oid(oid)),
        isEcdsa: true
      }
    }
    case "edwards": {
      const { name } = kind
      const algorithm = Encode.sequence(Encode.oid(name === "Ed25519" ? oids.ed25519 : oids.ed448))
      return { key: { name }, parameters: { name }, algorithm, isEcdsa: false }
    }
    case "rsaPss":
    case "unknown":
      return undefined
  }
}

/** Two numbers side by side to SEQUENCE { r, s }. */
const toDer = (signature: Uint8Array): Uint8Array => {
  const half = signature.length / 2
  return Encode.sequence(Encode.unsigned(signature.subarray(0, half)), Encode.unsigned(signature.subarray(half)))
}

const attempt = <A>(work: () => Promise<A>): Effect.Effect<A, CryptoFailure> =>
  Effect.tryPromise({ try: work, catch: failure })

const failure = (cause: unknown): CryptoFailure => ({ _tag: "CryptoFailure", cause })

const parameters = {
  ed25519: { name: "Ed25519" },
  p256: { name: "ECDSA", namedCurve: "P-256" },
  rsa2048: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
} as const

const ecdsa = {
  "P-256": { hash: "SHA-256", oid: oids.ecdsaWithSha256 },
  "P-384": { hash: "SHA-384", oid: oids.ecdsaWithSha384 },
  "P-521": { hash: "SHA-512", oid: oids.ecdsaWithSha512 }
} as const
