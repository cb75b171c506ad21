import { assert, describe, it } from "@effect/vitest"
import { Config, Reason } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import * as Stanza from "../src/Stanza.ts"
import * as Telemetry from "../src/Telemetry.ts"
import { pair, world } from "./support.ts"

const config = () => {
  const made = Config.make({ role: "recipient", self: "oskar@linden" })
  if (made._tag !== "Made") throw new Error(made.contradictions.join())
  return made.config
}

/** Spans and log lines of a program. */
const watched = <A, E, R>(program: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const spans: Array<Tracer.Span> = []
    const lines: Array<string> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const logger = Logger.make(({ message }) => void lines.push(String(message)))
    yield* program.pipe(
      Effect.withTracer(tracer),
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "All")
    )
    return { lines, spans }
  })

const ended = {
  _tag: "Ended",
  reason: Reason.make("certificate", { detail: "expired" }),
  clean: false,
  unsent: [],
  endedLate: false
} as const

describe("Telemetry", () => {
  it.effect("a span for the stream and one for each step; none says what was said", () =>
    Effect.gen(function*() {
      const secret = "nobody may read this"
      const { lines, spans } = yield* watched(
        Effect.gen(function*() {
          const { juliet, romeo } = yield* pair()
          yield* romeo.send(Stanza.message({ body: secret }))
          yield* juliet.receive
        }).pipe(Effect.scoped, Effect.provide(world))
      )
      const names = spans.map(({ name }) => name)
      assert.lengthOf(names.filter((name) => name === Telemetry.streamSpan), 2)
      for (const step of ["Initiating.AwaitingProceed", "Responding.AwaitingVerdict", "Initiating.AwaitingSasl"]) {
        assert.include(names, `xmpp-e2e.${step}`)
      }
      assert.isTrue(spans.every(({ status }) => status._tag === "Ended"), "no span is left open")
      assert.isTrue(lines.some((line) => line.includes("negotiated")))
      assert.notInclude(JSON.stringify([lines, spans.map(({ attributes, name }) => [name, [...attributes]])]), secret)
    }))

  it.effect("counts admissions, refusals by cause and rule, and the streams that are open", () =>
    Effect.gen(function*() {
      const valueOf = <I, S>(metric: Metric.Metric<I, S>, attributes: Readonly<Record<string, string>>) =>
        Metric.value(Metric.withAttributes(metric, attributes))
      const admitted = { role: "recipient", how: "sasl", secured: "true" }
      const refused = { role: "recipient", cause: "certificate", rule: "TLS-21" }
      const before = {
        admitted: yield* valueOf(Telemetry.admissions, admitted),
        refused: yield* valueOf(Telemetry.refusals, refused),
        open: yield* valueOf(Telemetry.streamsOpen, { role: "recipient" })
      }
      const one = yield* Telemetry.make(config(), "192.0.2.7:5298")
      yield* one.noticed({
        _tag: "Negotiated",
        peer: { address: "mira@tansy", how: "sasl", verified: true },
        secured: true,
        resumed: false
      })
      assert.strictEqual((yield* valueOf(Telemetry.streamsOpen, { role: "recipient" })).value, before.open.value + 1)
      yield* one.noticed({ ...ended, reason: Reason.make("closedByPeer") })
      const other = yield* Telemetry.make(config(), "192.0.2.8:5298")
      yield* other.noticed(ended)
      assert.strictEqual((yield* valueOf(Telemetry.admissions, admitted)).count, before.admitted.count + 1)
      assert.strictEqual((yield* valueOf(Telemetry.refusals, refused)).count, before.refused.count + 1)
      assert.strictEqual((yield* valueOf(Telemetry.streamsOpen, { role: "recipient" })).value, before.open.value)
    }))

  it.effect("E2E-22 warns about a channel that anyone can read", () =>
    Effect.gen(function*() {
      const { lines } = yield* watched(
        Effect.flatMap(Telemetry.make(config(), "x"), (telemetry) => telemetry.noticed({ _tag: "InsecureChannel" }))
      )
      assert.match(lines.join(), /insecure/)
    }))
})
