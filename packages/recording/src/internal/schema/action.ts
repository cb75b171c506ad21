/**
 * Schema of actions, in the order of `protocol`.
 */
import type { Action as Actions } from "@xmpp-e2e/protocol"
import * as Schema from "effect/Schema"
import { Notice } from "./notice.ts"
import { type Drift, type Proof, tagged } from "./tagged.ts"
import { StreamHeader, Timer } from "./values.ts"
import { Element } from "./xml.ts"

/** @internal */
export const Delivery = Schema.Struct({
  from: Schema.optionalKey(Schema.String),
  to: Schema.String,
  canReply: Schema.Boolean
})

/** @internal */
export const Refusal = Schema.Literals(["queueFull", "closed", "notOpen", "notAStanza"])

/** @internal */
export const Action = tagged("an action", [
  Schema.TaggedStruct("SendHeader", { header: StreamHeader }),
  Schema.TaggedStruct("SendElement", { element: Element, request: Schema.optionalKey(Schema.Int) }),
  Schema.TaggedStruct("SendFooter", {}),
  Schema.TaggedStruct("SendWhitespace", {}),
  Schema.TaggedStruct("StartTls", { as: Schema.Literals(["client", "server"]) }),
  Schema.TaggedStruct("RestartInput", {}),
  Schema.TaggedStruct("StopInput", {}),
  Schema.TaggedStruct("JudgePeer", {
    chain: Schema.Array(Schema.String),
    expected: Schema.optionalKey(Schema.String),
    hints: Schema.optionalKey(Schema.Array(Schema.String))
  }),
  Schema.TaggedStruct("JudgeResumption", { id: Schema.String, identity: Schema.String }),
  Schema.TaggedStruct("SetTimer", { timer: Timer, generation: Schema.Int, after: Schema.Finite }),
  Schema.TaggedStruct("ClearTimer", { timer: Timer, generation: Schema.Int }),
  Schema.TaggedStruct("Deliver", { stanza: Element, delivery: Delivery }),
  Schema.TaggedStruct("Refuse", { request: Schema.optionalKey(Schema.Int), refusal: Refusal }),
  Schema.TaggedStruct("Report", { notice: Notice }),
  Schema.TaggedStruct("EndTransport", {}),
  Schema.TaggedStruct("DropTransport", {})
])

/** @internal */
export type Proofs = [
  Proof<Drift<typeof Delivery, Actions.Delivery>>,
  Proof<Drift<typeof Refusal, Actions.Refusal>>,
  Proof<Drift<typeof Action, Actions.Action>>
]
