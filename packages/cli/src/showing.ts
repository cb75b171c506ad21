/**
 * `identity show`: explains certificates; and with `--as` or `--for` judges one as a peer with the same trust flags would,
 * by the same judge, and shows the verdict and its proof.
 */
import { Certificate, Der, type Identity, PeerJudge, Pem } from "@xmpp-e2e/certificates"
import type { Address } from "@xmpp-e2e/protocol"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as CertificateText from "./certificateText.ts"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"
import { type NamingFlag, namingOf } from "./settings.ts"
import * as Trusting from "./trusting.ts"
import * as VerdictText from "./verdictText.ts"

export interface Request extends Trusting.Flags {
  readonly files: ReadonlyArray<string>
  /** The side of TLS on which the certificate is shown. */
  readonly as: Option.Option<"server" | "client">
  /** Whom it has to be. */
  readonly for: Option.Option<string>
  /** ISO 8601; now without it. */
  readonly at: Option.Option<string>
  readonly naming: NamingFlag
  readonly json: boolean
}

export const show = Effect.fnUntraced(function*(request: Request) {
  const { as, at, for: wanted } = request
  if (Option.isSome(as) || Option.isSome(wanted)) return yield* judgeAll(request)
  if (Option.isSome(at)) return yield* usage("--at says when to judge; say whom with --for, or --as client")
  if (Trusting.isAnybody(request)) {
    return yield* usage("the --trust flags say whom to believe; say who it has to be with --for, or --as client")
  }
  yield* Effect.forEach(request.files, (file) => explain(file, request), { discard: true })
})

/** Certificates as PEM; the explanation of each. */
export const explainPem = Effect.fnUntraced(function*(
  text: string,
  naming: NamingFlag
): Effect.fn.Return<ReadonlyArray<CertificateText.Explained>, CommandFailed> {
  return yield* explainAll(yield* fromPem(text), naming)
})

const explain = Effect.fnUntraced(function*(file: string, { json, naming }: Request) {
  const explained = yield* read(file).pipe(
    Effect.flatMap((chain) => explainAll(chain, naming)),
    Effect.mapError(({ sentence }) => usage(`${file}: ${sentence}`))
  )
  for (const [index, each] of explained.entries()) {
    const name = explained.length === 1 ? file : `${file}, certificate ${index + 1} of ${explained.length}`
    yield* json
      ? Output.line(JSON.stringify({ file, ...each }))
      : Output.lines([name, ...CertificateText.lines(each)])
  }
})

const judgeAll = Effect.fnUntraced(function*(request: Request) {
  const naming = namingOf(request.naming)
  const asked = yield* questionOf(request, naming)
  const trust = yield* Trusting.load(request, naming)
  if (!Trusting.isAnybody(request)) yield* Output.remark(Trusting.nobodyIsBelieved)
  const clock = yield* clockFor(request)
  const refused: Array<string> = []
  for (const file of request.files) {
    const chain = yield* read(file).pipe(Effect.mapError(({ sentence }) => usage(`${file}: ${sentence}`)))
    const question: PeerJudge.Question = { ...asked, chain }
    // A copy for each, so that one of the files is no first use that another one meets.
    const store = yield* Trusting.copyOfStore(request)
    const judgement = yield* PeerJudge.PeerJudge.use(({ judge }) => judge(question)).pipe(
      Effect.provideService(Clock.Clock, clock),
      Effect.provide(PeerJudge.layer(trust).pipe(Layer.provide(store))),
      Effect.mapError(({ message }) => usage(message))
    )
    if (!judgement.proof.holds) refused.push(`${file}: ${judgement.verdict.code} [${judgement.verdict.rule}]`)
    const manner = { isWhole: true, ...Trusting.situation(request) }
    yield* request.json
      ? Output.line(JSON.stringify({ file, ...judgement }))
      : Output.lines([file, ...VerdictText.lines(judgement, question, manner).map((line) => `  ${line}`)])
  }
  if (refused.length > 0) {
    return yield* new CommandFailed({ code: exitCodes.notAdmitted, sentence: `not admitted: ${refused.join("; ")}` })
  }
})

/** Who sees a TLS server has called it, and wants somebody. */
const questionOf = (
  request: Request,
  naming: Address.Naming
): Effect.Effect<Omit<PeerJudge.Question, "chain">, CommandFailed> => {
  const expected = Option.getOrUndefined(request.for)
  const as = Option.getOrElse(request.as, () => "server" as const)
  if (expected === undefined && as === "server") {
    return Effect.fail(usage("--as server needs --for ADDRESS: whoever calls a server wants somebody"))
  }
  return Effect.succeed({
    role: as === "server" ? "initiator" : "recipient",
    naming,
    authenticatePeer: true,
    ...expected === undefined ? {} : { expected }
  })
}

const clockFor = Effect.fnUntraced(function*({ at }: Request): Effect.fn.Return<Clock.Clock, CommandFailed> {
  const clock = yield* Clock.Clock
  if (Option.isNone(at)) return clock
  const moment = iso8601.test(at.value) ? DateTime.make(at.value) : Option.none()
  if (Option.isNone(moment)) {
    return yield* usage(`--at ${JSON.stringify(at.value)} is no time such as 2027-03-01 or 2027-03-01T12:00:00Z`)
  }
  return stoppedAt(DateTime.toEpochMillis(moment.value), clock)
})

/** The time of day stands still; whatever is measured or waits goes on. */
export const stoppedAt = (millis: number, clock: Clock.Clock): Clock.Clock => ({
  currentTimeMillisUnsafe: () => millis,
  currentTimeMillis: Effect.succeed(millis),
  currentTimeNanosUnsafe: () => BigInt(millis) * nanosPerMilli,
  currentTimeNanos: Effect.succeed(BigInt(millis) * nanosPerMilli),
  monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
  monotonicTimeNanos: clock.monotonicTimeNanos,
  sleep: (duration) => clock.sleep(duration)
})

/** A file holds PEM, or one certificate in DER. What is in it may be malformed: that is for the judge to say. */
const read = Effect.fnUntraced(function*(file: string): Effect.fn.Return<
  Identity.Identity["chain"],
  CommandFailed,
  FileSystem.FileSystem
> {
  const fs = yield* FileSystem.FileSystem
  const bytes = yield* fs.readFile(file).pipe(Effect.mapError(({ message }) => usage(message)))
  return Result.isSuccess(Der.decode(bytes)) ? [bytes] : yield* fromPem(new TextDecoder().decode(bytes))
})

const fromPem = Effect.fnUntraced(function*(
  text: string
): Effect.fn.Return<ReadonlyArray<Uint8Array>, CommandFailed> {
  const blocks = Pem.certificates(text)
  if (blocks.length === 0) return yield* usage("there is no certificate in PEM form or in DER")
  return yield* Effect.forEach(
    blocks,
    (der) => der === undefined ? Effect.fail(usage("a certificate is not base64")) : Effect.succeed(der)
  )
})

const explainAll = (
  chain: ReadonlyArray<Uint8Array>,
  naming: NamingFlag
): Effect.Effect<ReadonlyArray<CertificateText.Explained>, CommandFailed> =>
  Effect.forEach(chain, (der) => {
    const decoded = Certificate.decode(der)
    return Result.isFailure(decoded)
      ? Effect.fail(usage(`a certificate cannot be read: ${decoded.failure.detail} [${decoded.failure.rule}]`))
      : CertificateText.explain(decoded.success, namingOf(naming))
  })

const iso8601 = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/
const nanosPerMilli = 1_000_000n
