/**
 * Schema of events, in the order of `protocol`.
 */
import type { Event as Events } from "@xmpp-e2e/protocol"
import * as Schema from "effect/Schema"
import { Evidence } from "./evidence.ts"
import { type Drift, type Proof, tagged } from "./tagged.ts"
import { Resumption, StreamCondition, Timer, TlsFacts, Verdict } from "./values.ts"
import { Element, RootTag, XmlFault } from "./xml.ts"

const peer = [
  Schema.TaggedStruct("HeaderReceived", {
    tag: RootTag,
    freshId: Schema.String,
    overloaded: Schema.optionalKey(Schema.Literal(true))
  }),
  Schema.TaggedStruct("ElementReceived", {
    element: Element,
    prefixed: Schema.optionalKey(Schema.Literal(true)),
    headerPrefixed: Schema.optionalKey(Schema.Literal(true)),
    freshId: Schema.optionalKey(Schema.String)
  }),
  Schema.TaggedStruct("FooterReceived", {}),
  Schema.TaggedStruct("WhitespaceReceived", {}),
  Schema.TaggedStruct("InputRejected", { fault: XmlFault, freshId: Schema.String })
] as const

const local = [
  Schema.TaggedStruct("SendRequested", { request: Schema.Int, stanza: Element }),
  Schema.TaggedStruct("CloseRequested", {}),
  Schema.TaggedStruct("FailRequested", {
    condition: StreamCondition,
    text: Schema.optionalKey(Schema.String),
    host: Schema.optionalKey(Schema.String)
  }),
  Schema.TaggedStruct("AbortRequested", {}),
  Schema.TaggedStruct("EnableRequested", { resumable: Schema.Boolean }),
  Schema.TaggedStruct("AcknowledgeRequested", {}),
  Schema.TaggedStruct("AcknowledgementRequested", {}),
  Schema.TaggedStruct("ResumeRequested", {})
] as const

const world = [
  Schema.TaggedStruct("TransportOpened", {}),
  Schema.TaggedStruct("TransportEnded", {}),
  Schema.TaggedStruct("TransportLost", { fault: Schema.optionalKey(Schema.String) }),
  Schema.TaggedStruct("TlsEstablished", { facts: TlsFacts }),
  Schema.TaggedStruct("TlsFailed", { fault: Schema.String }),
  Schema.TaggedStruct("PeerJudged", { verdict: Verdict, evidence: Schema.optionalKey(Evidence) }),
  Schema.TaggedStruct("ResumptionJudged", { resumption: Schema.optionalKey(Resumption) }),
  Schema.TaggedStruct("TimerFired", { timer: Timer, generation: Schema.Int })
] as const

/** @internal */
export const Event = tagged("an event", [...peer, ...local, ...world])

/** @internal */
export type Proofs = [Proof<Drift<typeof Event, Events.Event>>]
