/**
 * Certificates of every shape, good and bad, for tests. Keys are made once; they say nothing.
 */
import { assert } from "@effect/vitest"
import { Address, type Verdict } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as Certificate from "../src/Certificate.ts"
import type * as Der from "../src/Der.ts"
import * as Fingerprint from "../src/Fingerprint.ts"
import { Approver, type Request } from "../src/FirstUse.ts"
import * as Keys from "../src/internal/keys.ts"
import * as oids from "../src/internal/oids.ts"
import type { Peer } from "../src/Peer.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import type { Pin } from "../src/Pin.ts"
import * as PinStore from "../src/PinStore.ts"
import * as PresentedNames from "../src/PresentedNames.ts"
import * as Proof from "../src/Proof.ts"
import * as Trust from "../src/Trust.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"

/** Whoever can sign: a certificate and its key. */
export interface Party {
  readonly der: Uint8Array
  readonly certificate: Certificate.Certificate
  readonly pair: Keys.Pair
  readonly subject: Uint8Array
}

/** Only what differs from a good certificate of a peer for ten years. */
export interface Spec {
  readonly subject?: Uint8Array
  /** Absent: signed by itself. */
  readonly issuer?: Party
  readonly issuerName?: Uint8Array
  /** GeneralNames, DER. Absent: no subjectAltName. */
  readonly names?: ReadonlyArray<Uint8Array>
  readonly criticalNames?: boolean
  readonly isCa?: boolean
  readonly pathLengthMax?: number
  /** `undefined` leaves the extension out. */
  readonly basicConstraints?: Uint8Array | undefined
  readonly keyUsage?: Uint8Array | undefined
  readonly extKeyUsage?: ReadonlyArray<string>
  readonly more?: ReadonlyArray<Uint8Array>
  readonly notBefore?: number
  readonly notAfter?: number
  readonly version?: 1 | 3
  readonly pair?: Keys.Pair
  readonly signer?: Fabricating.Signer
  /** The whole list, instead of all of the above. */
  readonly extensions?: ReadonlyArray<Uint8Array>
}

export const now = Date.UTC(2026, 0, 15, 12)
export const year = 365 * 86_400_000

export const make = Effect.fnUntraced(function*(spec: Spec = {}) {
  const pair = spec.pair ?? (yield* Keys.generate("p256"))
  const subject = spec.subject ?? Fabricating.commonName("somebody")
  const issuer = spec.issuer ?? { pair, subject }
  const signer = spec.signer ?? (yield* Fabricating.signerOf(issuer.pair))
  const extensions = spec.extensions ?? extensionsOf(spec)
  const tbs = Encode.sequence(
    ...spec.version === 1 ? [] : [Encode.explicit(0, Encode.integer(2))],
    Encode.unsigned(crypto.getRandomValues(new Uint8Array(16))),
    signer.algorithm,
    spec.issuerName ?? issuer.subject,
    Encode.sequence(Encode.time(spec.notBefore ?? now - year), Encode.time(spec.notAfter ?? now + 9 * year)),
    subject,
    pair.publicKey.spki,
    ...spec.version === 1 ? [] : [Encode.explicit(3, Encode.sequence(...extensions))]
  )
  const der = yield* Fabricating.signed(tbs, signer)
  return { der, certificate: Result.getOrThrow(Certificate.decode(der)), pair, subject }
})

/** The same without being read: for what cannot be. */
export const makeUnreadable = Effect.fnUntraced(function*(extensions: Uint8Array) {
  const pair = yield* Keys.generate("p256")
  const signer = yield* Fabricating.signerOf(pair)
  const name = Fabricating.commonName("somebody")
  const period = Encode.sequence(Encode.time(now), Encode.time(now + year))
  return yield* Fabricating.signed(
    Encode.sequence(
      Encode.explicit(0, Encode.integer(2)),
      Encode.integer(7),
      signer.algorithm,
      name,
      period,
      name,
      pair.publicKey.spki,
      extensions
    ),
    signer
  )
})

export const authority = (name: string, spec: Spec = {}) =>
  make({ subject: Fabricating.commonName(name), isCa: true, ...spec })

const extensionsOf = (spec: Spec): ReadonlyArray<Uint8Array> => {
  const isCa = spec.isCa === true
  const constraints = spec.pathLengthMax === undefined ? {} : { pathLengthMax: spec.pathLengthMax }
  const basic = "basicConstraints" in spec
    ? spec.basicConstraints
    : Fabricating.basicConstraints(isCa ? constraints : undefined)
  const usage = "keyUsage" in spec ? spec.keyUsage : Fabricating.keyUsage(isCa ? "issuing" : "signing")
  const purposes = spec.extKeyUsage?.map(Encode.oid)
  return [
    ...basic === undefined ? [] : [basic],
    ...usage === undefined ? [] : [usage],
    ...purposes === undefined ? [] : [Fabricating.extension(oids.extKeyUsage, false, Encode.sequence(...purposes))],
    ...spec.names === undefined ? [] : [names(spec.names, spec.criticalNames)],
    ...spec.more ?? []
  ]
}

export const names = (each: ReadonlyArray<Uint8Array>, isCritical = false): Uint8Array =>
  Fabricating.extension(oids.subjectAltName, isCritical, Encode.sequence(...each))

