/**
 * A good line of certificates, from the anchor down to the leaf, and the few moves by which `ways.ts` and its neighbours
 * change it. By-paths and disorder are added in `shapes.ts`.
 */
import * as oids from "../../src/internal/oids.ts"
import * as Encode from "../encode.ts"
import { dns, now, xmppAddr, year } from "../making.ts"
import { type Draft, type Extension, withExtension } from "./draft.ts"
import type { Key, Kind, Pool } from "./keys.ts"
import type { Random } from "./random.ts"

export interface Line {
  /** The anchor first, the leaf last. */
  readonly drafts: ReadonlyArray<Draft>
  readonly purpose: "server" | "client"
  /** The host that is wanted. */
  readonly host: string
  readonly pool: Pool
}

export const host = "peer.pumps.example"
export const address = "nadia@harbor.example"

/** `issuers` stand between the anchor and the leaf. */
export const makeLine = (pool: Pool, random: Random, issuers: number): Line => {
  const kind = random.pick(kinds)
  const keys = pool[kind]
  const last = issuers + 1
  const drafts = Array.from({ length: last + 1 }, (_, at): Draft => {
    const key = keyAt(keys, at)
    const above = keyAt(keys, Math.max(at - 1, 0))
    return {
      subject: at === last ? nameOf("Chains", "leaf") : nameOf("Chains", `Authority ${at}`),
      issuer: nameOf("Chains", `Authority ${Math.max(at - 1, 0)}`),
      key,
      signedBy: above,
      isSha1: false,
      version: 3,
      serial: 1 + random.below(2 ** 31 - 1),
      notBefore: now - year,
      notAfter: now + 9 * year,
      extensions: [
        ...at === last ? leafExtensions(random) : authorityExtensions(),
        subjectKey(key),
        ...at === 0 ? [] : [authorityKey(above)]
      ],
      spoilt: {}
    }
  })
  return { drafts, purpose: random.pick(["server", "client"]), host, pool }
}

export const nameOf = (organisation: string, common: string): Uint8Array =>
  Encode.sequence(
    ...[["2.5.4.10", organisation], [oids.commonName, common]].map(([oid = "", text = ""]) =>
      Encode.set(Encode.sequence(Encode.oid(oid), Encode.utf8(text)))
    )
  )

/** One certificate is different. */
export const change = (line: Line, at: number, how: (draft: Draft) => Draft): Line => ({
  ...line,
  drafts: line.drafts.map((draft, place) => place === at ? how(draft) : draft)
})

export const extend = (line: Line, at: number, ...extensions: ReadonlyArray<Extension>): Line =>
  change(line, at, (draft) => extensions.reduce(withExtension, draft))

/** Another key for one of them, and for those that it signs. */
export const rekey = (line: Line, at: number, key: Key): Line => ({
  ...line,
  drafts: line.drafts.map((draft, place) => {
    const own = place === at ? withExtension({ ...draft, key }, subjectKey(key)) : draft
    const isAnchor = at === 0 && place === 0
    if (isAnchor) return { ...own, signedBy: key }
    return place === at + 1 ? withExtension({ ...own, signedBy: key }, authorityKey(key)) : own
  })
})

export const leafAt = (line: Line): number => line.drafts.length - 1

/** One of those between the anchor and the leaf. */
export const issuerAt = (line: Line, random: Random): number => 1 + random.below(line.drafts.length - 2)

/** Any of those below the anchor. */
export const belowAt = (line: Line, random: Random): number => 1 + random.below(line.drafts.length - 1)

/** The subjectAltName. */
export const alternativeNames = (each: ReadonlyArray<Uint8Array>, isCritical = false): Extension => ({
  oid: oids.subjectAltName,
  isCritical,
  value: Encode.sequence(...each)
})

export const basicConstraints = (isCa: boolean, pathLengthMax?: number): Extension => ({
  oid: oids.basicConstraints,
  isCritical: true,
  value: Encode.sequence(
    ...isCa ? [Encode.boolean(true)] : [],
    ...pathLengthMax === undefined ? [] : [Encode.integer(pathLengthMax)]
  )
})

/** The numbers are those of the bits. */
export const keyUsage = (...bits: ReadonlyArray<number>): Extension => {
  const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0)
  return {
    oid: oids.keyUsage,
    isCritical: true,
    value: Encode.bitString(Uint8Array.of(octet), octet === 0 ? 0 : 7 - Math.max(...bits))
  }
}

export const extKeyUsage = (...purposes: ReadonlyArray<string>): Extension => ({
  oid: oids.extKeyUsage,
  isCritical: false,
  value: Encode.sequence(...purposes.map(Encode.oid))
})

export const subjectKey = ({ identifier }: Key): Extension => ({
  oid: oids.subjectKeyIdentifier,
  isCritical: false,
  value: Encode.octetString(identifier)
})

export const authorityKey = ({ identifier }: Key): Extension => ({
  oid: oids.authorityKeyIdentifier,
  isCritical: false,
  value: Encode.sequence(Encode.value(0x80, identifier))
})

/** What only by-paths use. */
export const spareKey = ({ p256 }: Pool, at: number): Key => keyAt(p256, p256.length - 1 - at)

const keyAt = (keys: ReadonlyArray<Key>, at: number): Key => {
  const key = keys[at]
  if (key === undefined) throw new Error(`there are only ${keys.length} keys of this kind`)
  return key
}

const authorityExtensions = (): ReadonlyArray<Extension> => [basicConstraints(true), keyUsage(5, 6)]

const leafExtensions = (random: Random): ReadonlyArray<Extension> => [
  basicConstraints(false),
  keyUsage(0),
  alternativeNames([dns(host), xmppAddr(address)]),
  ...random.chance(0.5) ? [extKeyUsage(oids.serverAuth, oids.clientAuth, oids.xmppAddr)] : []
]

const kinds: ReadonlyArray<Kind> = [
  ...Array.from({ length: 12 }, () => "p256" as const),
  "p384",
  "ed25519",
  "ed25519",
  "rsa2048",
  "rsaPss"
]
