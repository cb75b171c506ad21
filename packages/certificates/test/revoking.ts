/**
 * CRLs and OCSP responses of every shape, good and bad, for tests: written and signed octet by octet.
 */
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type * as Certificate from "../src/Certificate.ts"
import * as Crl from "../src/Crl.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import type * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { bytes, now, type Party } from "./making.ts"

export const hour = 3_600_000
export const day = 24 * hour

/** Only what differs from a CRL of yesterday that is good for a week and lists nobody. */
export interface CrlSpec {
  readonly revoked?: ReadonlyArray<EntrySpec>
  readonly thisUpdate?: number
  /** `undefined` leaves it out. */
  readonly nextUpdate?: number | undefined
  readonly version?: 1 | 2
  readonly issuerName?: Uint8Array
  readonly extensions?: ReadonlyArray<Uint8Array>
  readonly signer?: Fabricating.Signer
}

export interface EntrySpec {
  readonly certificate: Pick<Certificate.Certificate, "serial">
  readonly at?: number
  readonly extensions?: ReadonlyArray<Uint8Array>
}

export const crlBytes = Effect.fnUntraced(function*(issuer: Party, spec: CrlSpec = {}) {
  const signer = spec.signer ?? (yield* Fabricating.signerOf(issuer.pair))
  const { extensions = [], revoked = [], version = 2 } = spec
  const nextUpdate = "nextUpdate" in spec ? spec.nextUpdate : now + 6 * day
  const tbs = Encode.sequence(
    ...version === 1 ? [] : [Encode.integer(1)],
    signer.algorithm,
    spec.issuerName ?? issuer.subject,
    Encode.time(spec.thisUpdate ?? now - day),
    ...nextUpdate === undefined ? [] : [Encode.time(nextUpdate)],
    ...revoked.length === 0 ? [] : [Encode.sequence(...revoked.map(entry))],
    ...extensions.length === 0 ? [] : [Encode.explicit(0, Encode.sequence(...extensions))]
  )
  return yield* Fabricating.signed(tbs, signer)
})

export const crl = (issuer: Party, spec: CrlSpec = {}): Effect.Effect<Crl.Crl> =>
  Effect.map(crlBytes(issuer, spec), (der) => Result.getOrThrow(Crl.decode(der)))

export const entry = ({ at, certificate, extensions = [] }: EntrySpec): Uint8Array =>
  Encode.sequence(
    Encode.value(2, bytes(certificate.serial)),
    Encode.time(at ?? now - 2 * day),
    ...extensions.length === 0 ? [] : [Encode.sequence(...extensions)]
  )

export const reason = (number: number): Uint8Array =>
  Fabricating.extension(oids.reasonCode, false, Encode.value(0x0a, Uint8Array.of(number)))

export const directoryName = (name: Uint8Array): Uint8Array => Encode.explicit(4, name)

export const uri = (text: string): Uint8Array => Encode.value(0x86, new TextEncoder().encode(text))

export const entryIssuer = (name: Uint8Array): Uint8Array =>
  Fabricating.extension(oids.certificateIssuer, true, Encode.sequence(directoryName(name)))

/** Bits of ReasonFlags: 1 is keyCompromise. */
export const flags = (tag: number, ...bits: ReadonlyArray<number>): Uint8Array => {
  const octets = new Uint8Array(Math.max(...bits) > 7 ? 2 : 1)
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7))
  return Encode.value(tag, Uint8Array.of(7 - Math.max(...bits) % 8), octets)
}

export interface PointSpec {
  readonly names?: ReadonlyArray<Uint8Array>
  /** The content of a relative name. */
  readonly relative?: Uint8Array
  readonly reasons?: ReadonlyArray<number>
  readonly issuer?: Uint8Array
}

const pointName = ({ names, relative }: PointSpec): ReadonlyArray<Uint8Array> => [
  ...names === undefined ? [] : [Encode.explicit(0, Encode.value(0xa0, ...names))],
  ...relative === undefined ? [] : [Encode.explicit(0, Encode.value(0xa1, relative))]
]

export const points = (...all: ReadonlyArray<PointSpec>): Uint8Array =>
  Fabricating.extension(
    oids.crlDistributionPoints,
    false,
    Encode.sequence(
      ...all.map((each) =>
        Encode.sequence(
          ...pointName(each),
          ...each.reasons === undefined ? [] : [flags(0x81, ...each.reasons)],
          ...each.issuer === undefined ? [] : [Encode.value(0xa2, directoryName(each.issuer))]
        )
      )
    )
  )

/** Marks: 1 users, 2 authorities, 4 indirect, 5 attributes. */
export const scope = (
  { marks = [], ...point }: Omit<PointSpec, "issuer"> & { readonly marks?: ReadonlyArray<1 | 2 | 4 | 5> }
): Uint8Array => {
  const mark = (number: 1 | 2 | 4 | 5) =>
    marks.includes(number) ? [Encode.value(0x80 + number, Uint8Array.of(0xff))] : []
  return Fabricating.extension(
    oids.issuingDistributionPoint,
    true,
    Encode.sequence(
      ...pointName(point),
      ...mark(1),
      ...mark(2),
      ...point.reasons === undefined ? [] : [flags(0x83, ...point.reasons)],
      ...mark(4),
      ...mark(5)
    )
  )
}

