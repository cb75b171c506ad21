/**
 * Somebody on a network, run in a network namespace: with a key of his own and real mDNS, TCP and TLS. He does what the lines on his
 * input say, and tells what happened as lines of JSON:
 *
 * - `{"say":PEER,"count":N}`: N numbered messages; `Said` when the last is with the transport
 * - `{"meet":PEER,"at":TIME}`: says one more at that time, in milliseconds since 1970; `Met` when it is with the transport
 * - `{"look":true}`: `Seen`, with the streams that stand, named by what both ends know of their TLS (RFC 9266), how many were opened, and
 *   how many messages were heard
 * - `{"part":true}`: closes them; `Parted`
 *
 * `Heard` is told of each thousandth message of a peer, and of the first that came out of turn.
 */
import { Identity, PeerJudge, PinStore, Trust, TrustModel } from "@xmpp-e2e/certificates"
import { NodeDiscovery, NodeTransport } from "@xmpp-e2e/node"
import { Serverless } from "@xmpp-e2e/serverless"
import { Stanza } from "@xmpp-e2e/stream"
import type { E2eStream } from "@xmpp-e2e/stream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Stream from "effect/Stream"
import { createInterface } from "node:readline"

const say = (line: object): void => void process.stdout.write(`${JSON.stringify({ ...line, at: Date.now() })}\n`)

const [from = "", host = ""] = process.argv.slice(2)

interface Wish {
  readonly say?: string
  readonly count?: number
  readonly meet?: string
  readonly at?: number
  readonly look?: true
  readonly part?: true
}

const nameOf = ({ tls }: E2eStream.E2eStream): string => Buffer.from(tls?.exporter ?? []).toString("hex").slice(0, 16)

const program = Effect.gen(function*() {
  const created = yield* Identity.createSelfSigned({ address: from, naming: "linkLocal", algorithm: "p256", days: 1 })
  const identity = yield* Identity.fromPem({
    certificates: created.certificatePem,
    privateKey: created.privateKeyPem,
    naming: "linkLocal"
  })
  let [heard, opened, said, isInOrder] = [0, 0, 0, true]
  const network = yield* Serverless.make({
    from,
    identity,
    at: { host, port: 0 },
    grace: "50 millis",
    onStanza: ({ stanza }) =>
      Effect.sync(() => {
        const wasInOrder = isInOrder
        isInOrder &&= Stanza.bodyOf(stanza) === `message ${heard}`
        heard += 1
        if (heard % 1000 === 0 || isInOrder !== wasInOrder) say({ _tag: "Heard", heard, isInOrder })
      }),
    onFailure: ({ message }) => Effect.sync(() => say({ _tag: "Failure", message }))
  })
  const { peers } = network
  yield* Effect.forkScoped(
    Stream.runForEach(peers.changes, ({ _tag }) => Effect.sync(() => void (opened += _tag === "Opened" ? 1 : 0))),
    { startImmediately: true }
  )
  yield* Effect.forkScoped(
    Stream.runForEach(network.changes, (change) =>
      Effect.sync(() => {
        if ("entity" in change) say({ _tag: change._tag, instance: change.entity.instance })
      })),
    { startImmediately: true }
  )
  const sayOne = (peer: string) => Effect.suspend(() => peers.send(peer, Stanza.message({ body: `message ${said++}` })))
  const act = Effect.fnUntraced(function*({ at = 0, count = 0, look, meet, part, say: peer }: Wish) {
    if (peer !== undefined) {
      for (let each = 0; each < count; each++) yield* sayOne(peer)
      say({ _tag: "Said", count })
    }
    if (meet !== undefined) {
      yield* Effect.sleep(Math.max(0, at - Date.now()))
      yield* sayOne(meet)
      say({ _tag: "Met" })
    }
    if (look !== undefined) say({ _tag: "Seen", streams: (yield* peers.present).map(nameOf), opened, heard })
    if (part === undefined) return
    yield* Effect.forEach(yield* peers.present, ({ close }) => close, { concurrency: "unbounded" })
    opened = 0
    say({ _tag: "Parted" })
  })
  say({ _tag: "Ready" })
  const lines = Stream.fromAsyncIterable(createInterface({ input: process.stdin }), String)
  yield* Stream.runForEach(lines, (line) =>
    act(JSON.parse(line)).pipe(
      Effect.catch((failure) => Effect.sync(() => say({ _tag: "Failure", message: failure.message }))),
      Effect.forkScoped
    ))
})

const trust = Trust.make({ combination: TrustModel.firstUse, firstUse: "accept" })

const world = Layer.mergeAll(
  NodeDiscovery.layer,
  NodeTransport.layer,
  // Standard output is for the test.
  Logger.layer([]),
  Layer.provide(PeerJudge.layer(trust), PinStore.layerMemory())
)

void Effect.runPromise(program.pipe(Effect.scoped, Effect.provide(world)))
