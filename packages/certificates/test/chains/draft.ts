/**
 * A certificate before it is written: every field can be something else, and the octets can be spoilt at each stage. Lines of
 * drafts are made in `line.ts` and broken in `ways.ts`.
 */
import * as Effect from "effect/Effect"
import * as Encode from "../encode.ts"
import * as Fabricating from "../fabricating.ts"
import type { Key } from "./keys.ts"

export interface Extension {
  readonly oid: string
  readonly isCritical: boolean
  readonly value: Uint8Array
}

export interface Draft {
  readonly subject: Uint8Array
  readonly issuer: Uint8Array
  readonly key: Key
  /** The key that is said to be the issuer's. */
  readonly signedBy: Key
  /** Signed as nobody should any more; the key is an RSA key. */
  readonly isSha1: boolean
  readonly version: 1 | 3
  readonly serial: number
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: ReadonlyArray<Extension>
  readonly spoilt: Spoilt
}

/** Octets in place of those that a draft would be written as. */
export interface Spoilt {
  readonly version?: Uint8Array
  readonly serial?: Uint8Array
  readonly validity?: Uint8Array
  readonly extensions?: (written: ReadonlyArray<Uint8Array>) => Uint8Array
  /** Before it is signed. */
  readonly tbs?: (tbs: Uint8Array) => Uint8Array
  readonly signature?: (signature: Uint8Array) => Uint8Array
  /** After it is signed. */
  readonly whole?: (tbs: Uint8Array, algorithm: Uint8Array, signature: Uint8Array) => Uint8Array
}

export const write = Effect.fnUntraced(function*(draft: Draft): Effect.fn.Return<Uint8Array> {
  const { spoilt } = draft
  const signer = signerOf(draft)
  const plain = fields(draft, signer.algorithm)
  const tbs = spoilt.tbs?.(plain) ?? plain
  const made = yield* signer.sign(tbs)
  const signature = Encode.bitString(spoilt.signature?.(made) ?? made)
  return spoilt.whole?.(tbs, signer.algorithm, signature) ?? Encode.sequence(tbs, signer.algorithm, signature)
})

const fields = (draft: Draft, algorithm: Uint8Array): Uint8Array => {
  const { spoilt, version } = draft
  const extensions = draft.extensions.map(writeExtension)
  return Encode.sequence(
    spoilt.version ?? (version === 1 ? nothing : Encode.explicit(0, Encode.integer(version - 1))),
    spoilt.serial ?? Encode.integer(draft.serial),
    algorithm,
    draft.issuer,
    spoilt.validity ?? Encode.sequence(Encode.time(draft.notBefore), Encode.time(draft.notAfter)),
    draft.subject,
    draft.key.spki,
    version === 1
      ? nothing
      : Encode.explicit(3, spoilt.extensions?.(extensions) ?? Encode.sequence(...extensions))
  )
}

export const writeExtension = ({ isCritical, oid, value }: Extension): Uint8Array =>
  Fabricating.extension(oid, isCritical, value)

const signerOf = ({ isSha1, signedBy }: Draft): Fabricating.Signer => {
  const signer = isSha1 ? signedBy.sha1 : signedBy.signer
  if (signer === undefined) throw new Error("only RSA keys sign with SHA-1 here")
  return signer
}

/** In place of the one of this kind, or besides the others. */
export const withExtension = (draft: Draft, extension: Extension): Draft => ({
  ...withoutExtension(draft, extension.oid),
  extensions: [...draft.extensions.filter(({ oid }) => oid !== extension.oid), extension]
})

export const withoutExtension = (draft: Draft, oid: string): Draft => ({
  ...draft,
  extensions: draft.extensions.filter((each) => each.oid !== oid)
})

const nothing = new Uint8Array()
