/**
 * Chains as they come from the wire, read and judged against fixed anchors, with the answers kept (`answers.ts`).
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import type * as Der from "../Der.ts"
import type { Purpose } from "../Fault.ts"
import * as Path from "../Path.ts"
import type * as Policies from "../Policies.ts"
import * as Proof from "../Proof.ts"
import type { TrustError } from "../TrustError.ts"
import * as Answers from "./answers.ts"
import { readCertificate } from "./configured.ts"

export interface Options {
  readonly anchors: ReadonlyArray<Uint8Array>
  readonly intermediates?: ReadonlyArray<Uint8Array>
  readonly policies?: Policies.Inputs
}

export interface Found {
  readonly answer: Path.Answer
  readonly explain: () => Proof.Proof
}

export interface Finder {
  readonly anchors: ReadonlyArray<Certificate.Certificate>
  /** The leaf first. Fails when the leaf cannot be read. */
  readonly find: (
    chain: ReadonlyArray<Uint8Array>,
    purpose: Purpose,
    now: number
  ) => Effect.Effect<Der.Read<Found>>
}

export const makeFinder = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Finder, TrustError> {
  const anchors = yield* Effect.forEach(options.anchors, (each) => readCertificate(each, "anchor"))
  const known = yield* Effect.forEach(options.intermediates ?? [], (each) => readCertificate(each, "intermediate"))
  const answers = Answers.make<Der.Read<Found>>()
  const find: Finder["find"] = (chain, purpose, now) => {
    const parts = chain.slice(0, 1 + othersMax)
    const key = { parts, rest: `${purpose.peer} ${purpose.policy}` }
    const kept = answers.get(key, now)
    if (kept !== undefined) return Effect.succeed(kept)
    // The octets belong to whoever asks, who may use them again for something else.
    const own = parts.map((each) => each.slice())
    return Effect.map(judge(own, purpose, now), ({ found, until }) => {
      answers.put({ key: { ...key, parts: own }, answer: found, from: now, until })
      return found
    })
  }
  const judge = Effect.fnUntraced(function*(
    [der = nothing, ...more]: ReadonlyArray<Uint8Array>,
    purpose: Purpose,
    now: number
  ) {
    const leaf = Certificate.decode(der)
    if (Result.isFailure(leaf)) return { found: Result.fail(leaf.failure), until: Number.POSITIVE_INFINITY }
    const others = more.flatMap((each) => {
      const read = Certificate.decode(each)
      return Result.isSuccess(read) ? [read.success] : []
    })
    const intermediates = [...others, ...known]
    const { policies } = options
    const question: Path.Question = {
      leaf: leaf.success,
      intermediates,
      anchors,
      now,
      purpose,
      ...policies === undefined ? {} : { policies }
    }
    const answer = yield* Path.find(question)
    return { found: Result.succeed(remember(answer, question)), until: change([leaf.success, ...intermediates], now) }
  })
  return { anchors, find }
})

const remember = (answer: Path.Answer, question: Path.Question): Found => {
  let proof: Proof.Proof | undefined
  return { answer, explain: () => proof ??= Proof.ofPath(answer, question) }
}

/** The next moment at which one of the certificates begins or ends to be valid. */
const change = (certificates: ReadonlyArray<Certificate.Certificate>, now: number): number =>
  Math.min(
    ...certificates.flatMap(({ notAfter, notBefore }) => [notBefore, notAfter + 1000]).filter((each) => each > now)
  )

const nothing = new Uint8Array()
/** CERT-40: what a peer may send besides its own certificate. */
const othersMax = 32
