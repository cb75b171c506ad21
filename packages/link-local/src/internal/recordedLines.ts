/**
 * Schemas of the lines of a recorded session of discovery, and the ways from older versions to the current one. An optional
 * field more keeps the version; anything else raises it and adds one up-caster, JSON to JSON.
 *
 * @internal
 */
import * as Schema from "effect/Schema"
import type { DiscoveryEvent } from "../DiscoveryEvent.ts"
import type { Head, Line } from "../DiscoveryRecording.ts"

export interface Upcast {
  readonly head: (json: unknown) => unknown
  readonly line: (json: unknown) => unknown
}

/** The way from a version to the current one; `undefined` when nobody knows it. */
export const upcastFrom = (version: number, known: ReadonlyArray<Upcast> = versions): Upcast | undefined => {
  if (!Number.isInteger(version) || version < 1 || version > known.length) return undefined
  const way = known.slice(version - 1)
  return {
    head: (json) => way.reduce((each, upcast) => upcast.head(each), json),
    line: (json) => way.reduce((each, upcast) => upcast.line(each), json)
  }
}

const v1: Upcast = { head: (json) => json, line: (json) => json }

/** In order; the first is version 1, the last the current one. */
const versions: ReadonlyArray<Upcast> = [v1]

export const current = versions.length
export const format = "link-local-discovery"

const texts = Schema.Array(Schema.String)

export const FirstLine = Schema.Struct({
  format: Schema.Literal(format),
  version: Schema.Literal(current),
  own: texts,
  expected: texts,
  limits: Schema.Struct({
    entitiesMax: Schema.Natural,
    octetsMax: Schema.Natural,
    interfacesMax: Schema.Natural,
    txtOctetsMax: Schema.Natural,
    changesMax: Schema.Natural,
    updatesMax: Schema.Natural
  }),
  startedAt: Schema.optionalKey(Schema.String),
  note: Schema.optionalKey(Schema.String),
  redacted: Schema.optionalKey(Schema.Literal(true))
})

const via = Schema.String
const instance = Schema.String

const Event = Schema.Union([
  Schema.TaggedStruct("InterfaceUp", { via }),
  Schema.TaggedStruct("InterfaceDown", { via }),
  Schema.TaggedStruct("Appeared", { via, instance }),
  Schema.TaggedStruct("Resolved", {
    via,
    instance,
    host: Schema.String,
    port: Schema.Int,
    addresses: texts,
    txt: texts
  }),
  Schema.TaggedStruct("Vanished", { via, instance, why: Schema.Literals(["goodbye", "expired"]) })
])

const at = Schema.Finite
const told = Schema.optionalKey(Schema.Struct({ changes: texts, entities: Schema.Natural }))

export const LaterLine = Schema.Union([
  Schema.Struct({ at, event: Event, told }),
  Schema.Struct({ at, own: texts, told }),
  Schema.Struct({ at, refreshed: Schema.Literal(true), told })
])

type Same<One, Other> = [One] extends [Other] ? [Other] extends [One] ? true : false : false
type Proof<Holds extends true> = Holds

/** What is read is what there is. */
export type Proofs = [
  Proof<Same<typeof Event.Type, DiscoveryEvent>>,
  Proof<Same<typeof LaterLine.Type, Line>>,
  Proof<Same<Omit<typeof FirstLine.Type, "format" | "version">, Head>>
]
