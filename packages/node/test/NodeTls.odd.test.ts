/** Peers by hand that show what no library would show: it reaches the judge as it was sent, or the handshake fails. */
import { assert, describe, it } from "@effect/vitest"
import { PeerJudge, Pem } from "@xmpp-e2e/certificates"
import type { Connection } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as NodeTls from "../src/NodeTls.ts"
import { make, show } from "./certificates.ts"
import { play, type Script, staple } from "./handmade.ts"
import { oddities } from "./oddities.ts"
import { rawPair } from "./sockets.ts"

const mine = make({ name: "romeo@forza" })
const good = make({ name: "juliet@pronto" })
const roles = ["client", "server"] as const
const trusted = make({ name: "an authority that has nothing to do with it", authority: true })

/** Ours in a role, and the handmade one in the other. */
const meet = Effect.fnUntraced(function*(as: Connection.StartTls["as"], script: Script) {
  const { near, far } = yield* rawPair
  const other = play(near, as === "client" ? "server" : "client", script)
  const options = { as, unread: new Uint8Array(0), identity: show(mine).identity }
  const ours = yield* Effect.result(NodeTls.upgrade(far, options, "peer"))
  if (Result.isFailure(ours)) assert.isTrue(far.destroyed)
  return { ours: Result.map(ours, ({ facts }) => facts), heard: yield* Effect.promise(() => other) }
}, Effect.scoped)

/** Both by OpenSSL, the other one with this identity. */
const meetUnder12 = Effect.fnUntraced(function*(as: Connection.StartTls["as"], identity: Connection.TlsIdentity) {
  const { near, far } = yield* rawPair
  const both = { unread: new Uint8Array(0), versionMax: "TLSv1.2" } as const
  const [ours] = yield* Effect.all([
    Effect.result(NodeTls.upgrade(far, { ...both, as, identity: show(mine).identity }, "peer")),
    Effect.result(NodeTls.upgrade(near, { ...both, as: as === "client" ? "server" : "client", identity }, "peer"))
  ], { concurrency: 2 })
  return Result.map(ours, ({ facts }) => facts)
}, Effect.scoped)

describe("NodeTls and odd peers", () => {
  for (const { what, script, ...fates } of oddities()) {
    for (const as of roles) {
      const peer = as === "client" ? "server" : "client"
      it.live(`CERT-104 TLS-21 a ${peer} that shows ${what}: ${fates[as]}`, () =>
        Effect.gen(function*() {
          const { ours } = yield* meet(as, script)
          const sent = script.entries.map(({ certificate }) => certificate)
          if (Result.isFailure(ours)) {
            assert.strictEqual(fates[as], "refused", ours.failure.message)
            assert.strictEqual(ours.failure._tag, "TlsError")
            assert.match(ours.failure.message, /peer|server/)
            return
          }
          const { chain } = ours.success
          if (fates[as] === "same") assert.deepStrictEqual(hexes(chain), hexes(sent))
          else assertRewritten(chain, sent)
          const { code, decision } = yield* verdict({ as, chain })
          // Without a certificate a recipient goes on to say so, and grants nothing (CERT-102).
          assert.strictEqual(decision, chain.length === 0 ? "accept" : "reject")
          assert.notStrictEqual(code, "internal")
        }).pipe(Effect.timeout("5 seconds")))
    }
  }

  it.live(
    "CERT-104 TLS-21 the same under TLS 1.2, as far as OpenSSL shows such things itself",
    () =>
      Effect.gen(function*() {
        let shown = 0
        for (const { script } of oddities()) {
          if (script.key === undefined || script.entries.length === 0) continue
          const sent = script.entries.map(({ certificate }) => certificate)
          const identity = {
            certificates: sent.map((der) => Pem.encode("CERTIFICATE", der)).join(""),
            privateKey: Redacted.make(script.key.export({ type: "pkcs8", format: "pem" }).toString())
          }
          for (const as of roles) {
            const seen = yield* meetUnder12(as, identity)
            if (Result.isFailure(seen)) continue
            assert.strictEqual(seen.success.protocol, "TLSv1.2")
            const { chain } = seen.success
            if (hexes(chain).join() !== hexes(sent).join()) assertRewritten(chain, sent)
            shown++
          }
        }
        assert.isAbove(shown, 60)
      }).pipe(Effect.timeout("20 seconds")),
    30_000
  )

  it.live(
    "CERT-104 TLS-21 whatever one bends in a chain, what comes through is what was sent",
    () =>
      Effect.gen(function*() {
        const random = numbers(20_261_124)
        const other = make({ name: "an intermediate" })
        const fates = { same: 0, rewritten: 0, refused: 0 }
        for (let round = 0; round < 400; round++) {
          const sent = [good.der, other.der]
          const at = random(2)
          sent[at] = bend(sent[at] ?? good.der, random)
          const as = roles[round % 2] ?? "client"
          const { ours } = yield* meet(as, {
            entries: sent.map((certificate) => ({ certificate })),
            key: good.keys.privateKey
          })
          if (Result.isFailure(ours)) {
            fates.refused++
            continue
          }
          const { chain } = ours.success
          const isSame = hexes(chain).join() === hexes(sent).join()
          fates[isSame ? "same" : "rewritten"]++
          if (!isSame) assertRewritten(chain, sent)
        }
        assert.isAbove(fates.same, 20)
        assert.isAbove(fates.refused, 20)
      }).pipe(Effect.timeout("30 seconds")),
    40_000
  )

  it.live("RFC 6066 §8 a staple that nobody could use, or nobody asked for, ends the handshake", () =>
    Effect.gen(function*() {
      const stapling = (...responses: ReadonlyArray<number | undefined>): Script => ({
        entries: responses.map((size) => ({
          certificate: good.der,
          ...(size === undefined ? {} : { extensions: staple(new Uint8Array(size).fill(7)) })
        })),
        key: good.keys.privateKey
      })
      const seen = yield* meet("client", stapling(16_000))
      assert.strictEqual(Result.getOrThrow(seen.ours).ocspStaple?.length, 16_000)
      const large = yield* meet("client", stapling(16_001))
      assert.match(String(Result.flip(large.ours)), /stapled by the peer has 16001 bytes, more than 16000/)
      assert.isTrue(Result.isFailure((yield* meet("client", stapling(0))).ours))
      // RFC 8446 §4.4.2.1 allows one for each certificate; Node gives that of the first, and so do we.
      assert.notProperty(Result.getOrThrow((yield* meet("client", stapling(undefined, 9))).ours), "ocspStaple")
      for (const script of [stapling(9), stapling(undefined, 9)]) {
        assert.isTrue(Result.isFailure((yield* meet("server", script)).ours))
      }
    }).pipe(Effect.timeout("5 seconds")))

  it.live("CERT-103 TLS-27 TLS-29 our ClientHello offers no session, no early data and no later authentication", () =>
    Effect.gen(function*() {
      const sessions = new Set<string>()
      for (let round = 0; round < 3; round++) {
        const { heard } = yield* meet("client", { entries: [{ certificate: good.der }], key: good.keys.privateKey })
        const { extensions, session } = helloOf(heard.hello)
        assert.includeMembers([...extensions], [5, 43, 51], "the staple is asked for")
        assert.deepStrictEqual(extensions.filter((type) => forbidden.has(type)), [])
        sessions.add(session)
      }
      assert.strictEqual(sessions.size, 3, "the session id is random filling (RFC 8446 D.4), never an old one")
    }).pipe(Effect.timeout("5 seconds")))
})

