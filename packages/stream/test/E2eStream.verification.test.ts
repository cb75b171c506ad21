/** A verification whose messages are requests on real streams, with the exporter that TLS gave to each end. */
import { assert, describe, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import type * as E2eStream from "../src/E2eStream.ts"
import type { Handler } from "../src/IqRouter.ts"
import * as Stanza from "../src/Stanza.ts"
import type * as Verification from "../src/Verification.ts"
import * as Wire from "../src/VerificationWire.ts"
import * as Support from "./support.ts"
import { type End, end, nonceOf, sent, sha256 } from "./verifying.ts"

/** Requests that came in wait here, as they were asked. */
const mailbox = () => {
  const waiting: Array<Element.Element> = []
  const handlers = ["start", "answer", "reveal", "stop"].map((name): Handler => ({
    namespace: Wire.namespace,
    name,
    type: "set",
    handle: (iq) =>
      Effect.sync(() => {
        waiting.push(...Element.elements(iq))
        return undefined
      })
  }))
  return { handlers, take: () => waiting.splice(0) }
}

const facts = (stream: E2eStream.E2eStream): Wire.Facts => ({
  role: stream.role,
  initiator: { address: Support.romeo, certificate: nonceOf(Support.romeo) },
  recipient: { address: Support.juliet, certificate: nonceOf(Support.juliet) },
  exporter: Buffer.from(stream.tls?.exporter ?? []).toString("hex"),
  sha256
})

const side = (stream: E2eStream.E2eStream, take: () => ReadonlyArray<Element.Element>) => {
  const machine = end(facts(stream))
  const tell = (actions: ReadonlyArray<Verification.Action>) =>
    Effect.forEach(sent(actions), (payload) => stream.request(Stanza.iq({ type: "set", payload })))
  return {
    machine,
    do: (event: Verification.Event) => tell(machine.do(event)),
    hear: Effect.suspend(() => Effect.forEach(take(), (element) => tell(machine.do({ _tag: "Received", element }))))
  }
}

const shown = ({ state }: End): string => {
  const now = state()
  return now._tag === "Comparing" ? Wire.display(now.code) : now._tag
}

const streams = Effect.fnUntraced(function*(hersShown = Support.identity(Support.juliet)) {
  const [his, hers] = [mailbox(), mailbox()]
  const { juliet, romeo } = yield* Support.pair({
    romeo: { handlers: his.handlers },
    juliet: { handlers: hers.handlers, identity: hersShown }
  })
  return { romeo: side(romeo, his.take), juliet: side(juliet, hers.take), exporter: facts(romeo).exporter }
})

describe("a verification on a stream, RFC 9266", () => {
  it.effect("shows both ends the same string", () =>
    Effect.gen(function*() {
      const { exporter, juliet, romeo } = yield* streams()
      assert.match(exporter, /^[0-9a-f]{64}$/)
      yield* romeo.do({ _tag: "Begin", nonce: nonceOf("r") })
      yield* juliet.hear
      yield* juliet.do({ _tag: "Agree", nonce: nonceOf("j") })
      yield* romeo.hear
      yield* juliet.hear
      assert.match(shown(romeo.machine), /^\d{5} \d{5}$/)
      assert.strictEqual(shown(juliet.machine), shown(romeo.machine))
    }).pipe(Effect.provide(Support.credulous)))

  it.effect("shows others where somebody relays between two streams, even with the same fingerprints and nonces", () =>
    Effect.gen(function*() {
      // The handshake of the model draws nothing at random: one more certificate makes it another one.
      const own = Support.identity(Support.juliet)
      const other = { ...own, certificates: own.certificates + Support.identity("relay").certificates }
      const [one, two] = yield* Effect.all([streams(own), streams(other)])
      assert.notStrictEqual(one.exporter, two.exporter)
      for (const { juliet, romeo } of [one, two]) {
        yield* romeo.do({ _tag: "Begin", nonce: nonceOf("r") })
        yield* juliet.hear
        yield* juliet.do({ _tag: "Agree", nonce: nonceOf("j") })
        yield* romeo.hear
      }
      assert.match(shown(one.romeo.machine), /^\d{5} \d{5}$/)
      assert.notStrictEqual(shown(one.romeo.machine), shown(two.romeo.machine))
    }).pipe(Effect.provide(Support.credulous)))
})
