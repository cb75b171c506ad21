/**
 * `replay ONE --diff OTHER`: the first step at which two recordings differ; with `--sides`, whether what one side of a
 * session sent is what the other received. Both files are read side by side and nothing is kept; for the sides they are
 * read twice, once for each direction.
 */
import { Describe } from "@xmpp-e2e/protocol"
import { Compare, type Recording } from "@xmpp-e2e/recording"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { asFailure, each, head, nameOf, steps, type Unreadable } from "./recordingReads.ts"

export interface Pair {
  readonly one: string
  readonly other: string
  readonly json: boolean
}

type Comparing = Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem>

export const diff = Effect.fnUntraced(function*({ json, one, other }: Pair): Comparing {
  const heads = yield* both(one, other)
  const where = Compare.heads(...heads)
  if (where !== undefined) {
    yield* Output.line(
      json
        ? JSON.stringify({ outcome: "different", where })
        : `the configurations differ first in ${where.map(clean).join(".")}`
    )
  }
  const first = yield* Stream.zip(ended(steps(one)), ended(steps(other))).pipe(
    Stream.map(([a, b]) => parting(a, b)),
    Stream.filter((each) => each !== undefined),
    Stream.runHead,
    Effect.mapError(asFailure)
  )
  if (Option.isSome(first)) {
    yield* Output.line(json ? JSON.stringify({ outcome: "different", ...first.value }) : partingText(one, first.value))
  } else if (where === undefined) return yield* Output.line(json ? `{"outcome":"same"}` : "the recordings say the same")
  return yield* different("the two recordings differ")
})

export const sides = Effect.fnUntraced(function*({ json, one, other }: Pair): Comparing {
  const [first, second] = yield* both(one, other)
  if (first.config.role === second.config.role) {
    return yield* usage(`both are recordings of the ${first.config.role}; --sides needs one of each side`)
  }
  if (first.redacted !== second.redacted || first.level !== second.level) {
    return yield* usage("the recordings are not redacted alike: what they hold cannot be compared")
  }
  if (first.level === "shape") {
    return yield* usage(
      "at level shape each side has names of its own, so that nothing can be compared; --record-level redacted gives both the same"
    )
  }
  let agreed = true
  for (const [from, to, by] of [[one, other, first], [other, one, second]] as const) {
    const found = yield* Effect.mapError(direction(from, to), asFailure)
    if (found.outcome !== "agreed") agreed = false
    const sender = by.config.role
    yield* Output.line(json ? JSON.stringify({ sender, ...found }) : directionText(sender, found))
  }
  if (!agreed) return yield* different("what was sent is not what was received")
})

const both = (one: string, other: string) => Effect.mapError(Effect.all([head(one), head(other)]), asFailure)

const different = (sentence: string): CommandFailed => new CommandFailed({ code: exitCodes.failed, sentence })

/** The first step that only one has, or that both have and not alike. */
interface Parting {
  readonly seq: number
  /** The path to the first difference; absent when one of them has ended. */
  readonly where?: ReadonlyArray<string>
  readonly one?: Recording.Step
  readonly other?: Recording.Step
}

const parting = (one: Recording.Step | undefined, other: Recording.Step | undefined): Parting | undefined => {
  if (one === undefined) return other === undefined ? undefined : { seq: other.seq, other }
  if (other === undefined) return { seq: one.seq, one }
  const where = Compare.steps(one, other)
  return where === undefined ? undefined : { seq: one.seq, where, one, other }
}

const partingText = (file: string, { one, other, seq, where }: Parting): string =>
  where === undefined
    ? `step ${seq} is in one of them only: ${
      one === undefined ? `${nameOf(file)} has ended` : "the other has ended"
    }\n` +
      [one, other].flatMap((step) => step === undefined ? [] : [`  ${stepText(step)}`]).join("\n")
    : `the recordings part at step ${seq}, first in ${where.map(clean).join(".")}\n` +
      [one, other].flatMap((step) => step === undefined ? [] : [`  ${stepText(step)}`]).join("\n")

