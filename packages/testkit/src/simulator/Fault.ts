/**
 * What can go wrong with a session, as data: a list of faults can be written down, drawn from a seed, chosen by kind, and
 * made shorter when a failure needs only some of them. What a fault does is `Simulator.Options` to say.
 *
 * @since 0.1.0
 */
import { nth } from "../internal/nth.ts"
import type { Random, Range } from "../Random.ts"
import type { Side } from "./Link.ts"
import type { Options } from "./Simulator.ts"

/**
 * One way in which the world hurts. Places are bytes that a side writes, times are milliseconds since the beginning, and
 * `millis` is how long.
 *
 * - `chunking`, `latency`, `abrupt`: a link as links are; no harm to the stream
 * - `stall`: one direction stands still from a byte on; `silence`: nothing of it arrives any more; `half-close`: it ends
 *   there; `cut`: the connection breaks there
 * - `lying-judge` believes everybody or nobody, `absent-judge` never answers, `slow-judge` takes its time
 * - `tls-failure`: a side refuses the handshake or never answers in it; `plaintext`: it goes on in XML
 * - `injection`: somebody in the middle takes bytes out and puts words in; `strip`: he takes away a feature
 * - `clock-jump`: the clock of one side leaps, backwards when negative
 * - `after-footer`: a side goes on behind its footer; `abort`: it gives up
 *
 * @since 0.1.0
 * @category models
 */
export type Fault =
  | { readonly kind: "chunking"; readonly size: Range; readonly coalesce: number }
  | { readonly kind: "latency"; readonly millis: Range }
  | { readonly kind: "abrupt"; readonly percent: number }
  | { readonly kind: "stall"; readonly from: Side; readonly at: number; readonly millis: number }
  | { readonly kind: "silence"; readonly from: Side; readonly at: number }
  | { readonly kind: "half-close"; readonly from: Side; readonly at: number }
  | { readonly kind: "cut"; readonly from: Side; readonly at: number }
  | { readonly kind: "lying-judge"; readonly side: Side; readonly manner: "trusting" | "strict" }
  | { readonly kind: "absent-judge"; readonly side: Side }
  | { readonly kind: "slow-judge"; readonly side: Side; readonly millis: number }
  | { readonly kind: "tls-failure"; readonly side: Side; readonly manner: "fails" | "silent" }
  | { readonly kind: "plaintext"; readonly side: Side }
  | {
    readonly kind: "injection"
    readonly from: Side
    readonly at: number
    readonly remove: number
    readonly insert: string
  }
  | { readonly kind: "strip"; readonly from: Side; readonly feature: "starttls" | "mechanisms" }
  | { readonly kind: "clock-jump"; readonly side: Side; readonly at: number; readonly millis: number }
  | { readonly kind: "after-footer"; readonly side: Side; readonly text: string }
  | { readonly kind: "abort"; readonly side: Side; readonly at: number }

/**
 * @since 0.1.0
 * @category models
 */
export type Kind = Fault["kind"]

/**
 * Links as they are: late, in pieces, and rude when they end.
 *
 * @since 0.1.0
 * @category constants
 */
export const rough: ReadonlyArray<Kind> = ["chunking", "latency", "abrupt"]

/**
 * What the world does to a session.
 *
 * @since 0.1.0
 * @category constants
 */
export const harmful: ReadonlyArray<Kind> = [
  "stall",
  "silence",
  "half-close",
  "cut",
  "lying-judge",
  "absent-judge",
  "slow-judge",
  "tls-failure",
  "plaintext",
  "clock-jump",
  "after-footer",
  "abort"
]

/**
 * What somebody in the middle does.
 *
 * @since 0.1.0
 * @category constants
 */
export const meddling: ReadonlyArray<Kind> = ["injection", "strip"]

/**
 * All there are.
 *
 * @since 0.1.0
 * @category constants
 */
export const kinds: ReadonlyArray<Kind> = [...rough, ...harmful, ...meddling]

/**
 * Any fault of a kind.
 *
 * @since 0.1.0
 * @category constructors
 */
export const draw = (kind: Kind, random: Random): Fault => draws[kind](random, random.pick(["initiator", "recipient"]))

/**
 * A session with one fault more. A second stall, silence, cut, half-close, jump, chunking, latency or abruptness takes the place of
 * the first, and so does what a side's judge, TLS or footer does; the others add up.
 *
 * @since 0.1.0
 * @category combinators
 */
