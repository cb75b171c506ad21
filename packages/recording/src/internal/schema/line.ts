/**
 * Schemas of the lines of the current version.
 */
import * as Schema from "effect/Schema"
import type { Head, KeyLog as KeyLogLine, Step as StepLine, Tls as TlsLine, Wire as WireLine } from "../../Recording.ts"
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
  level: Schema.optionalKey(Schema.Literals(["shape", "redacted"])),
  tls: Schema.optionalKey(Schema.Literal(true))
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

/** @internal */
export const Tls = Schema.Struct({
  tls: Schema.Literals(["in", "out"]),
  at: Schema.Finite,
  bytes: Schema.String.check(Schema.isBase64())
})

/** A label, the random octets of the client, the secret. @internal */
export const KeyLog = Schema.Struct({
  keylog: Schema.String.check(
    Schema.isPattern(/^[A-Z0-9_]{1,64} [0-9a-fA-F]{64} [0-9a-fA-F]{2,256}$/, { expected: "a line of SSLKEYLOGFILE" })
  ),
  at: Schema.Finite
})

const { config, level, note, redacted, startedAt, tls, trust } = FirstLine.fields

/** @internal */
export const Content = Schema.Struct({ config, note, startedAt, trust, redacted, level, tls })

/** @internal */
export type Proofs = [
  Proof<Drift<typeof Content, Head>>,
  Proof<Drift<typeof Step, StepLine>>,
  Proof<Drift<typeof Wire, WireLine>>,
  Proof<Drift<typeof Tls, TlsLine>>,
  Proof<Drift<typeof KeyLog, KeyLogLine>>
]
