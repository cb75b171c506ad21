/** What the two ends of a drawn session want: stanzas to send, and how to end. No harm is in here; those are faults. */
import type { Config, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Configs from "../../Configs.ts"
import type { Random } from "../../Random.ts"
import type { Cue } from "../../simulator/Simulator.ts"
import { nth } from "../nth.ts"

export const draw = (
  random: Random,
  pair: Configs.Pair
): ReadonlyArray<Cue> => [...sends(random, pair), ...ends(random)]

/** A session of stream management that the initiator may take up again. */
export const sessionOf = ({ initiator, recipient }: Configs.Pair): Event.Resumption => ({
  ...Configs.sessionOf(recipient, recipient.policy.contentNamespace),
  identity: initiator.self,
  handled: 4,
  sent: 3
})
const sends = (random: Random, pair: Configs.Pair): ReadonlyArray<Cue> =>
  Array.from({ length: random.below(10) }, (_, request): Cue => {
    const side = random.pick(["initiator", "recipient"])
    const event = { _tag: "SendRequested", request, stanza: stanzaOf(pair[side], request, random) } as const
    return random.chance(40) ? [side, event] : [side, event, random.below(3_000)]
  })

const ends = (random: Random): ReadonlyArray<Cue> => {
  const side = random.pick(["initiator", "recipient"])
  const at = random.chance(50) ? random.below(3_000) : undefined
  const timed = (...cue: readonly [Cue[0], Cue[1]]): Cue => at === undefined ? cue : [...cue, at]
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return [timed(side, "CloseRequested")]
    case 3:
      return [timed("initiator", "CloseRequested"), timed("recipient", "CloseRequested")]
    case 4:
      return [timed(side, { _tag: "FailRequested", condition: "conflict", text: "Another has come." })]
    case 5:
      return [timed("initiator", { _tag: "FailRequested", condition: "reset" }), timed("recipient", "CloseRequested")]
  }
  return []
}

/** Any stanza that is delivered as it is, with characters that try the serialiser. */
const stanzaOf = ({ policy }: Config.Config, request: number, random: Random): Element.Element => {
  const { contentNamespace } = policy
  const make = (name: string, attributes: Readonly<Record<string, string>>, children: ReadonlyArray<Element.Node>) =>
    Element.make(contentNamespace, name, attributes, children)
  switch (random.below(4)) {
    case 0:
      return make("presence", {}, [make("status", {}, [`busy & <${request}>`])])
    case 1:
      return make("iq", { type: "get", id: `q${request}` }, [Element.make("urn:xmpp:ping", "ping")])
  }
  const text = `${request}: ${nth(texts, random.next())}`
  return make("message", { type: "chat", id: `m${request}` }, [make("body", {}, [text])])
}

const texts = [
  "Good night, good night!",
  "\u{1F339} <&>'\"",
  "a\r\nb\tc",
  "]]>",
  "x".repeat(700),
  " ",
  "<stream:stream>"
]
