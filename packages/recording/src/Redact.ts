/**
 * A recording to be shown to others, without what people wrote and without who they are. It still replays: the reducer
 * comes to the same tags and the same states, because other names stand in the place of names (`Pseudonym`) and texts keep
 * their length.
 *
 * There are three levels:
 *
 * - `full`: as it happened
 * - `redacted`: stanzas hold only the names of elements and attributes and the lengths of texts; addresses, ids, hosts and
 *   fingerprints have other names; certificates, sentences, notes and SASL data are gone. Of what a verdict rests on, the
 *   rules stay and how each came out, and of certificates the kind of key and the days of their validity
 * - `shape`: the same, and nothing links one recording with another: a secret that nobody keeps, no date, and nothing of
 *   what a verdict rests on
 *
 * At `redacted` both sides of a stream should come to the same names without talking about it. So the secret is, unless
 * one is given, the first id that the recipient gave the stream: both hold it, no other stream has it, and in the
 * recording it is no longer found. Whoever heard it on the wire, where it goes in clear text before TLS, or has an
 * unredacted recording, can test whether an address is one he thinks of; others cannot, as long as the recipient
 * draws ids at random. A secret agreed upon keeps out those too, and shows which of several streams are of the same people.
 *
 * What stays: roles, policy, limits, timeouts and languages, TLS version and cipher, namespaces and prefixes, sizes, times
 * between steps, for how many days a certificate is still good, the number of labels of a domain, and which names are
 * equal. Whoever knows some of that anyway may recognise it.
 *
 * The bound on what waits for the negotiation (`heldBytesMax`) is compared with lengths, in which those of addresses have
 * changed: a queue filled to within a few octets a stanza may then come out otherwise.
 *
 * @since 0.1.0
 */
import type { Action, Address, Config, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Passing from "./internal/passing.ts"
import * as Heads from "./internal/veil/heads.ts"
import { lineOf } from "./internal/veil/line.ts"
import * as Steps from "./internal/veil/steps.ts"
import { drawn, named } from "./internal/veil/veil.ts"
import * as Pseudonym from "./Pseudonym.ts"
import * as Recording from "./Recording.ts"

/**
 * @since 0.1.0
 * @category models
 */
export type Level = "shape" | "redacted" | "full"

/**
 * Redacts while recording: head and steps one by one.
 *
 * @since 0.1.0
 * @category models
 */
export interface Redactor {
  readonly head: (head: Recording.Head) => Recording.Head
  readonly step: (step: Recording.Step) => Recording.Step
  /** `Recording.step` of `step` in UTF-8, faster than these two. The next line is written over it. */
  readonly octets: (step: Recording.Step) => Uint8Array
}

/**
 * `secret` is for the other names; at `shape` it is to be drawn at random and forgotten.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (
  level: Exclude<Level, "full">,
  secret: Uint8Array | string,
  naming: Address.Naming
): Redactor => {
  const veil = drawn(Pseudonym.make(secret, naming), level !== "shape")
  return {
    head: ({ config, startedAt, trust }) => {
      const believed = trust === undefined || level === "shape" ? undefined : Heads.trust(trust)
      return {
        config: Heads.config(config, veil),
        ...(startedAt === undefined || level === "shape" ? {} : { startedAt }),
        ...(believed === undefined ? {} : { trust: believed }),
        redacted: true,
        level
      }
    },
    step: (step) => {
      const event = Steps.event(step.event, veil)
      const [element, veiled] = [Passing.brought(step.event), Passing.brought(event)]
      const actions = step.actions.map((each) => {
        const action = Steps.action(each, veil)
        return veiled !== undefined && Passing.passesOn(each, element) ? Passing.passing(action, veiled) : action
      })
      return { ...step, event, actions }
    },
    octets: lineOf(veil)
  }
}

/**
 * The secret that both sides of a stream hold: the first id the recipient gave it, from the event that brings it.
 *
 * @since 0.1.0
 * @category getters
 */
export const secretOf = (role: Config.Config["role"], event: Event.Event): string | undefined => {
  const id = event._tag === "HeaderReceived"
    ? role === "initiator" ? Element.attribute(event.tag, "id") : event.freshId
    : event._tag === "InputRejected" && role === "recipient"
    ? event.freshId
    : undefined
  return id === "" ? undefined : id
}

/**
 * A whole recording. Chunks of the wire hold everything in full and are left out, and so are TLS and its secrets. Without a
 * secret, and without an id of the stream, the whole recording is the secret: its other side then gets other names. So it is
 * at `shape`, where names are to agree with nothing. What is redacted as much already stays as it is.
 *
 * @since 0.1.0
 * @category combinators
 */
export const recording = (
  recording: Recording.Recording,
  options: { readonly level?: Exclude<Level, "full">; readonly secret?: Uint8Array | string } = {}
): Recording.Recording => {
  const { level = "redacted", secret } = options
  const { head } = recording
  if (head.level === level || head.level === "shape") return recording
  const steps = Recording.steps(recording)
  const redactor = make(
    level,
    secret ?? (level === "redacted" ? sharedBy(head.config, steps) : undefined) ?? Recording.encode(recording),
    head.config.naming
  )
  return { ...recording, head: redactor.head(head), lines: steps.map(redactor.step) }
}

/**
 * An answer of the reducer to a redacted event, as it stands in a redacted recording: the names are other names already,
 * the words of the reducer itself go.
 *
 * @since 0.1.0
 * @category combinators
 */
export const action = (action: Action.Action): Action.Action => Steps.action(action, named)

const sharedBy = ({ role }: Config.Config, steps: ReadonlyArray<Recording.Step>): string | undefined => {
  for (const { event } of steps) {
    const secret = secretOf(role, event)
    if (secret !== undefined) return secret
  }
  return undefined
}
