/**
 * A host for the tests of discovery, run in a network namespace: it announces the name it is given, if any, tells all that happens as
 * lines of JSON, and does what the lines on its input say: `update TXT`, `resolve INSTANCE`.
 */
import * as Discovery from "@xmpp-e2e/link-local/Discovery"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { createInterface } from "node:readline"
import * as NodeDiscovery from "../src/NodeDiscovery.ts"

const say = (line: object): void => {
  process.stdout.write(`${JSON.stringify({ ...line, at: Date.now() })}\n`)
}

const [instance = "", port = "5562"] = process.argv.slice(2)

const commands = (does: (words: ReadonlyArray<string>) => Effect.Effect<void>) =>
  Stream.fromAsyncIterable(createInterface({ input: process.stdin }), (cause) => cause).pipe(
    Stream.runForEach((line) => does(line.split(" "))),
    Effect.ignore
  )

const program = Effect.gen(function*() {
  const discovery = yield* Discovery.Discovery
  say({ _tag: "Ready" })
  yield* Effect.forkScoped(Stream.runForEach(discovery.browse, (event) => Effect.sync(() => say(event))))
  const announced = instance === ""
    ? undefined
    : yield* discovery.announce({ instance, port: Number(port), txt: [btoa("txtvers=1"), btoa("status=avail")] })
  if (announced !== undefined) {
    yield* Effect.forkScoped(
      Stream.runForEach(announced.instances, (name) => Effect.sync(() => say({ _tag: "Named", name })))
    )
  }
  yield* Effect.forkScoped(commands(([command, what = ""]) => {
    if (command === "update" && announced !== undefined) return Effect.ignore(announced.update([btoa(what)]))
    if (command !== "resolve") return Effect.void
    return Effect.map(Effect.result(discovery.resolve(what)), (answer) =>
      say(
        Result.isSuccess(answer)
          ? { _tag: "Answer", resolved: answer.success }
          : { _tag: "Failed", reason: answer.failure.reason, detail: answer.failure.detail }
      ))
  }))
  return yield* Effect.never
}).pipe(
  Effect.catch(({ detail, reason }: Discovery.DiscoveryFailed) =>
    Effect.sync(() => say({ _tag: "Failed", reason, detail }))
  ),
  Effect.scoped,
  Effect.provide(NodeDiscovery.layer)
)

const fiber = Effect.runFork(program)
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void Effect.runFork(Fiber.interrupt(fiber)))
}
Effect.runFork(Effect.andThen(Fiber.await(fiber), Effect.sync(() => process.stdin.destroy())))
