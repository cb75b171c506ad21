/**
 * Two people who have never met: each takes in the other's certificate at first use, and then they make sure by a short
 * string that nobody sits between them. Programs speak for them here; people would read the digits to each other by voice.
 *
 * `node packages/examples/src/short-string.ts` tells what both see.
 */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { PeerJudge, PinStore } from "@xmpp-e2e/certificates"
import { NodeTransport } from "@xmpp-e2e/node"
import { Verifying } from "@xmpp-e2e/serverless"
import { E2eStream } from "@xmpp-e2e/stream"
import * as Console from "effect/Console"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { identityOf } from "./two-programs.ts"

/** Agrees when asked. What is shown goes to `heard`, and what the other one saw decides what is said of it. */
const person = Effect.fnUntraced(function*(
  heard: Deferred.Deferred<string>,
  told: Deferred.Deferred<string>
) {
  const verifying = yield* Verifying.make()
  const isVerified = yield* Deferred.make<boolean>()
  yield* verifying.events.pipe(
    Stream.runForEach((event) => {
      switch (event._tag) {
        case "Asked":
          return verifying.agree(event.stream)
        case "Show":
          return Deferred.succeed(heard, event.text).pipe(
            Effect.andThen(Deferred.await(told)),
            Effect.flatMap((text) => verifying[text === event.text ? "same" : "different"](event.stream))
          )
        case "Verified":
          return Deferred.succeed(isVerified, true)
        case "Failed":
          return Effect.andThen(Console.log(event.failure.message), Deferred.succeed(isVerified, false))
      }
    }),
    Effect.forkScoped({ startImmediately: true })
  )
  return { verifying, isVerified: Deferred.await(isVerified) }
})

/** Pins of one's own, and a judge that takes in whoever comes first. */
const trust = Layer.provideMerge(PeerJudge.layerFirstUse("accept"), PinStore.layerMemory())

export const program = Effect.gen(function*() {
  const [his, hers] = [yield* Deferred.make<string>(), yield* Deferred.make<string>()]
  const juliet = Effect.gen(function*() {
    const { isVerified, verifying } = yield* person(hers, his)
    const identity = yield* identityOf("juliet@pronto")
    const { at } = yield* E2eStream.listen(
      { from: "juliet@pronto", identity, handlers: verifying.handlers, at: { host: "127.0.0.1", port: 0 } },
      (stream) => Effect.ignore(Stream.runDrain(stream.stanzas))
    )
    return { at, isVerified }
  })
  const { at, isVerified } = yield* Effect.provide(juliet, yield* Layer.build(trust))
  const romeo = Effect.gen(function*() {
    const { isVerified, verifying } = yield* person(his, hers)
    const identity = yield* identityOf("romeo@forza")
    const to = "juliet@pronto"
    const stream = yield* E2eStream.connect({ from: "romeo@forza", to, identity, handlers: verifying.handlers, at })
    const before = yield* Verifying.markOf(stream)
    yield* verifying.begin(stream)
    const both = yield* isVerified
    return both ? [before, yield* Verifying.markOf(stream)] : [before]
  })
  const marks = yield* Effect.provide(romeo, yield* Layer.build(Layer.fresh(trust)))
  yield* isVerified
  yield* Console.log(`Romeo sees ${yield* Deferred.await(his)}, Juliet sees ${yield* Deferred.await(hers)}`)
  yield* Console.log(`To him she was ${marks.join(", and is now ")}.`)
  return marks
}).pipe(Effect.scoped, Effect.provide(NodeTransport.layer))

if (import.meta.main) NodeRuntime.runMain(program)
