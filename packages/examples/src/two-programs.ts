/**
 * Two programs that talk directly, as Effect programs: a thermometer that answers questions, and somebody who asks. Each
 * has its own key; each has been told the other's fingerprint, by whatever way people tell each other such things.
 *
 * Run it with `node packages/examples/src/two-programs.ts`.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Identity, PeerJudge } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { E2eStream, type IqRouter, Stanza } from "@xmpp-e2e/stream"
import { Element } from "@xmpp-e2e/xml"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"

const weather = "https://tansy.example/weather"

/** Answers iq requests for as long as its scope is open. */
export const thermometer = Effect.fnUntraced(function*(identity: Identity.Identity) {
  const reading: IqRouter.Handler = {
    namespace: weather,
    name: "temperature",
    handle: () => Effect.succeed(Element.make(weather, "temperature", { unit: "celsius" }, ["21.5"]))
  }
  return yield* E2eStream.listen(
    { from: "thermometer@tansy", identity, handlers: [reading], at: { host: "127.0.0.1", port: 0 } },
    // The handler answers requests; the stream is over when the visitor has closed its side.
    (stream) => Effect.ignore(Stream.runDrain(stream.stanzas))
  )
})

/** Opens a stream, asks, and closes it in order by leaving the scope. */
export const ask = Effect.fnUntraced(
  function*(identity: Identity.Identity, at: { readonly host: string; readonly port: number }) {
    const stream = yield* E2eStream.connect({ from: "mira@linden", to: "thermometer@tansy", identity, at })
    yield* Console.log(`talking to ${stream.peer.address}, ${stream.peer.verified ? "verified" : "not verified"}`)
    const question = Stanza.iq({ type: "get", payload: Element.make(weather, "temperature") })
    const result = yield* stream.request(question, { timeout: "5 seconds" })
    const answer = Element.child(result, weather, "temperature")
    return answer === undefined ? "no answer" : `${Element.text(answer)} °C`
  },
  Effect.scoped
)

/** An identity made on the spot; `xmpp-e2e identity create` makes one that lasts. */
export const identityOf = Effect.fnUntraced(function*(address: string) {
  const made = yield* Identity.create({ address, naming: "jid", algorithm: "ed25519", days: 1, kind: "self-signed" })
  const certificates = made.kind === "self-signed" ? made.certificatePem : ""
  return yield* Identity.fromPem({ certificates, privateKey: Redacted.value(made.privateKeyPem) })
})

export const program = Effect.gen(function*() {
  const [mine, its] = yield* Effect.all([identityOf("mira@linden"), identityOf("thermometer@tansy")])
  const { at } = yield* thermometer(its).pipe(Effect.provide(PeerJudge.layerPinned([mine.fingerprint])))
  const reading = yield* ask(mine, at).pipe(Effect.provide(PeerJudge.layerPinned([its.fingerprint])))
  yield* Console.log(reading)
  return reading
}).pipe(Effect.scoped, Effect.provide(NodeTransport.layer))

if (import.meta.main) NodeRuntime.runMain(program)