export const usage = (...bits: ReadonlyArray<number>): Uint8Array => {
  const octet = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0)
  const unused = octet === 0 ? 0 : 7 - Math.max(...bits)
  return Fabricating.extension(oids.keyUsage, true, Encode.bitString(Uint8Array.of(octet), unused))
}

export { dnsName as dns, srvName, xmppAddr } from "../src/internal/names.ts"
export const commonName = Fabricating.commonName
export const empty = Encode.sequence()
export const unknownExtension = (isCritical: boolean): Uint8Array =>
  Fabricating.extension("1.3.6.1.4.1.55738.666", isCritical, Encode.nothing())

/** Of an RSA key: its signatures are those that nobody believes any more. */
export const sha1Signer = (pair: Keys.Pair): Effect.Effect<Fabricating.Signer> =>
  Effect.map(
    Effect.promise(() => crypto.subtle.importKey("pkcs8", new Uint8Array(pair.pkcs8), sha1, false, ["sign"])),
    (key) => ({
      algorithm: Encode.sequence(Encode.oid("1.2.840.113549.1.1.5"), Encode.nothing()),
      sign: (tbs) =>
        Effect.map(
          Effect.promise(() => crypto.subtle.sign(sha1, key, new Uint8Array(tbs))),
          (signature) => new Uint8Array(signature)
        )
    })
  )

const sha1 = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-1" }

/** What a test asks the judge, and whom it believes. */
export interface Scene {
  readonly chain: ReadonlyArray<Party>
  readonly expected?: string
  readonly role?: "initiator" | "recipient"
  readonly naming?: "jid" | "linkLocal"
  readonly hints?: ReadonlyArray<string>
  readonly authenticatePeer?: boolean
  readonly anchors?: ReadonlyArray<Party>
  readonly trust?: Partial<Trust.Trust>
  readonly pins?: ReadonlyArray<Pin>
  readonly at?: number
  readonly approve?: (request: Request) => boolean
  readonly ocspStaple?: Uint8Array
  readonly aliases?: ReadonlyArray<string>
}

/** Asks once, with a store of its own. The clock is the test's. */
export const judge = (scene: Scene): Effect.Effect<Verdict.Verdict> =>
  ask(scene).pipe(Effect.provide(judgeLayer(scene)), Effect.orDie)

export const ask = Effect.fnUntraced(function*(scene: Scene) {
  yield* TestClock.setTime(scene.at ?? now)
  const { judge } = yield* PeerJudge.PeerJudge
  const { aliases, expected, hints, ocspStaple } = scene
  const { proof, verdict } = yield* judge({
    chain: scene.chain.map(({ der }) => der),
    role: scene.role ?? (expected === undefined ? "recipient" : "initiator"),
    naming: scene.naming ?? "jid",
    authenticatePeer: scene.authenticatePeer ?? true,
    ...expected === undefined ? {} : { expected },
    ...hints === undefined ? {} : { hints },
    ...aliases === undefined ? {} : { aliases },
    ...ocspStaple === undefined ? {} : { ocspStaple }
  })
  // Whatever is asked: the proof agrees with itself and with the verdict.
  assert.isTrue(Proof.isSound(proof))
  assert.strictEqual(proof.holds, verdict.strength !== "none")
  return verdict
})

export const judgeLayer = ({ anchors = [], approve, pins = [], trust = {} }: Scene) => {
  const base = PeerJudge.layer(Trust.make({ ...trust, anchors: anchors.map(({ der }) => der) }))
  const asked = approve === undefined
    ? base
    : Layer.provideMerge(base, Layer.succeed(Approver, { approve: (request) => Effect.sync(() => approve(request)) }))
  return Layer.provide(asked, PinStore.layerMemory(pins))
}

export const pinOf = Effect.fnUntraced(function*(
  { certificate, der }: Party,
  address: string,
  more: Partial<Pin> = {}
): Effect.fn.Return<Pin> {
  return {
    address,
    naming: "jid",
    certificate: yield* Fingerprint.sha256(der),
    key: yield* Fingerprint.sha256(certificate.publicKey.spki),
    firstSeen: "2026-01-01T00:00:00Z",
    how: "manual",
    ...more
  }
})

/** A peer as the ways of trusting see it, wanted as `mira@tansy` unless told. */
export const peerOf = Effect.fnUntraced(function*(
  party: Party,
  more: Partial<Peer> = {}
): Effect.fn.Return<Peer> {
  const wanted = Address.parse("mira@tansy", "jid")
  const { certificate, key } = yield* pinOf(party, "mira@tansy")
  return {
    role: "initiator",
    naming: "jid",
    now,
    chain: [party.der],
    certificate: party.certificate,
    others: [],
    hashes: { certificate, key },
    names: PresentedNames.read(party.certificate, "jid"),
    rules: { naming: "jid", services: ["xmpp-client"], legacyCommonName: false },
    purpose: { peer: "server", policy: "either" },
    notices: [],
    ...wanted === undefined ? {} : { wanted },
    ...more
  }
})

export const codes = (verdict: Verdict.Verdict): ReadonlyArray<string> =>
  verdict.notices.map((each) => each.split(":")[0] ?? each)

export const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.replace(/\s/g, "").match(/../g) ?? [], (each) => Number.parseInt(each, 16))

export const right = <A>(read: Der.Read<A>): A => Result.getOrThrow(read)
