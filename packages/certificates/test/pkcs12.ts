/**
 * Writes PKCS #12 files and encrypted keys as other tools do, with the ciphers of Node and without the code under test: so
 * there is something to open where no other tool is. Keys are derived after RFC 7292 appendix B, word by word.
 */
import * as Crypto from "node:crypto"
import * as Encode from "./encode.ts"

export type Cipher = "aes-128-cbc" | "aes-192-cbc" | "aes-256-cbc" | "des-ede3-cbc" | "pbe-3des"

export interface Recipe {
  readonly passphrase: string | undefined
  readonly cipher?: Cipher
  readonly rounds?: number
  readonly prf?: "sha1" | "sha256" | "sha384" | "sha512"
  readonly mac?: "sha1" | "sha256" | "sha384" | "sha512" | "pbmac1" | "none"
  readonly macRounds?: number
  /** What is written down instead of the rounds. */
  readonly claimed?: number
  readonly macClaimed?: number
  /** Indefinite lengths, and octet strings in pieces, and pieces of pieces. */
  readonly ber?: boolean
}

export interface Parts {
  readonly keys: ReadonlyArray<Uint8Array>
  readonly certificates: ReadonlyArray<Uint8Array>
  /** More bags, as they are. */
  readonly more?: ReadonlyArray<Uint8Array>
}

/** Certificates in an encrypted part, keys encrypted each by itself: as everybody does it. */
export const write = (parts: Parts, recipe: Recipe): Uint8Array => wrap(safesOf(parts, recipe), recipe)

/** What the MAC of such a file is made over. */
export const safesOf = (parts: Parts, recipe: Recipe): Uint8Array => {
  const encrypted = encryptedData(
    Encode.sequence(...parts.certificates.map(certificateBag), ...parts.more ?? []),
    recipe
  )
  const plain = data(
    Encode.sequence(...parts.keys.map((key) => bag("1.2.840.113549.1.12.10.1.2", lock(key, recipe)))),
    recipe
  )
  return Encode.sequence(encrypted, plain)
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3). */
export const lock = (pkcs8: Uint8Array, recipe: Recipe): Uint8Array => {
  const { algorithm, sealed } = seal(pkcs8, recipe)
  return Encode.sequence(algorithm, Encode.octetString(sealed))
}

/** PFX around an AuthenticatedSafe. */
export const wrap = (safes: Uint8Array, recipe: Recipe): Uint8Array =>
  structure(recipe, Encode.integer(3), data(safes, recipe), ...recipe.mac === "none" ? [] : [macData(safes, recipe)])

export const bag = (oid: string, value: Uint8Array): Uint8Array =>
  Encode.sequence(Encode.oid(oid), Encode.explicit(0, value))

export const certificateBag = (der: Uint8Array): Uint8Array =>
  bag(
    "1.2.840.113549.1.12.10.1.3",
    Encode.sequence(Encode.oid("1.2.840.113549.1.9.22.1"), Encode.explicit(0, Encode.octetString(der)))
  )

export const data = (content: Uint8Array, recipe: Recipe): Uint8Array =>
  Encode.sequence(Encode.oid("1.2.840.113549.1.7.1"), Encode.explicit(0, octets(content, recipe)))

export const encryptedData = (content: Uint8Array, recipe: Recipe): Uint8Array => {
  const { algorithm, sealed } = seal(content, recipe)
  const half = Math.ceil(sealed.length / 2)
  const implicit = recipe.ber === true
    ? Encode.value(0xa0, Encode.octetString(sealed.subarray(0, half)), Encode.octetString(sealed.subarray(half)))
    : Encode.value(0x80, sealed)
  const inner = Encode.sequence(Encode.oid("1.2.840.113549.1.7.1"), algorithm, implicit)
  return Encode.sequence(
    Encode.oid("1.2.840.113549.1.7.6"),
    Encode.explicit(0, Encode.sequence(Encode.integer(0), inner))
  )
}

/** RFC 7292 appendix B.2, for what fits into one block of the hash. */
export const deriveOld = (
  passphrase: string | undefined,
  salt: Uint8Array,
  purpose: number,
  rounds: number,
  size: number,
  hash: string
): Uint8Array => {
  const block = hash === "sha384" || hash === "sha512" ? 128 : 64
  const repeated = (text: Uint8Array) => {
    const length = block * Math.ceil(text.length / block)
    return Uint8Array.from({ length }, (_, at) => text[at % text.length] ?? 0)
  }
  const units = [...`${passphrase ?? ""}\0`].flatMap((each) => [each.charCodeAt(0) >> 8, each.charCodeAt(0) & 0xff])
  let input = Buffer.concat([repeated(salt), repeated(Uint8Array.from(passphrase === undefined ? [] : units))])
  const made: Array<Buffer> = []
  for (let length = 0; length < size;) {
    let digest = Buffer.concat([Buffer.alloc(block, purpose), input])
    for (let round = 0; round < rounds; round++) digest = Crypto.createHash(hash).update(digest).digest()
    made.push(digest)
    length += digest.length
    const addend = BigInt(`0x${Buffer.from(repeated(digest).subarray(0, block)).toString("hex")}`) + 1n
    const blocks = Array.from({ length: input.length / block }, (_, at) => input.subarray(at * block, (at + 1) * block))
    input = Buffer.concat(blocks.map((each) => {
      const sum = (BigInt(`0x${each.toString("hex")}`) + addend) % (1n << BigInt(8 * block))
      return Buffer.from(sum.toString(16).padStart(2 * block, "0"), "hex")
    }))
  }
  return Buffer.concat(made).subarray(0, size)
}

