/**
 * `simulate`: sessions of two endpoints on the simulated network of the test kit, one for each seed, judged by all of its
 * rules. The first that breaks one is made small and written down.
 */
import { Describe } from "@xmpp-e2e/protocol"
import { Recording } from "@xmpp-e2e/recording"
import { Fault, Hunt, Link, Plan, Simulator, type Subject } from "@xmpp-e2e/testkit"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import { parse } from "node:path"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import { fileWords } from "./fileWords.ts"
import * as Output from "./output.ts"
import { nameOf } from "./recordingReads.ts"
import { loadStep } from "./reducerModule.ts"

export interface Request {
  readonly seed: number
  readonly runs: number
  readonly faults: string
  readonly reducer: Option.Option<string>
  readonly out: Option.Option<string>
  readonly json: boolean
}

export const simulate = Effect.fnUntraced(
  function*(request: Request): Effect.fn.Return<void, CommandFailed, FileSystem.FileSystem> {
    const choice = { faults: yield* kindsOf(request.faults) }
    if (request.runs < 1) return yield* usage(`--runs ${request.runs}: at least one session is needed`)
    const subject: Subject.Subject = Option.isSome(request.reducer)
      ? yield* Effect.map(loadStep(request.reducer.value), ({ step }) => ({ step }))
      : {}
    const began = yield* Clock.currentTimeMillis
    const tally = emptyTally()
    const found = yield* hunt(request, choice, subject, tally).pipe(
      Effect.onInterrupt(() => Output.remark(`interrupted; ${summary(tally)}, all rules kept so far`))
    )
    const millis = (yield* Clock.currentTimeMillis) - began
    if (found === undefined) {
      return yield* Output.line(
        request.json
          ? JSON.stringify({ outcome: "kept", seed: request.seed, ...tally, millis })
          : `${summary(tally)}, ${(millis / 1_000).toFixed(1)} s: all rules kept`
      )
    }
    yield* Output.remark(`seed ${found.plan.seed} breaks ${Simulator.sentence(found.breach)}; making it smaller`)
    const small = yield* shrunk(found, subject)
    const files = Option.isSome(request.out) ? yield* write(small, request.out.value) : []
    yield* request.json
      ? Output.line(
        JSON.stringify({ outcome: "broken", seed: found.plan.seed, ...tally, millis, ...told(small), files })
      )
      : Output.line(Simulator.transcript(small.session))
    return yield* new CommandFailed({
      code: exitCodes.failed,
      sentence:
        `seed ${found.plan.seed} breaks ${Simulator.sentence(small.breach)}, seen after ${small.steps} steps of ` +
        `both ends; ${files.length === 0 ? "--out FILE keeps the recordings" : `recorded in ${files.join(" and ")}`}`
    })
  }
)

interface Tally {
  sessions: number
  steps: number
  /** How often each kind of fault happened. */
  readonly faults: Record<string, number>
  /** The states that initiators ended in. */
  readonly rests: Record<string, number>
}

const emptyTally = (): Tally => ({ sessions: 0, steps: 0, faults: {}, rests: {} })

const summary = ({ faults, rests, sessions, steps }: Tally): string =>
  `${sessions} sessions (${counted(rests)}) of ${steps} steps, with ${counted(faults) || "no faults"}`

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).sort().map(([what, count]) => `${count} ${what}`).join(", ")

const count = (tally: Tally, { plan, session: { initiator, recipient } }: Hunt.Attempt): void => {
  tally.sessions += 1
  tally.steps += initiator.trace.length + recipient.trace.length
  const rest = initiator.state()._tag
  tally.rests[rest] = (tally.rests[rest] ?? 0) + 1
  for (const { kind } of plan.faults) tally.faults[kind] = (tally.faults[kind] ?? 0) + 1
}

const hunt = Effect.fnUntraced(function*(
  { runs, seed }: Request,
  choice: Plan.Choice,
  subject: Subject.Subject,
  tally: Tally
): Effect.fn.Return<Hunt.Finding | undefined, CommandFailed> {
  let remarked = yield* Clock.currentTimeMillis
  for (let run = 0; run < runs; run++) {
    const attempt = yield* guarded(() => Hunt.attempt(Plan.draw(seed + run, choice), subject))
    count(tally, attempt)
    const finding = Hunt.finding(attempt)
    if (finding !== undefined) return finding
    if (run % batch !== 0) continue
    yield* breathe
    const now = yield* Clock.currentTimeMillis
    if (now - remarked < progressMillis) continue
    remarked = now
    yield* Output.remark(`${tally.sessions} of ${runs} sessions`)
  }
  return undefined
})

const shrunk = Effect.fnUntraced(
  function*(found: Hunt.Finding, subject: Subject.Subject): Effect.fn.Return<Hunt.Finding, CommandFailed> {
    const tries = Hunt.shrinking(found, subject)
    let best = found
    for (let run = 0;; run++) {
      const next = yield* guarded(() => tries.next())
      if (next.done === true) return best
      best = next.value
      if (run % batch === 0) yield* breathe
    }
  }
)

/** Signals and output get their turn between sessions, which wait for nothing by themselves. */
const breathe = Effect.sleep(0)

/** A reducer that is on trial may throw. */
const guarded = <A>(run: () => A): Effect.Effect<A, CommandFailed> =>
  Effect.try({
    try: run,
    catch: (thrown) =>
      new CommandFailed({
        code: exitCodes.failed,
        sentence: `the reducer throws, which none may: ${Describe.clean(String(thrown))}`
      })
  })

/** The end to blame goes to `file`, the other one beside it. */
const write = Effect.fnUntraced(
  function*(
    finding: Hunt.Finding,
    file: string
  ): Effect.fn.Return<ReadonlyArray<string>, CommandFailed, FileSystem.FileSystem> {
    const fs = yield* FileSystem.FileSystem
    const kept = Hunt.recordings(finding)
    const other = Link.otherOf(kept.culprit)
    const { dir, ext, name } = parse(file)
    const beside = `${dir === "" ? "" : `${dir}/`}${name}.${other}${ext}`
    for (const [path, recording] of [[file, kept[kept.culprit]], [beside, kept[other]]] as const) {
      yield* fs.writeFileString(path, Recording.encode(recording)).pipe(
        Effect.mapError((error) => usage(`the recording ${nameOf(path)} cannot be written: ${fileWords(error)}`))
      )
    }
    return [file, beside]
  }
)

const told = ({ breach, plan, steps }: Hunt.Finding) => ({ breach, shrunk: { steps, plan } })

const kindsOf = (list: string): Effect.Effect<ReadonlyArray<Fault.Kind>, CommandFailed> => {
  if (list === "all") return Effect.succeed(Fault.kinds)
  if (list === "none") return Effect.succeed([])
  const wanted = list.split(",").map((name) => name.trim())
  const strange = wanted.find((name) => !Fault.kinds.some((kind) => kind === name))
  return strange === undefined
    ? Effect.succeed(Fault.kinds.filter((kind) => wanted.includes(kind)))
    : usage(`--faults: there is no fault "${strange}"; there are ${Fault.kinds.join(", ")}`)
}

const batch = 20
const progressMillis = 2_000