const stepText = ({ actions, event, state }: Recording.Step): string =>
  `${Describe.event(event)}  => ${Describe.actions(actions)}  -> ${clean(state)}`

/**
 * How one direction went; `unheard` is sent when the receiver had stopped listening, which is nobody's fault. `cut` when
 * one of the recordings leaves steps out (`gap`), or ends before its stream did (`end`), so that nothing after that could
 * be compared.
 */
interface Direction {
  readonly outcome: "agreed" | "missing" | "changed" | "extra"
  /** How many parts were the same before that. */
  readonly parts: number
  readonly unheard?: Compare.Crossing
  readonly cut?: "gap" | "end"
  readonly mismatch?: Compare.Mismatch
}

const direction = Effect.fnUntraced(
  function*(from: string, to: string): Effect.fn.Return<Direction, Unreadable, FileSystem.FileSystem> {
    let isDeaf = false
    let hasGap = false
    let parts = 0
    const ends = new Map<string, string>()
    const known = (file: string) =>
      Stream.takeWhile(steps(file), (step) => {
        hasGap ||= Compare.isAfterGap(step)
        ends.set(file, step.state)
        return !Compare.isAfterGap(step)
      })
    const sent = ended(each(known(from), Compare.sent))
    const received = ended(each(known(to), (step) => {
      isDeaf ||= Compare.deafens(step)
      return Compare.received(step)
    }))
    const first = yield* Stream.zip(sent, received).pipe(
      Stream.map(([ours, theirs]) => {
        const mismatch = Compare.pair(ours, theirs)
        if (mismatch === undefined && ours !== undefined) parts += 1
        return mismatch
      }),
      Stream.filter((mismatch) => mismatch !== undefined),
      Stream.runHead
    )
    if (Option.isNone(first)) return { outcome: "agreed", parts }
    const mismatch = first.value
    if (mismatch._tag !== "Changed" && hasGap) return { outcome: "agreed", parts, cut: "gap" }
    if (mismatch._tag === "Missing" && isDeaf) return { outcome: "agreed", parts, unheard: mismatch.sent }
    // The one that said no more may have been killed: then nobody knows what else it sent or received.
    const silent = mismatch._tag === "Missing" ? to : from
    if (mismatch._tag !== "Changed" && ends.get(silent) !== "Closed") return { outcome: "agreed", parts, cut: "end" }
    return { outcome: outcomes[mismatch._tag], parts, mismatch }
  }
)

const outcomes = { Missing: "missing", Changed: "changed", Extra: "extra" } as const

const directionText = (sender: string, { cut, mismatch, parts, unheard }: Direction): string => {
  const before = `sent by the ${sender}: ${parts} received as sent`
  if (cut === "gap") return `${before}; then a recording leaves steps out, and the rest cannot be compared`
  if (cut === "end") return `${before}; then a recording ends before its stream did, and the rest cannot be compared`
  if (unheard !== undefined) {
    return `${before}; from ${crossing(unheard)} on the other side had stopped listening`
  }
  switch (mismatch?._tag) {
    case undefined:
      return before
    case "Missing":
      return `${before}, then missing: ${crossing(mismatch.sent)} was never received`
    case "Extra":
      return `${before}, then extra: ${crossing(mismatch.received)} was received and never sent`
    case "Changed":
      return `${before}, then changed, first in ${mismatch.where.map(clean).join(".")}:\n` +
        `  sent     ${crossing(mismatch.sent)}\n  received ${crossing(mismatch.received)}`
  }
}

const crossing = ({ part, seq }: Compare.Crossing): string => {
  switch (part._tag) {
    case "Header":
      return `the header (step ${seq})`
    case "Element":
      return `${Describe.element(part.element)} (step ${seq})`
    case "Footer":
      return `the footer (step ${seq})`
  }
}

/** Followed by one `undefined`, so that pairs go on until the longer one has ended. */
const ended = <A, E, R>(stream: Stream.Stream<A, E, R>): Stream.Stream<A | undefined, E, R> =>
  Stream.concat(stream, Stream.succeed(undefined))

const clean = (text: string): string => Describe.clean(text)