const seal = (content: Uint8Array, recipe: Recipe): { readonly algorithm: Uint8Array; readonly sealed: Uint8Array } => {
  const { cipher = "aes-256-cbc", passphrase, prf = "sha256", rounds = 2048 } = recipe
  const claimed = recipe.claimed ?? rounds
  const salt = Crypto.randomBytes(16)
  if (cipher === "pbe-3des") {
    const key = deriveOld(passphrase, salt, 1, rounds, 24, "sha1")
    const iv = deriveOld(passphrase, salt, 2, rounds, 8, "sha1")
    const parameters = Encode.sequence(Encode.octetString(salt), Encode.integer(claimed))
    return {
      algorithm: Encode.sequence(Encode.oid("1.2.840.113549.1.12.1.3"), parameters),
      sealed: encrypt("des-ede3-cbc", key, iv, content)
    }
  }
  const iv = Crypto.randomBytes(cipher === "des-ede3-cbc" ? 8 : 16)
  const key = Crypto.pbkdf2Sync(passphrase ?? "", salt, rounds, keyOctets[cipher], prf)
  const scheme = Encode.sequence(Encode.oid(ciphers[cipher]), Encode.octetString(iv))
  const algorithm = Encode.sequence(
    Encode.oid("1.2.840.113549.1.5.13"),
    Encode.sequence(pbkdf2(salt, claimed, prf), scheme)
  )
  return { algorithm, sealed: encrypt(cipher, key, iv, content) }
}

const encrypt = (cipher: string, key: Uint8Array, iv: Uint8Array, content: Uint8Array): Uint8Array => {
  const made = Crypto.createCipheriv(cipher, key, iv)
  return Buffer.concat([made.update(content), made.final()])
}

const pbkdf2 = (salt: Uint8Array, rounds: number, prf: keyof typeof hmacs, length?: number): Uint8Array =>
  Encode.sequence(
    Encode.oid("1.2.840.113549.1.5.12"),
    Encode.sequence(
      Encode.octetString(salt),
      Encode.integer(rounds),
      ...length === undefined ? [] : [Encode.integer(length)],
      // The default is left out, as DER wants it.
      ...prf === "sha1" ? [] : [Encode.sequence(Encode.oid(hmacs[prf]), Encode.nothing())]
    )
  )

const macData = (content: Uint8Array, recipe: Recipe): Uint8Array => {
  const { mac = "sha256", macRounds: rounds = 2048, passphrase } = recipe
  const claimed = recipe.macClaimed ?? rounds
  const salt = Crypto.randomBytes(8)
  if (mac === "none") return new Uint8Array()
  if (mac === "pbmac1") {
    const key = Crypto.pbkdf2Sync(passphrase ?? "", salt, rounds, 32, "sha256")
    const algorithm = Encode.sequence(
      Encode.oid("1.2.840.113549.1.5.14"),
      Encode.sequence(pbkdf2(salt, claimed, "sha256", 32), Encode.sequence(Encode.oid(hmacs.sha256), Encode.nothing()))
    )
    const digest = Crypto.createHmac("sha256", key).update(content).digest()
    return Encode.sequence(
      Encode.sequence(algorithm, Encode.octetString(digest)),
      Encode.octetString(salt),
      Encode.integer(1)
    )
  }
  const { octets: size, oid } = digests[mac]
  const key = deriveOld(passphrase, salt, 3, rounds, size, mac)
  const digest = Crypto.createHmac(mac, key).update(content).digest()
  return Encode.sequence(
    Encode.sequence(Encode.sequence(Encode.oid(oid), Encode.nothing()), Encode.octetString(digest)),
    Encode.octetString(salt),
    Encode.integer(claimed)
  )
}

const octets = (content: Uint8Array, { ber }: Recipe): Uint8Array => {
  if (ber !== true) return Encode.octetString(content)
  const third = Math.ceil(content.length / 3)
  const [first, ...others] = [0, 1, 2].map((at) => Encode.octetString(content.subarray(at * third, (at + 1) * third)))
  const inner = Encode.value(0x24, ...others)
  return Buffer.concat([Uint8Array.of(0x24, 0x80), first ?? inner, inner, Uint8Array.of(0, 0)])
}

const structure = ({ ber }: Recipe, ...contents: ReadonlyArray<Uint8Array>): Uint8Array =>
  ber === true
    ? Buffer.concat([Uint8Array.of(0x30, 0x80), ...contents, Uint8Array.of(0, 0)])
    : Encode.sequence(...contents)

const hmacs = {
  sha1: "1.2.840.113549.2.7",
  sha256: "1.2.840.113549.2.9",
  sha384: "1.2.840.113549.2.10",
  sha512: "1.2.840.113549.2.11"
} as const
const ciphers = {
  "aes-128-cbc": "2.16.840.1.101.3.4.1.2",
  "aes-192-cbc": "2.16.840.1.101.3.4.1.22",
  "aes-256-cbc": "2.16.840.1.101.3.4.1.42",
  "des-ede3-cbc": "1.2.840.113549.3.7"
} as const
const keyOctets = { "aes-128-cbc": 16, "aes-192-cbc": 24, "aes-256-cbc": 32, "des-ede3-cbc": 24 } as const
const digests = {
  sha1: { oid: "1.3.14.3.2.26", octets: 20 },
  sha256: { oid: "2.16.840.1.101.3.4.2.1", octets: 32 },
  sha384: { oid: "2.16.840.1.101.3.4.2.2", octets: 48 },
  sha512: { oid: "2.16.840.1.101.3.4.2.3", octets: 64 }
} as const