/** Only what differs from a response of an hour ago, good for a day, that says good. */
export interface OcspSpec {
  readonly about?: ReadonlyArray<SingleSpec>
  /** Who signs; absent: the issuer. */
  readonly responder?: Party
  readonly by?: "name" | "key"
  readonly certificates?: ReadonlyArray<Uint8Array>
  readonly producedAt?: number
  readonly extensions?: ReadonlyArray<Uint8Array>
  readonly signer?: Fabricating.Signer
}

export interface SingleSpec {
  readonly certificate: Certificate.Certificate
  readonly hash?: "sha1" | "sha256"
  readonly answer?: "good" | "unknown" | "revoked" | "onHold"
  readonly thisUpdate?: number
  readonly nextUpdate?: number | undefined
  readonly extensions?: ReadonlyArray<Uint8Array>
}

export const ocsp = Effect.fnUntraced(function*(issuer: Party, spec: OcspSpec) {
  const responder = spec.responder ?? issuer
  const signer = spec.signer ?? (yield* Fabricating.signerOf(responder.pair))
  const singles = yield* Effect.forEach(spec.about ?? [], (each) => single(issuer, each))
  const key = bytes(yield* Fingerprint.sha1(responder.certificate.publicKey.octets))
  const data = Encode.sequence(
    spec.by === "key" ? Encode.explicit(2, Encode.octetString(key)) : Encode.explicit(1, responder.subject),
    generalizedTime(spec.producedAt ?? now - hour),
    Encode.sequence(...singles),
    ...spec.extensions === undefined ? [] : [Encode.explicit(1, Encode.sequence(...spec.extensions))]
  )
  const basic = Encode.sequence(
    data,
    signer.algorithm,
    Encode.bitString(yield* signer.sign(data)),
    ...spec.certificates === undefined ? [] : [Encode.explicit(0, Encode.sequence(...spec.certificates))]
  )
  return response(0, basic)
})

/** An OCSPResponse around whatever there is. */
export const response = (status: number, basic?: Uint8Array): Uint8Array =>
  Encode.sequence(
    Encode.value(0x0a, Uint8Array.of(status)),
    ...basic === undefined
      ? []
      : [Encode.explicit(0, Encode.sequence(Encode.oid(oids.ocspBasic), Encode.octetString(basic)))]
  )

const single = Effect.fnUntraced(function*(issuer: Party, spec: SingleSpec) {
  const hash = spec.hash ?? "sha1"
  const digest = hash === "sha1" ? Fingerprint.sha1 : Fingerprint.sha256
  const nextUpdate = "nextUpdate" in spec ? spec.nextUpdate : now + 23 * hour
  return Encode.sequence(
    Encode.sequence(
      Encode.sequence(Encode.oid(hash === "sha1" ? oids.sha1 : oids.sha256), Encode.nothing()),
      Encode.octetString(bytes(yield* digest(spec.certificate.issuer.raw))),
      Encode.octetString(bytes(yield* digest(issuer.certificate.publicKey.octets))),
      Encode.value(2, bytes(spec.certificate.serial))
    ),
    answers[spec.answer ?? "good"],
    generalizedTime(spec.thisUpdate ?? now - hour),
    ...nextUpdate === undefined ? [] : [Encode.explicit(0, generalizedTime(nextUpdate))],
    ...spec.extensions === undefined ? [] : [Encode.explicit(1, Encode.sequence(...spec.extensions))]
  )
})

export const generalizedTime = (millis: number): Uint8Array =>
  Encode.value(0x18, new TextEncoder().encode(new Date(millis).toISOString().replace(/[-:T]|\.\d+/g, "")))

const answers = {
  good: Encode.value(0x80),
  unknown: Encode.value(0x82),
  revoked: Encode.value(0xa1, generalizedTime(now - 2 * day)),
  onHold: Encode.value(
    0xa1,
    generalizedTime(now - 2 * day),
    Encode.explicit(0, Encode.value(0x0a, Uint8Array.of(6)))
  )
}

export const purpose = (...each: ReadonlyArray<string>): Uint8Array =>
  Fabricating.extension(oids.extKeyUsage, false, Encode.sequence(...each.map(Encode.oid)))

export const noCheck = Fabricating.extension(oids.ocspNoCheck, false, Encode.nothing())

/** RFC 7633; 5 is status_request. */
export const tlsFeatures = (...each: ReadonlyArray<number>): Uint8Array =>
  Fabricating.extension(oids.tlsFeature, false, Encode.sequence(...each.map(Encode.integer)))

export const hex = (octets: Uint8Array): string => Hex.encode(octets)

/** An RSA key that is too short to be believed (CERT-38). */
export const shortPair: Effect.Effect<Keys.Pair> = Effect.promise(async () => {
  const how = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 1024,
    publicExponent: Uint8Array.of(1, 0, 1)
  }
  const { privateKey, publicKey } = await crypto.subtle.generateKey(how, true, ["sign", "verify"])
  const [pkcs8, spki] = await Promise.all([
    crypto.subtle.exportKey("pkcs8", privateKey),
    crypto.subtle.exportKey("spki", publicKey)
  ])
  return { pkcs8: new Uint8Array(pkcs8), publicKey: Fabricating.publicKeyOf(new Uint8Array(spki)) }
})
