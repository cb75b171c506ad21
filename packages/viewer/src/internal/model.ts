/**
 * What the page holds as data, and the program in the page reads. Both sides of that border use these types and nothing
 * else of one another.
 */
import type { Action, Config, Event } from "@xmpp-e2e/protocol"

/** @internal */
export interface Model {
  readonly sides: ReadonlyArray<Side>
  readonly rows: ReadonlyArray<Row>
  /** How many messages arrived, and those that did not; there with two sides. */
  readonly matching?: Matching
}

/** @internal */
export interface Side {
  readonly name: string
  readonly self: string
  readonly peer?: string
  readonly role: Config.Config["role"]
  /** The head in one sentence. */
  readonly about: string
  /** The outcome of the replay in words. */
  readonly outcome: string
  readonly matched: boolean
  readonly torn?: string
  /** The head as it was recorded, less the configuration that `start` holds. */
  readonly trust?: unknown
  /** The state before all steps. */
  readonly start: unknown
  readonly steps: ReadonlyArray<Step>
  readonly wire: ReadonlyArray<Chunk>
  /** Why the stream was refused or failed, when it was. */
  readonly refusal?: Refusal
}

/** @internal */
export interface Step {
  readonly at: number
  readonly event: Event.Event
  readonly actions: ReadonlyArray<Action.Action>
  /** The label of the state after it, as recorded. */
  readonly state: string
  readonly phase: Phase
  readonly kinds: ReadonlyArray<Kind>
  readonly marks: ReadonlyArray<Mark>
  /** From the state before it to the state after it, as the reducer has it now. */
  readonly patch: ReadonlyArray<Change>
}

/** @internal A line of the diagram: across the wire, or beside it. `bad` is a refusal or an error. */
export interface Mark {
  readonly way: "in" | "out" | "note"
  readonly text: string
  readonly bad?: true
}

/** @internal A chunk of the wire in base64, and the step it belongs to: what it caused, or what caused it. */
export interface Chunk {
  readonly way: "in" | "out"
  readonly at: number
  readonly bytes: string
  readonly step: number
}

/** @internal The value at a path, or nothing there any more. */
export type Change =
  | { readonly path: ReadonlyArray<string>; readonly value: unknown }
  | { readonly path: ReadonlyArray<string>; readonly gone: true }

/** @internal */
export interface Refusal {
  readonly step: number
  readonly rule: string
  readonly what: string
  readonly because?: string
  /** This side said no; else it was told so, or found out. */
  readonly own: boolean
}

/** @internal A row of the diagram: a step of the first side, of the second, or of both where a message joins them. */
export interface Row {
  readonly steps: readonly [number | null, number | null]
  /** Received marks of the row that are drawn where they were sent; by side. */
  readonly drawn?: readonly [boolean, boolean]
  /** Of a row that holds both: who sent what joins them. */
  readonly sender?: 0 | 1
}

/** @internal */
export interface Matching {
  readonly arrived: number
  readonly lost: ReadonlyArray<Lost>
}

/** @internal A message that one side sent and the other never received, or received though it was never sent. */
export interface Lost {
  readonly side: 0 | 1
  readonly step: number
  readonly way: "in" | "out"
  readonly text: string
}

/** @internal */
export const kinds = [
  "negotiation",
  "stanza",
  "tls",
  "certificate",
  "sasl",
  "timer",
  "request",
  "transport",
  "error"
] as const

/** @internal */
export type Kind = typeof kinds[number]

/** @internal */
export const phases = ["opening", "tls", "verdict", "sasl", "open", "closing", "closed"] as const

/** @internal */
export type Phase = typeof phases[number]
