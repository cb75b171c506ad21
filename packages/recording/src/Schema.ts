/**
 * The plain JSON codecs of what a recording holds. `protocol` owns the types and knows no schema; here the compiler is
 * asked, for every schema, whether it is the type exactly, in both directions (`internal/schema`). So the core stays free
 * of dependencies, and neither side can change alone.
 *
 * @since 0.1.0
 */
import type {
  Action as Actions,
  Config as Configs,
  Event as Events,
  Notice as Notices,
  Reason as Reasons,
  Verdict as Verdicts
} from "@xmpp-e2e/protocol"
import type { Element as Xml, Fault } from "@xmpp-e2e/xml"
import type * as Schema from "effect/Schema"
import * as action from "./internal/schema/action.ts"
import * as config from "./internal/schema/config.ts"
import * as event from "./internal/schema/event.ts"
import * as notice from "./internal/schema/notice.ts"
import * as values from "./internal/schema/values.ts"
import * as xml from "./internal/schema/xml.ts"

/**
 * An XML element, recursive. Attributes are a list of names and values, so no name (`__proto__`) means anything to
 * JavaScript.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Element: Schema.Codec<Xml.Element> = xml.Element

/**
 * The start tag of a stream as it was read (RFC 6120 §4.7).
 *
 * @since 0.1.0
 * @category schemas
 */
export const RootTag: Schema.Codec<Xml.RootTag> = xml.RootTag

/**
 * What was wrong with the bytes of the peer.
 *
 * @since 0.1.0
 * @category schemas
 */
export const XmlFault: Schema.Codec<Fault.XmlFault> = xml.XmlFault

/**
 * The configuration of a stream, durations in milliseconds unless a name says otherwise. The shape only: whether it
 * contradicts itself is `Config.make`'s to say.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Config: Schema.Codec<Configs.Config> = config.Config

/**
 * What happened: one of the tags of `Event`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Event: Schema.Codec<Events.Event> = event.Event

/**
 * What the reducer asked for: one of the tags of `Action`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Action: Schema.Codec<Actions.Action> = action.Action

/**
 * What the reducer told its own side.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Notice: Schema.Codec<Notices.Notice> = notice.Notice

/**
 * Why a stream ended.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Reason: Schema.Codec<Reasons.Reason> = values.StreamReason

/**
 * The answer to "who is at the other end?" (certificates §8).
 *
 * @since 0.1.0
 * @category schemas
 */
export const Verdict: Schema.Codec<Verdicts.Verdict> = values.Verdict
