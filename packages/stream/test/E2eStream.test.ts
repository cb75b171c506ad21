import { assert, describe, it } from "@effect/vitest"
import { Transport } from "@xmpp-e2e/transport/Transport"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as E2eStream from "../src/E2eStream.ts"
import type { StreamFailed } from "../src/Failure.ts"
import * as Stanza from "../src/Stanza.ts"
import * as Support from "./support.ts"

const { clear, identity, juliet, message, next, pair, romeo } = Support
const at = { host: "verona", port: 0 }

const echo = (stream: E2eStream.E2eStream) =>
  stream.stanzas.pipe(Stream.runForEach(({ stanza }) => stream.send(message(`echo ${Stanza.bodyOf(stanza)}`))))

describe("a negotiated stream", () => {
  it.effect("E2E-01 knows its peer by certificate and by SASL, over TLS", () =>
    Effect.gen(function*() {
      const { juliet: hers, romeo: his } = yield* pair()
      assert.deepStrictEqual(his.peer, { address: juliet, how: "certificate", verified: true })
      assert.deepStrictEqual(hers.peer, { address: romeo, how: "sasl", verified: true })
      assert.strictEqual(his.secured && hers.secured, true)
      assert.strictEqual(his.verdict?.identity, juliet)
      assert.strictEqual(his.tls?.protocol, "TLSv1.3")
      assert.deepStrictEqual(his.tls?.exporter, hers.tls?.exporter)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("HDR-12 knows who we are on it: the address by which the peer calls us, and what we can show", () =>
    Effect.gen(function*() {
      const alias = "capulet@pronto"
      const { juliet: hers, romeo: his } = yield* pair({
        romeo: { to: alias },
        juliet: { aliases: [alias], identity: identity(alias) }
      })
      const shown = (name: string) => new TextEncoder().encode(name)
      assert.deepStrictEqual(his.self, { address: romeo, naming: "jid", certificate: shown(romeo) })
      assert.deepStrictEqual(hers.self, { address: alias, naming: "jid", certificate: shown(alias) })
      const hidden = yield* pair({ romeo: { policy: clear }, juliet: { policy: clear, aliases: [alias] } })
      assert.strictEqual(hidden.juliet.self.address, juliet)
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("is dialled, listened for, talked on and closed in order", () =>
    Effect.gen(function*() {
      const listener = yield* E2eStream.listen({ from: juliet, identity: identity(juliet), at }, echo)
      const stream = yield* E2eStream.connect({ from: romeo, to: juliet, identity: identity(romeo), at: listener.at })
      yield* stream.send(message("hello"))
      const answer = yield* next(stream)
      assert.strictEqual(Stanza.bodyOf(answer.stanza), "echo hello")
      assert.deepStrictEqual([answer.from, answer.to, answer.canReply], [juliet, romeo, true])
      const ended = yield* stream.close
      assert.deepStrictEqual([ended.clean, ended.reason.cause], [true, "closedBySelf"])
      assert.strictEqual((yield* stream.receive)._tag, "None")
    }).pipe(Effect.provide(Support.world)))

  it.effect("TLS-32 E2E-22 does without TLS only by policy, and says so", () =>
    Effect.gen(function*() {
      const { juliet: hers, romeo: his } = yield* pair({ romeo: { policy: clear }, juliet: { policy: clear } })
      assert.deepStrictEqual([his.secured, his.peer.verified, hers.peer.how], [false, false, "announced"])
      yield* Effect.all([his.close, hers.close], { concurrency: 2 })
      const notices = yield* Stream.runCollect(his.notices)
      assert.isTrue(notices.some(({ _tag }) => _tag === "InsecureChannel"))
      assert.strictEqual(notices.at(-1)?._tag, "Ended")
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("speaks jabber:server where policy says so", () =>
    Effect.gen(function*() {
      const policy = { contentNamespace: "jabber:server" } as const
      const { juliet: hers, romeo: his } = yield* pair({ romeo: { policy }, juliet: { policy } })
      const refused = yield* Effect.flip(his.send(message("wrong namespace")))
      assert.strictEqual(refused.reason._tag, "NotAStanza")
      yield* his.send(Stanza.message({ namespace: his.contentNamespace, body: "right", from: romeo, to: juliet }))
      assert.strictEqual(Stanza.bodyOf((yield* next(hers)).stanza), "right")
      yield* his.ping()
    }).pipe(Effect.provide(Support.credulous)))
})

describe("a stream by other means", () => {
  it.effect("TLS-33 turns to TLS before the first header where policy says so", () =>
    Effect.gen(function*() {
      const policy = { tlsEntry: "direct" } as const
      const { juliet: hers, romeo: his } = yield* pair({ romeo: { policy }, juliet: { policy } })
      assert.isTrue(his.secured && hers.secured && hers.peer.verified)
      yield* his.ping()
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("SM-03 SM-09 is told which of its stanzas have arrived, with stream management", () =>
    Effect.gen(function*() {
      const management = { use: true }
      const { juliet: hers, romeo: his } = yield* pair({ romeo: { management }, juliet: { management } })
      yield* his.notices.pipe(Stream.takeUntil(({ _tag }) => _tag === "ManagementOn"), Stream.runDrain)
      yield* his.sendAll(Array.from({ length: 10 }, (_, number) => message(`${number}`)))
      const acknowledged = yield* his.notices.pipe(
        Stream.filter(({ _tag }) => _tag === "StanzasAcknowledged"),
        Stream.runHead
      )
      assert.strictEqual(acknowledged._tag, "Some")
      assert.deepStrictEqual(Support.bodies([yield* next(hers)]), ["0"])
    }).pipe(Effect.provide(Support.credulous)))
})

describe("what does not become a stream", () => {
  it.effect("a refused connection says where and what to do", () =>
    Effect.gen(function*() {
      const failed = yield* Effect.flip(
        E2eStream.connect({ from: romeo, to: juliet, at: { host: "nowhere", port: 5 }, identity: identity(romeo) })
      )
      assert.strictEqual(failed._tag, "StreamFailed")
      if (failed._tag !== "StreamFailed") return
      assert.strictEqual(failed.reason.cause, "transportLost")
      assert.match(failed.message, /nowhere:5 \[TIME-08\]\. Check address/)
    }).pipe(Effect.provide(Support.world)))

  it.effect("a contradictory configuration is refused before anything is dialled", () =>
    Effect.gen(function*() {
      const noPeer = yield* Effect.flip(E2eStream.over(yield* Support.nobody, { role: "initiator", from: romeo }))
      assert.strictEqual(noPeer._tag, "ConfigInvalid")
      const noIdentity = yield* Effect.flip(E2eStream.listen({ from: juliet, at }, () => Effect.void))
      assert.strictEqual(noIdentity._tag, "ConfigInvalid")
      assert.match(noIdentity.message, /identity/)
      const zero = yield* Effect.flip(
        E2eStream.listen({ from: juliet, at, identity: identity(juliet), stanzasMax: 0 }, () => Effect.void)
      )
      assert.match(zero.message, /stanzasMax must be a positive whole number/)
    }).pipe(Effect.provide(Support.world)))

  it.effect("an address in use fails the listener", () =>
    Effect.gen(function*() {
      const options = { from: juliet, identity: identity(juliet), at: { host: "verona", port: 7 } }
      yield* E2eStream.listen(options, () => Effect.void)
      const failed = yield* Effect.flip(E2eStream.listen(options, () => Effect.void))
      assert.strictEqual(failed._tag, "ListenFailed")
      assert.match(failed.message, /verona:7/)
    }).pipe(Effect.provide(Support.world)))

  it.effect("TLS-21 a certificate that is not believed", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(pair())
      assert.strictEqual(failure._tag, "StreamFailed")
      const { reason } = failure as StreamFailed
      assert.deepStrictEqual([reason._tag, reason.cause], ["NotAdmitted", "certificate"])
    }).pipe(Effect.provide(Support.judging(({ chain, role }) =>
      Effect.succeed(
        Support.verdict(
          Support.holderOf(chain),
          role === "initiator" ? { decision: "reject", code: "untrustedCa" } : {}
        )
      )
    ))))

  it.effect("CERT-104 a judge that breaks admits nobody", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(pair())
      assert.strictEqual((failure as StreamFailed).reason.cause, "certificate")
    }).pipe(Effect.provide(Support.judging(() => Effect.die("out of order")))))

  it.effect("CERT-87 a judge that never answers, by the verdict timer", () =>
    Effect.gen(function*() {
      const { millis, value } = yield* Support.elapsing(Effect.flip(pair()))
      assert.strictEqual((value as StreamFailed).reason.cause, "verdictTimeout")
      assert.isAtLeast(millis, 120_000)
    }).pipe(Effect.provide(Support.judging(() => Effect.never))))

  it.effect("HDR-20 a peer that is somebody else", () =>
    Effect.gen(function*() {
      const failure = yield* Effect.flip(pair({ romeo: { to: "mercutio@pronto" } }))
      assert.include(["PeerReported", "NotAdmitted", "PeerMisbehaved"], (failure as StreamFailed).reason._tag)
    }).pipe(Effect.provide(Support.judging(({ chain, expected }) => {
      const holder = Support.holderOf(chain)
      return Effect.succeed(Support.verdict(holder, { authorised: [holder ?? "", expected ?? ""] }))
    }))))
})

describe("a listener", () => {
  it.effect("LIM-01 goes on when a connection fails, and tells why", () =>
    Effect.gen(function*() {
      const failures: Array<string> = []
      const first = yield* Deferred.make<void>()
      const listener = yield* E2eStream.listen({
        from: juliet,
        identity: identity(juliet),
        at,
        onFailure: ({ reason }) =>
          Effect.andThen(Effect.sync(() => failures.push(reason.cause)), Deferred.succeed(first, undefined))
      }, echo)
      const transport = yield* Transport
      const stranger = Support.puppet(yield* transport.dial(listener.at))
      yield* stranger.say("GET / HTTP/1.1\r\n\r\n<")
      assert.match(yield* stranger.hearOut, /stream:error/)
      yield* stranger.connection.drop
      yield* Deferred.await(first)
      assert.deepStrictEqual(failures, ["misbehaved"])
      const stream = yield* E2eStream.connect({ from: romeo, to: juliet, identity: identity(romeo), at: listener.at })
      yield* stream.send(message("still there?"))
      assert.strictEqual(Stanza.bodyOf((yield* next(stream)).stanza), "echo still there?")
    }).pipe(Effect.provide(Support.world)))

  it.effect("closes a stream in order when its handler returns", () =>
    Effect.gen(function*() {
      const listener = yield* E2eStream.listen(
        { from: juliet, identity: identity(juliet), at },
        (stream) => Effect.orDie(stream.send(message("good bye")))
      )
      const stream = yield* E2eStream.connect({ from: romeo, to: juliet, identity: identity(romeo), at: listener.at })
      assert.deepStrictEqual(Support.bodies(yield* Support.drain(stream)), ["good bye"])
      yield* stream.close
      const ended = yield* stream.ended
      assert.deepStrictEqual([ended.clean, ended.reason.cause], [true, "closedByPeer"])
    }).pipe(Effect.provide(Support.world)))

  it.effect("ends the stream of a handler that fails with internal-server-error, and only that", () =>
    Effect.gen(function*() {
      const listener = yield* E2eStream.listen(
        { from: juliet, identity: identity(juliet), at },
        (stream) => Effect.flatMap(stream.receive, () => Effect.fail("no idea"))
      )
      const dial = E2eStream.connect({ from: romeo, to: juliet, identity: identity(romeo), at: listener.at })
      const [one, other] = yield* Effect.all([dial, dial])
      yield* one.send(message("fail"))
      const ended = yield* one.ended
      assert.deepStrictEqual([ended.reason.cause, ended.reason.condition], ["reported", "internal-server-error"])
      yield* other.ping()
    }).pipe(Effect.provide(Support.world)))

  it.effect("closing its scope closes the streams of its handlers", () =>
    Effect.gen(function*() {
      const handled = yield* Deferred.make<void>()
      const { millis, value: ended } = yield* Support.elapsing(Effect.scoped(Effect.gen(function*() {
        const listener = yield* E2eStream.listen({ from: juliet, identity: identity(juliet), at }, (stream) =>
          Effect.andThen(Effect.ensuring(Effect.never, Deferred.succeed(handled, undefined)), stream.close))
        return yield* E2eStream.connect({ from: romeo, to: juliet, identity: identity(romeo), at: listener.at }).pipe(
          Effect.map((stream) =>
            stream.ended
          )
        )
      })))
      assert.strictEqual((yield* ended).clean, true)
      assert.isAtMost(millis, 2_500)
      yield* Deferred.await(handled)
    }).pipe(Effect.provide(Support.world)))
})

describe("several streams", () => {
  it.effect("talk at once without a word astray", () =>
    Effect.gen(function*() {
      const listener = yield* E2eStream.listen({ from: juliet, identity: identity(juliet), at }, echo)
      const talk = (number: number) =>
        Effect.scoped(Effect.gen(function*() {
          const stream = yield* E2eStream.connect({
            from: romeo,
            to: juliet,
            identity: identity(romeo),
            at: listener.at
          })
          for (let turn = 0; turn < 20; turn++) {
            yield* stream.send(message(`${number}.${turn}`))
            assert.strictEqual(Stanza.bodyOf((yield* next(stream)).stanza), `echo ${number}.${turn}`)
          }
        }))
      const exit = yield* Effect.exit(Effect.all(Array.from({ length: 12 }, (_, number) => talk(number)), {
        concurrency: "unbounded"
      }))
      assert.isTrue(Exit.isSuccess(exit))
    }).pipe(Effect.provide(Support.world)))
})
