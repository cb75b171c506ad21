/**
 * A pool of keys, made once and shared by thousands of certificates, and the ways in which they sign.
 */
import * as Effect from "effect/Effect"
import * as Keys from "../../src/internal/keys.ts"
import * as oids from "../../src/internal/oids.ts"
import * as Encode from "../encode.ts"
import * as Fabricating from "../fabricating.ts"
import { sha1Signer } from "../making.ts"

export interface Key {
  readonly spki: Uint8Array
  /** Any octets that differ from key to key will do as an identifier. */
  readonly identifier: Uint8Array
  readonly signer: Fabricating.Signer
  /** Of RSA keys. */
  readonly sha1?: Fabricating.Signer
}

/** `rsaPss` is an RSA key that signs so; it is written as a plain one. */
export type Kind = "p256" | "p384" | "ed25519" | "rsa2048" | "rsaPss" | "rsa1024"

/** Of each kind, as many as a line of certificates and its by-paths can need. */
export type Pool = Readonly<Record<Kind, ReadonlyArray<Key>>>

export const makePool: Effect.Effect<Pool> = Effect.gen(function*() {
  return {
    p256: yield* make("p256", 12),
    p384: yield* make("p384", 6),
    ed25519: yield* make("ed25519", 6),
    rsa2048: yield* make("rsa2048", 6),
    rsaPss: yield* make("rsaPss", 6),
    rsa1024: yield* make("rsa1024", 1)
  }
})

const make = (kind: Kind, count: number): Effect.Effect<ReadonlyArray<Key>> =>
  Effect.forEach(Array.from({ length: count }, (_, at) => at), (at) => makeOne(kind, at))

const makeOne = Effect.fnUntraced(function*(kind: Kind, at: number): Effect.fn.Return<Key> {
  const pair = yield* generate(kind)
  const signer = kind === "rsaPss" ? yield* pssSigner(pair) : yield* Fabricating.signerOf(pair)
  const { spki } = pair.publicKey
  const identifier = Uint8Array.from([kinds.indexOf(kind) + 1, at + 1, ...spki.slice(-18)])
  return kind === "rsa2048" ? { spki, identifier, signer, sha1: yield* sha1Signer(pair) } : { spki, identifier, signer }
})

const generate = (kind: Kind): Effect.Effect<Keys.Pair> => {
  if (kind !== "p384" && kind !== "rsa1024") return Effect.orDie(Keys.generate(kind === "rsaPss" ? "rsa2048" : kind))
  return Effect.promise(async () => {
    const made = await crypto.subtle.generateKey(kind === "p384" ? p384 : rsa1024, true, ["sign", "verify"])
    const [pkcs8, spki] = await Promise.all([
      crypto.subtle.exportKey("pkcs8", made.privateKey),
      crypto.subtle.exportKey("spki", made.publicKey)
    ])
    return { pkcs8: new Uint8Array(pkcs8), publicKey: Fabricating.publicKeyOf(new Uint8Array(spki)) }
  })
}

/** RFC 4055 §3.1 with SHA-256 throughout and a salt of its length. */
const pssSigner = (pair: Keys.Pair): Effect.Effect<Fabricating.Signer> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.importKey("pkcs8", new Uint8Array(pair.pkcs8), pss, false, ["sign"])),
    (key) => ({
      algorithm: pssAlgorithm,
      sign: (tbs) =>
        Effect.map(
          Effect.promise(() => crypto.subtle.sign({ name: pss.name, saltLength: 32 }, key, new Uint8Array(tbs))),
          (signature) => new Uint8Array(signature)
        )
    })
  )

const kinds: ReadonlyArray<Kind> = ["p256", "p384", "ed25519", "rsa2048", "rsaPss", "rsa1024"]
const p384 = { name: "ECDSA", namedCurve: "P-384" }
const rsa1024 = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 1024,
  publicExponent: Uint8Array.of(1, 0, 1)
}
const pss = { name: "RSA-PSS", hash: "SHA-256" }
const sha256 = Encode.sequence(Encode.oid("2.16.840.1.101.3.4.2.1"), Encode.nothing())
const pssAlgorithm = Encode.sequence(
  Encode.oid(oids.rsassaPss),
  Encode.sequence(
    Encode.explicit(0, sha256),
    Encode.explicit(1, Encode.sequence(Encode.oid(oids.mgf1), sha256)),
    Encode.explicit(2, Encode.integer(32))
  )
)