/** Of another encoding: as many, and the signed part of each is in what was sent, octet by octet. */
const assertRewritten = (seen: ReadonlyArray<Uint8Array>, sent: ReadonlyArray<Uint8Array>): void => {
  assert.lengthOf(seen, sent.length)
  seen.forEach((der, index) => {
    const signed = Buffer.from(der).subarray(headerLength(der))
    const tbs = signed.subarray(0, headerLength(signed) + contentLength(signed))
    assert.isTrue(Buffer.from(sent[index] ?? []).includes(tbs), `certificate ${index + 1} has another signed part`)
  })
}

const headerLength = (der: Uint8Array): number => {
  const first = der[1] ?? 0
  return first < 128 ? 2 : 2 + (first & 127)
}

const contentLength = (der: Uint8Array): number =>
  headerLength(der) === 2 ? der[1] ?? 0 : Buffer.from(der).readUIntBE(2, headerLength(der) - 2)

const verdict = ({ as, chain }: { readonly as: "client" | "server"; readonly chain: ReadonlyArray<Uint8Array> }) =>
  PeerJudge.verdict({
    chain,
    role: as === "client" ? "initiator" : "recipient",
    expected: "juliet@pronto",
    naming: "jid",
    authenticatePeer: true
  }).pipe(Effect.provide(PeerJudge.layerAuthority([trusted.der])))

/** Sets, drops, doubles or cuts octets. */
const bend = (der: Uint8Array, random: (below: number) => number): Uint8Array => {
  const at = random(der.length)
  const [before, after] = [der.subarray(0, at), der.subarray(at + 1)]
  switch (random(5)) {
    case 0:
      return Buffer.concat([before, after])
    case 1:
      return Buffer.concat([der.subarray(0, at + 1), der.subarray(at)])
    case 2:
      return before
    default:
      return Buffer.concat([before, Uint8Array.of(random(256)), after])
  }
}

/** A linear congruential generator: the same numbers each time. */
const numbers = (seed: number): (below: number) => number => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state / 0x1_0000_0000 * below)
  }
}

const helloOf = (body: Buffer): { readonly session: string; readonly extensions: ReadonlyArray<number> } => {
  const sessionEnd = 35 + body.readUInt8(34)
  const suitesEnd = sessionEnd + 2 + body.readUInt16BE(sessionEnd)
  const extensions: Array<number> = []
  const start = suitesEnd + 1 + body.readUInt8(suitesEnd) + 2
  for (let at = start; at < body.length; at += 4 + body.readUInt16BE(at + 2)) extensions.push(body.readUInt16BE(at))
  return { session: body.toString("hex", 35, sessionEnd), extensions }
}

/** session_ticket, pre_shared_key, early_data, post_handshake_auth. */
const forbidden = new Set([35, 41, 42, 49])
const hexes = (chain: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  chain.map((der) => Buffer.from(der).toString("hex"))