export const add = (options: Options, fault: Fault): Options => {
  switch (fault.kind) {
    case "chunking":
      return withLink(options, { chunk: fault.size, coalesce: fault.coalesce })
    case "latency":
      return withLink(options, { latency: fault.millis })
    case "abrupt":
      return withLink(options, { abrupt: fault.percent })
    case "stall":
      return withLink(options, { stall: fault })
    case "silence":
      return withLink(options, { mute: fault })
    case "half-close":
      return withLink(options, { halfClose: fault })
    case "cut":
      return withLink(options, { reset: fault })
    case "lying-judge":
      return withJudge(options, fault.side, { manner: fault.manner })
    case "absent-judge":
      return withJudge(options, fault.side, { manner: "absent" })
    case "slow-judge":
      return withJudge(options, fault.side, { millis: [fault.millis, fault.millis] })
    case "tls-failure":
      return { ...options, tls: { ...options.tls, [fault.side]: fault.manner } }
    case "plaintext":
      return { ...options, tls: { ...options.tls, [fault.side]: "plaintext" } }
    case "injection":
      return withLink(options, { middle: [...options.link?.middle ?? [], fault] })
    case "strip":
      return withLink(options, { middle: [...options.link?.middle ?? [], { from: fault.from, strip: fault.feature }] })
    case "clock-jump":
      return { ...options, leap: fault }
    case "after-footer":
      return { ...options, afterFooter: { ...options.afterFooter, [fault.side]: fault.text } }
    case "abort":
      return { ...options, script: [...options.script ?? [], [fault.side, "AbortRequested", fault.at]] }
  }
}

/**
 * Words that only somebody in the middle would say.
 *
 * @since 0.1.0
 * @category constants
 */
export const mallory = "It is I, Romeo."

const withLink = (options: Options, link: Options["link"]): Options => ({
  ...options,
  link: { ...options.link, ...link }
})

const withJudge = (
  options: Options,
  side: Side,
  judge: NonNullable<NonNullable<Options["judges"]>[Side]>
): Options => ({ ...options, judges: { ...options.judges, [side]: { ...options.judges?.[side], ...judge } } })

const draws: { readonly [K in Kind]: (random: Random, side: Side) => Fault } = {
  chunking: (random) => ({
    kind: "chunking",
    size: random.pick<Range>([[1, 1], [1, 4], [1, 40], [20, 400], [1, 4_000]]),
    coalesce: random.pick([0, 50, 90])
  }),
  latency: (random) => ({ kind: "latency", millis: random.pick<Range>([[0, 0], [1, 5], [1, 200], [50, 60]]) }),
  abrupt: () => ({ kind: "abrupt", percent: 50 }),
  stall: (random, from) => ({
    kind: "stall",
    from,
    at: random.below(placeMax),
    millis: random.between([1_000, 200_000])
  }),
  silence: (random, from) => ({ kind: "silence", from, at: random.below(placeMax) }),
  "half-close": (random, from) => ({ kind: "half-close", from, at: random.below(placeMax) }),
  cut: (random, from) => ({ kind: "cut", from, at: random.below(placeMax) }),
  "lying-judge": (random, side) => ({ kind: "lying-judge", side, manner: random.pick(["trusting", "strict"]) }),
  "absent-judge": (_, side) => ({ kind: "absent-judge", side }),
  "slow-judge": (random, side) => ({ kind: "slow-judge", side, millis: random.below(150_000) }),
  "tls-failure": (random, side) => ({ kind: "tls-failure", side, manner: random.pick(["fails", "silent"]) }),
  plaintext: (_, side) => ({ kind: "plaintext", side }),
  injection: (random, from) => ({
    kind: "injection",
    from,
    at: random.chance(50) ? nth(ends, random.next()) + random.below(8) : random.below(1_200),
    remove: random.chance(50) ? 0 : random.between([1, 12]),
    insert: random.chance(30) ? "" : nth(insertions, random.next())
  }),
  strip: (random, from) => ({ kind: "strip", from, feature: random.pick(["starttls", "mechanisms"]) }),
  "clock-jump": (random, side) => ({
    kind: "clock-jump",
    side,
    at: random.below(3_000),
    millis: random.chance(20) ? -random.between([1_000, 60_000]) : random.between([1_000, 400_000])
  }),
  "after-footer": (random, side) => ({ kind: "after-footer", side, text: nth(insertions, random.next()) }),
  abort: (random, side) => ({ kind: "abort", side, at: random.below(3_000) })
}

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
const ends = [100, 210, 240, 250, 260, 310, 330, 380]

const placeMax = 2_000
