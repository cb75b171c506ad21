/**
 * Two ends, a link between them, and a clock that stands still: one seed is one session. The reader, the serialiser and
 * the reducer are the real ones.
 *
 * @since 0.1.0
 */
import { Describe } from "@xmpp-e2e/protocol"
import type { Event } from "@xmpp-e2e/protocol"
import { label } from "@xmpp-e2e/protocol/State"
import * as Recording from "@xmpp-e2e/recording/Recording"
import * as Configs from "../Configs.ts"
import * as Judge from "../internal/simulator/judge.ts"
import * as rules from "../internal/simulator/rules.ts"
import * as Random from "../Random.ts"
import * as Chunks from "./Chunks.ts"
import * as Clock from "./Clock.ts"
import * as Endpoint from "./Endpoint.ts"
import type * as FakeTls from "./FakeTls.ts"
import * as Link from "./Link.ts"
import type { Subject } from "./Subject.ts"

/**
 * What a session is made of. Everything but the seed has a calm default; each field below `script` is one way in which the
 * world can hurt. Durations in milliseconds.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options extends Subject {
  readonly seed: number
  readonly pair?: Configs.Pair
  readonly script?: ReadonlyArray<Cue>
  readonly link?: Partial<Link.Options>
  readonly tls?: Partial<Record<Link.Side, FakeTls.Manner>>
  readonly judges?: Partial<Record<Link.Side, JudgeOptions>>
  /** Bytes behind a footer. */
  readonly afterFooter?: Partial<Record<Link.Side, string>>
  /** The clock of one end leaps forward. */
  readonly leap?: { readonly side: Link.Side; readonly at: number; readonly millis: number }
  /** The session store of the recipient. */
  readonly sessions?: ReadonlyArray<Event.Resumption>
}

/**
 * A rule that a session breaks: the id of a law or of a property of the state machine, the end and the index of its step
 * where there is one to blame, and a sentence.
 *
 * @since 0.1.0
 * @category models
 */
export interface Breach {
  readonly rule: string
  readonly side?: Link.Side
  readonly at?: number
  readonly because: string
}

/**
 * How a judge answers, and how long it takes.
 *
 * @since 0.1.0
 * @category models
 */
export interface JudgeOptions {
  readonly manner?: Judge.Manner
  readonly millis?: Random.Range
}

/**
 * What one side is told to do, and when; without a time, as soon as nothing else happens any more.
 *
 * @since 0.1.0
 * @category models
 */
export type Cue = readonly [side: Link.Side, what: Bare | Event.LocalEvent, at?: number]

/**
 * Local events without particulars, by name.
 *
 * @since 0.1.0
 * @category models
 */
export type Bare = Exclude<
  Event.LocalEvent["_tag"],
  "SendRequested" | "FailRequested" | "EnableRequested"
>

/**
 * What became of a session.
 *
 * @since 0.1.0
 * @category models
 */
export interface Session {
  readonly options: Options
  readonly pair: Configs.Pair
  readonly initiator: Endpoint.Endpoint
  readonly recipient: Endpoint.Endpoint
  /** The time on the virtual clock when everything was said. */
  readonly millis: number
  /** Nothing happens any more but keepalives. */
  readonly isAtRest: boolean
}

/**
 * Runs a session until it is at rest: both ends closed, or both established with nothing on its way and nothing left to do.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = (options: Options): Session => {
  const random = Random.make(options.seed)
  const clock = Clock.make()
  const pair = options.pair ?? Configs.pair(random.fork())
  const link = Link.make(clock, random.fork(), { ...Link.calm, ...options.link })
  const initiator = Endpoint.make(endOf("initiator", options, pair, clock, random.fork(), link))
  const recipient = Endpoint.make(endOf("recipient", options, pair, clock, random.fork(), link))
  const ends = { initiator, recipient }
  const later: Array<Cue> = []
  let timed = 0
  for (const cue of options.script ?? []) {
    const [side, what, at] = cue
    if (at === undefined) later.push(cue)
    else {
      timed += 1
      clock.after(at, () => {
        timed -= 1
        ends[side].tell(eventOf(what))
      })
    }
  }
  const { leap } = options
  if (leap !== undefined) clock.after(leap.at, () => ends[leap.side].leap(leap.millis))
  for (const end of [initiator, recipient]) clock.after(0, () => end.tell({ _tag: "TransportOpened" }))

  const isQuiet = (): boolean => timed === 0 && link.isQuiet() && [initiator, recipient].every(isSettled)
  for (let turns = 0; turns < turnsMax && clock.now() < millisMax; turns++) {
    if (turns > 1 && isQuiet()) {
      const cue = later.shift()
      if (cue === undefined) break
      ends[cue[0]].tell(eventOf(cue[1]))
    } else if (!clock.next()) break
  }
  return { options, pair, initiator, recipient, millis: clock.now(), isAtRest: isQuiet() && later.length === 0 }
}

/**
 * What is wrong with a session, each rule that it breaks. Which rules apply depends on what was done to it: a link that
 * breaks excuses a stream that does not end in good order, and nothing excuses a stream below the policy.
 *
 * @since 0.1.0
 * @category getters
 */
