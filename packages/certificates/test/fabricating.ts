/**
 * Puts certificates together and signs them, octet by octet and without a look at whether they make sense: what the sources
 * make is compared with it, and what they have to refuse is made by it.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Der from "../src/Der.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as PublicKey from "../src/PublicKey.ts"
import * as Encode from "./encode.ts"

export interface Signer {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array
  readonly sign: (tbs: Uint8Array) => Effect.Effect<Uint8Array>
}

/** Signs as the kind of its key asks for. */
export const signerOf = (pair: Keys.Pair): Effect.Effect<Signer> =>
  Effect.map(Effect.orDie(Keys.load(pair)), ({ privateKey, way }) => ({
    algorithm: algorithms[way.namedCurve ?? way.name] ?? Encode.nothing(),
    sign: (tbs) =>
      Effect.map(
        Effect.promise(() => crypto.subtle.sign(way, privateKey, new Uint8Array(tbs))),
        (made) => way.name === "ECDSA" ? ecdsa(new Uint8Array(made)) : new Uint8Array(made)
      )
  }))

/** Two numbers side by side to SEQUENCE { r, s }. */
export const ecdsa = (signature: Uint8Array): Uint8Array => {
  const half = signature.length / 2
  return Encode.sequence(Encode.unsigned(signature.subarray(0, half)), Encode.unsigned(signature.subarray(half)))
}

export const publicKeyOf = (spki: Uint8Array): PublicKey.PublicKey =>
  Result.getOrThrow(Result.flatMap(Der.decode(spki), PublicKey.read))

/** The three fields that all signed things have. */
export const signed = (tbs: Uint8Array, signer: Signer): Effect.Effect<Uint8Array> =>
  Effect.map(signer.sign(tbs), (signature) => Encode.sequence(tbs, signer.algorithm, Encode.bitString(signature)))

export const extension = (oid: string, isCritical: boolean, value: Uint8Array): Uint8Array =>
  Encode.sequence(Encode.oid(oid), ...isCritical ? [Encode.boolean(true)] : [], Encode.octetString(value))

export const commonName = (text: string): Uint8Array =>
  Encode.sequence(Encode.set(Encode.sequence(Encode.oid(oids.commonName), Encode.utf8(text))))

export const basicConstraints = (authority?: { readonly pathLengthMax?: number }): Uint8Array =>
  extension(
    oids.basicConstraints,
    true,
    Encode.sequence(
      ...authority === undefined ? [] : [Encode.boolean(true)],
      ...authority?.pathLengthMax === undefined ? [] : [Encode.integer(authority.pathLengthMax)]
    )
  )

/** digitalSignature is bit 0; keyCertSign and cRLSign are bits 5 and 6. */
export const keyUsage = (use: "signing" | "issuing"): Uint8Array =>
  extension(
    oids.keyUsage,
    true,
    use === "signing" ? Encode.bitString(Uint8Array.of(0x80), 7) : Encode.bitString(Uint8Array.of(0x06), 1)
  )

export const peerPurposes = (): Uint8Array =>
  extension(
    oids.extKeyUsage,
    false,
    Encode.sequence(...[oids.serverAuth, oids.clientAuth, oids.xmppAddr].map(Encode.oid))
  )

export const subjectKey = (identifier: Uint8Array): Uint8Array =>
  extension(oids.subjectKeyIdentifier, false, Encode.octetString(identifier))

export const authorityKey = (identifier: Uint8Array): Uint8Array =>
  extension(oids.authorityKeyIdentifier, false, Encode.sequence(Encode.value(0x80, identifier)))

/** Certificates §3.2: the outer tag replaces the SEQUENCE, the inner one wraps the value. */
export const otherName = (oid: string, value: Uint8Array): Uint8Array =>
  Encode.value(0xa0, Encode.oid(oid), Encode.explicit(0, value))

const algorithms: { readonly [name: string]: Uint8Array } = {
  "RSASSA-PKCS1-v1_5": Encode.sequence(Encode.oid(oids.sha256WithRsa), Encode.nothing()),
  "P-256": Encode.sequence(Encode.oid(oids.ecdsaWithSha256)),
  "P-384": Encode.sequence(Encode.oid(oids.ecdsaWithSha384)),
  "P-521": Encode.sequence(Encode.oid(oids.ecdsaWithSha512)),
  Ed25519: Encode.sequence(Encode.oid(oids.ed25519))
}
