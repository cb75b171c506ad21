/**
 * Schemas of the lines of the current version.
 */
import * as Schema from "effect/Schema"
import type { Head, Step as StepLine, Wire as WireLine } from "../../Recording.ts"
import { Action, Config, Event } from "../../Schema.ts"
import { current } from "../../upcast/versions.ts"
import type { Drift, Proof } from "./tagged.ts"

/** @internal */
export const format = "e2e-stream-recording"

/** @internal */
export const FirstLine = Schema.Struct({
  format: Schema.Literal(format),
  version: Schema.Literal(current),
  config: Config,
  note: Schema.optionalKey(Schema.String),
  startedAt: Schema.optionalKey(Schema.String),
  trust: Schema.optionalKey(Schema.Json),
  redacted: Schema.optionalKey(Schema.Literal(true)),
  level: Schema.optionalKey(Schema.Literals(["shape", "redacted"]))
})

/** @internal */
export const Step = Schema.Struct({
  seq: Schema.Natural,
  at: Schema.Finite,
  event: Event,
  actions: Schema.Array(Action),
  state: Schema.String,
  omitted: Schema.optionalKey(Schema.Natural)
})

/** @internal */
export const Wire = Schema.Struct({
  wire: Schema.Literals(["in", "out"]),
  at: Schema.Finite,
  bytes: Schema.String.check(Schema.isBase64())
})

const { config, level, note, redacted, startedAt, trust } = FirstLine.fields

/** @internal */
export const Content = Schema.Struct({ config, note, startedAt, trust, redacted, level })

/** @internal */
export type Proofs = [
  Proof<Drift<typeof Content, Head>>,
  Proof<Drift<typeof Step, StepLine>>,
  Proof<Drift<typeof Wire, WireLine>>
]