export const breaches = (session: Session): ReadonlyArray<Breach> => rules.breaches(session)

/**
 * The same as `breaches`, a sentence for each.
 *
 * @since 0.1.0
 * @category getters
 */
export const complaints = (session: Session): ReadonlyArray<string> => breaches(session).map(sentence)

/**
 * A breach for people.
 *
 * @since 0.1.0
 * @category formatting
 */
export const sentence = ({ at, because, rule, side }: Breach): string =>
  `${rule}${side === undefined ? "" : ` of ${side}`}${at === undefined ? "" : ` at step ${at}`}: ${because}`

/**
 * The law `chunks` (P-20) on both ends of a session: whole, byte by byte, and in pieces of any size.
 *
 * @since 0.1.0
 * @category getters
 */
export const chunks = (session: Session): ReadonlyArray<string> =>
  [Chunks.whole, Chunks.bytewise, Chunks.atRandom(Random.make(session.options.seed))]
    .flatMap((cut) => chunkBreaches(session, cut)).map(sentence)

/**
 * The law `chunks` (P-20) on both ends of a session, for one way to cut.
 *
 * @since 0.1.0
 * @category getters
 */
export const chunkBreaches = (session: Session, cut: Chunks.Cut): ReadonlyArray<Breach> => rules.chunks(session, cut)

/**
 * One end of a session as a recording, bytes and all, to be kept with the others and replayed (P-21). No action asked for
 * what an end writes behind its footer on order (`afterFooter`), which `Reread` will say.
 *
 * @since 0.1.0
 * @category conversions
 */
export const recording = (session: Session, side: Link.Side): Recording.Recording => {
  const { chunks, times, trace } = session[side]
  const lines: Array<Recording.Line> = []
  let told = 0
  const tell = (until: number): void => {
    for (let chunk = chunks[told]; chunk !== undefined && chunk.after <= until; chunk = chunks[++told]) {
      lines.push(Recording.makeWire(chunk.direction, times[until] ?? times.at(-1) ?? 0, chunk.bytes))
    }
  }
  trace.forEach(({ actions, after, event }, seq) => {
    tell(seq)
    lines.push({ seq, at: times[seq] ?? 0, event, actions, state: label(after) })
  })
  tell(trace.length)
  return {
    head: { config: session.pair[side], note: `simulated, seed ${session.options.seed}, ${side}` },
    lines
  }
}

/**
 * Everything that somebody needs to see a failure again: the seed, the options, and a line for each step of both ends.
 *
 * @since 0.1.0
 * @category formatting
 */
export const transcript = ({ initiator, options, pair, recipient }: Session): string => {
  const told = ([["initiator", initiator], ["recipient", recipient]] as const).flatMap(([side, end]) =>
    end.trace.map((step, at) => ({
      time: end.times[at] ?? 0,
      line: `${side.padEnd(9)} ${Describe.step(label(step.before), step.event, step.actions)}`
    }))
  ).sort((one, other) => one.time - other.time)
  return [
    `seed ${options.seed}`,
    JSON.stringify({ ...options, pair: undefined, laws: undefined }),
    `initiator ${JSON.stringify(pair.initiator)}`,
    `recipient ${JSON.stringify(pair.recipient)}`,
    ...told.map(({ line, time }) => `${time.toString().padStart(8)} ${line}`)
  ].join("\n")
}

const endOf = (
  side: Link.Side,
  options: Options,
  pair: Configs.Pair,
  clock: Clock.Clock,
  random: Random.Random,
  link: Link.Link
): Endpoint.Options => {
  const config = pair[side]
  const { manner = "honest", millis = [0, 20] } = options.judges?.[side] ?? {}
  const afterFooter = options.afterFooter?.[side]
  return {
    config,
    side,
    clock,
    random,
    open: (listener) => link.port(side, listener),
    tls: { manner: options.tls?.[side] ?? "honest", chain: Judge.chainOf(config) },
    judge: (question) =>
      manner === "absent"
        ? undefined
        : { verdict: Judge.verdictOf(manner, config, question), after: random.between(millis) },
    sessions: options.sessions ?? [],
    ...(afterFooter === undefined ? {} : { afterFooter }),
    ...(options.step === undefined ? {} : { step: options.step }),
    ...(options.shell === undefined ? {} : { shell: options.shell }),
    ...(options.reader === undefined ? {} : { reader: options.reader })
  }
}

/** Established with nothing under way, or closed. */
const isSettled = (end: Endpoint.Endpoint): boolean => {
  const state = end.state()
  if (!end.isQuiet()) return false
  return state._tag === "Closed" || (state._tag === "Established" && state.session.resuming === undefined)
}

const eventOf = (what: Bare | Event.LocalEvent): Event.LocalEvent => typeof what === "string" ? { _tag: what } : what

const turnsMax = 200_000
const millisMax = 3_600_000
