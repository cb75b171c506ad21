/**
 * Sessions worth simulating, drawn from a seed: who meets, over what link, and what they are told to do. Three kinds, by
 * what may happen to them.
 *
 * @since 0.1.0
 */
import type { Config, Event } from "@xmpp-e2e/protocol"
import { Element } from "@xmpp-e2e/xml"
import * as Configs from "../Configs.ts"
import { nth } from "../internal/nth.ts"
import * as Random from "../Random.ts"
import type * as Link from "./Link.ts"
import type { Cue, Options } from "./Simulator.ts"

/**
 * Any pair of configurations, any chunks from one byte up, any jitter that a person would bear, sends at any time, and
 * either end closing or failing at any time. Nothing goes wrong but what the two want.
 *
 * @since 0.1.0
 * @category constructors
 */
export const calm = (seed: number): Options => {
  const random = Random.make(seed)
  const pair = random.chance(50) ? Configs.friends(random) : Configs.pair(random)
  return {
    seed,
    pair,
    link: linkOf(random),
    script: [...sends(random, pair), ...ends(random)],
    sessions: random.chance(50) ? [sessionOf(pair)] : []
  }
}

/**
 * One to three things go wrong: a direction stands still, the connection breaks at some byte or ends by halves, TLS fails
 * or is never answered, a judge lies or sleeps, a clock leaps, something is said behind a footer, one end aborts.
 *
 * @since 0.1.0
 * @category constructors
 */
export const stormy = (seed: number): Options => {
  const random = Random.make(seed)
  let options = calm(random.next())
  for (let harms = 1 + random.below(3); harms > 0; harms--) {
    options = nth(storms, random.next())(options, random, random.pick(["initiator", "recipient"]))
  }
  return { ...options, seed }
}

/**
 * Somebody in the middle changes what is said: features are stripped, bytes are removed, and words of his own put in.
 *
 * @since 0.1.0
 * @category constructors
 */
export const meddled = (seed: number): Options => {
  const random = Random.make(seed)
  const options = calm(random.next())
  const middle = Array.from({ length: 1 + random.below(3) }, (): Link.Meddling => {
    const from = random.pick(["initiator", "recipient"])
    if (random.chance(30)) return { from, strip: random.pick(["starttls", "mechanisms"]) }
    return {
      from,
      at: random.chance(50) ? nth(cuts, random.next()) + random.below(8) : random.below(1_200),
      remove: random.chance(50) ? 0 : random.between([1, 12]),
      insert: random.chance(30) ? "" : nth(insertions, random.next())
    }
  })
  return { ...options, seed, link: { ...options.link, middle } }
}

/**
 * Words that only somebody in the middle would say.
 *
 * @since 0.1.0
 * @category constants
 */
export const mallory = "It is I, Romeo."

const linkOf = (random: Random.Random): Partial<Link.Options> => ({
  latency: random.pick<Random.Range>([[0, 0], [1, 5], [1, 200], [50, 60]]),
  chunk: random.pick<Random.Range>([[1, 1], [1, 4], [1, 40], [20, 400], [1, 4_000]]),
  coalesce: random.pick([0, 50, 90]),
  abrupt: random.pick([0, 50])
})

const sends = (random: Random.Random, pair: Configs.Pair): ReadonlyArray<Cue> =>
  Array.from({ length: random.below(10) }, (_, request): Cue => {
    const side = random.pick(["initiator", "recipient"])
    const event = { _tag: "SendRequested", request, stanza: stanzaOf(pair[side], request, random) } as const
    return random.chance(40) ? [side, event] : [side, event, random.below(3_000)]
  })

const ends = (random: Random.Random): ReadonlyArray<Cue> => {
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
const stanzaOf = ({ policy }: Config.Config, request: number, random: Random.Random): Element.Element => {
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

const sessionOf = ({ initiator, recipient }: Configs.Pair): Event.Resumption => ({
  ...Configs.sessionOf(recipient, recipient.policy.contentNamespace),
  identity: initiator.self,
  handled: 4,
  sent: 3
})

type Storm = (options: Options, random: Random.Random, side: Link.Side) => Options

const withLink = (options: Options, link: Partial<Link.Options>): Options => ({
  ...options,
  link: { ...options.link, ...link }
})

const storms: ReadonlyArray<Storm> = [
  (options, random, from) =>
    withLink(options, { stall: { from, at: random.below(2_000), millis: random.between([1_000, 200_000]) } }),
  (options, random, from) => withLink(options, { reset: { from, at: random.below(2_000) } }),
  (options, random, from) => withLink(options, { halfClose: { from, at: random.below(2_000) } }),
  (options, random, side) => ({
    ...options,
    tls: { ...options.tls, [side]: random.pick(["fails", "silent", "plaintext"]) }
  }),
  (options, random, side) => ({
    ...options,
    judges: { ...options.judges, [side]: { manner: random.pick(["trusting", "strict", "absent"]) } }
  }),
  (options, random, side) => ({
    ...options,
    judges: { ...options.judges, [side]: { millis: [0, random.between([1_000, 150_000])] } }
  }),
  (options, random, side) => ({
    ...options,
    leap: { side, at: random.below(3_000), millis: random.between([1_000, 400_000]) }
  }),
  (options, random, side) => ({
    ...options,
    afterFooter: { ...options.afterFooter, [side]: nth(insertions, random.next()) }
  }),
  (options, random, side) => ({
    ...options,
    script: [...options.script ?? [], [side, "AbortRequested", random.below(3_000)]]
  })
]

const insertions = [
  " ",
  "<message xmlns='jabber:client'><body>" + mallory + "</body></message>",
  "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
  "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>",
  "<!-- nothing -->",
  "</stream:stream>",
  "\u0000",
  "<"
]

/** Where elements of a negotiation end as a rule. */
const cuts = [100, 210, 240, 250, 260, 310, 330, 380]
