/** Any event at any time: names, addresses and elements nobody would think of, built from a seed. */
import { Condition, Namespace, State } from "@xmpp-e2e/protocol"
import type { Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Random from "../Random.ts"
import * as choices from "./choices.ts"
import * as facts from "./facts.ts"
import { menuOf } from "./forward.ts"
import { nth } from "./nth.ts"

/**
 * A third of the events no menu holds, a third is from the menu, at the wrong time as a rule; and a third is what the
 * state waits for, because few would get past the door without.
 */
export const anyEvent = (state: State.State, seed: number, seq: number): Event.Event => {
  const random = Random.make(seed)
  switch (random.below(3)) {
    case 0:
      return nth(menuOf(state, State.label(state)), random.below(4))(state, seq)
    case 1:
      return nth(choices.everything, random.next())(state, seq)
  }
  return nth(strange, random.next())(random, state, seq)
}

type Strange = (random: Random.Random, state: State.State, seq: number) => Event.Event

const strange: ReadonlyArray<Strange> = [
  (random, _, seq) => ({
    _tag: "ElementReceived",
    element: anyElement(random, 2),
    ...(random.chance(10) ? { prefixed: true } : {}),
    ...(random.chance(10) ? { headerPrefixed: true } : {}),
    ...(random.chance(20) ? { freshId: facts.freshId(seq) } : {})
  }),
  (random, _, seq) => ({
    _tag: "HeaderReceived",
    freshId: facts.freshId(seq),
    ...(random.chance(10) ? { overloaded: true } : {}),
    tag: {
      name: random.chance(80) ? "stream" : nth(names, random.next()),
      namespace: random.chance(80) ? Namespace.stream : nth(namespaces, random.next()),
      prefix: random.chance(80) ? "stream" : "",
      attributes: anyAttributes(random),
      declarations: random.chance(80) ? [] : [{ prefix: "", namespace: nth(namespaces, random.next()) }]
    }
  }),
  (random, _, seq) => ({ _tag: "SendRequested", request: seq, stanza: anyElement(random, 2) }),
  (random) => ({
    _tag: "FailRequested",
    condition: nth(Condition.conditions, random.next()),
    ...(random.chance(50) ? { text: nth(texts, random.next()) } : {}),
    ...(random.chance(20) ? { host: nth(texts, random.next()) } : {})
  }),
  (random, { config }) => ({
    _tag: "PeerJudged",
    verdict: {
      ...nth(facts.verdicts, random.next())(config),
      decision: random.chance(80) ? "accept" : "reject",
      strength: nth(["pki", "pinned", "firstUse", "none"] as const, random.next()),
      authorised: Array.from({ length: random.below(3) }, () => nth(texts, random.next()))
    }
  }),
  (random, { generation }) => ({
    _tag: "TimerFired",
    timer: nth(choices.timers, random.next()),
    generation: random.chance(50) ? random.below(generation + 2) : random.next()
  }),
  (random) => ({
    _tag: "ResumptionJudged",
    resumption: {
      id: nth(texts, random.next()),
      identity: nth(texts, random.next()),
      handled: random.next(),
      sent: random.next(),
      unacknowledged: Array.from({ length: random.below(3) }, () => anyElement(random, 1))
    }
  })
]

const anyElement = (random: Random.Random, depth: number): Element.Element => ({
  name: nth(names, random.next()),
  namespace: nth(namespaces, random.next()),
  attributes: anyAttributes(random),
  children: depth === 0 ? [] : Array.from(
    { length: random.below(3) },
    () => random.chance(30) ? nth(texts, random.next()) : anyElement(random, depth - 1)
  )
})

const anyAttributes = (random: Random.Random): ReadonlyArray<Element.Attribute> => {
  const chosen = new Set(Array.from({ length: random.below(4) }, () => nth(attributeNames, random.next())))
  return [...chosen].map((name) => ({
    name,
    ...(random.chance(5) ? { namespace: Element.xmlNamespace } : {}),
    value: nth(texts, random.next())
  }))
}

const attributeNames = [
  "to",
  "from",
  "id",
  "type",
  "version",
  "h",
  "previd",
  "resume",
  "mechanism",
  "lang",
  "__proto__"
]

const namespaces = [
  Namespace.client,
  Namespace.stream,
  Namespace.tls,
  Namespace.sasl,
  Namespace.management,
  Namespace.server,
  Namespace.streamErrors,
  Namespace.ping,
  "",
  "urn:example:new"
]

const names = [
  ..."message presence iq features error starttls proceed failure auth response challenge success abort".split(" "),
  ..."enable enabled failed resume resumed r a sm ping body mechanisms mechanism required constructor stream".split(" ")
]

const texts = [
  "",
  "1.0",
  "0",
  "4294967295",
  "true",
  "EXTERNAL",
  "=",
  "get",
  "result",
  "error",
  "romeo@montague.example",
  "juliet@capulet.example/balcony",
  "romeo@forza",
  "juliet@pronto",
  "*.example",
  "@",
  "a@b@c",
  "\u{1F339} <&>'\"\r\n\t",
  "\uD800",
  "\u0000",
  "x".repeat(1100),
  "en",
  "constructor"
]
