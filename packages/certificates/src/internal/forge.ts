/**
 * What Web Crypto does not have and old files need: BER, the key derivation of PKCS #12, 3DES and RC2. All of it is
 * `node-forge`'s, loaded here alone and only when a file with a passphrase is opened. It works with texts whose characters
 * are octets, throws, and computes while everybody waits; so callers bound the work, and here nothing is thrown.
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

export type Hash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512"
export type OldCipher = "3des" | "rc2-40" | "rc2-128"

export interface Forge {
  /** The same values with definite lengths. `undefined` when the bytes are not one value of BER. */
  readonly toDer: (ber: Uint8Array) => Uint8Array | undefined
  /** RFC 7292 appendix B. No passphrase is not the same as an empty one. */
  readonly deriveKey: (wish: {
    readonly passphrase: string | undefined
    readonly salt: Uint8Array
    readonly purpose: "key" | "iv" | "mac"
    readonly rounds: number
    readonly octets: number
    readonly hash: Hash
  }) => Uint8Array | undefined
  /** CBC, without the padding. `undefined` when that is wrong. */
  readonly decrypt: (cipher: OldCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array) => Uint8Array | undefined
}

/** What we use of it. Its texts are octets, each a character. */
interface Library {
  readonly asn1: {
    readonly fromDer: (octets: string, options: typeof berOptions) => object
    readonly toDer: (value: object) => ByteBuffer
  }
  readonly des: { readonly createDecryptionCipher: (key: string) => Cipher }
  readonly rc2: { readonly createDecryptionCipher: (key: string, bits: number) => Cipher }
  readonly md: Readonly<Record<(typeof hashNames)[Hash], { readonly create: () => object }>>
  readonly pbe: {
    readonly generatePkcs12Key: (
      passphrase: string | null,
      salt: ByteBuffer,
      purpose: number,
      rounds: number,
      size: number,
      hash: object
    ) => ByteBuffer
  }
  readonly util: { readonly createBuffer: (octets: string) => ByteBuffer }
}

interface ByteBuffer {
  readonly getBytes: () => string
}

interface Cipher {
  readonly start: (iv: string) => void
  readonly update: (input: ByteBuffer) => void
  /** False when the padding is wrong. */
  readonly finish: () => boolean
  readonly output: ByteBuffer
}

/** Octets of the key that each takes. */
export const keyOctets: Readonly<Record<OldCipher, number>> = { "3des": 24, "rc2-40": 5, "rc2-128": 16 }

export const load: Effect.Effect<Forge> = Effect.promise(async () => {
  // @ts-expect-error the library has no declarations, and those of others want Node's
  const { default: forge }: { readonly default: Library } = await import("node-forge/lib/forge.js")
  // @ts-expect-error likewise; each adds itself to the object above
  await import("node-forge/lib/pbe.js")
  // @ts-expect-error likewise
  await import("node-forge/lib/sha512.js")
  const { createBuffer } = forge.util
  return {
    toDer: (ber) => attempt(() => toOctets(forge.asn1.toDer(forge.asn1.fromDer(toText(ber), berOptions)).getBytes())),
    deriveKey: ({ hash, octets, passphrase, purpose, rounds, salt }) =>
      attempt(() => {
        const md = forge.md[hashNames[hash]].create()
        const buffer = createBuffer(toText(salt))
        return toOctets(
          forge.pbe.generatePkcs12Key(passphrase ?? null, buffer, purposes[purpose], rounds, octets, md).getBytes()
        )
      }),
    decrypt: (name, key, iv, data) =>
      attempt(() => {
        if (data.length === 0 || data.length % blockOctets !== 0 || iv.length !== blockOctets) return undefined
        const { createDecryptionCipher: tripleDes } = forge.des
        const { createDecryptionCipher: rc2 } = forge.rc2
        const cipher = name === "3des" ? tripleDes(toText(key)) : rc2(toText(key), key.length * 8)
        cipher.start(toText(iv))
        cipher.update(createBuffer(toText(data)))
        return cipher.finish() ? toOctets(cipher.output.getBytes()) : undefined
      })
  }
})

const attempt = <A>(work: () => A): A | undefined => Result.getOrUndefined(Result.try(work))

const toText = (octets: Uint8Array): string => {
  const parts: Array<string> = []
  for (let at = 0; at < octets.length; at += partOctets) {
    parts.push(String.fromCharCode(...octets.subarray(at, at + partOctets)))
  }
  return parts.join("")
}

const toOctets = (text: string): Uint8Array => Uint8Array.from(text, (each) => each.charCodeAt(0))

const berOptions = { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth: 32 }
const hashNames = { "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" } as const
const purposes = { key: 1, iv: 2, mac: 3 } as const
const blockOctets = 8
const partOctets = 8192
