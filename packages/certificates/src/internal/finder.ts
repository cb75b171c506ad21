/**
 * Chains as they come from the wire, read and judged against fixed anchors, with the answers kept (`answers.ts`).
 *
 * @internal
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import type * as Crl from "../Crl.ts"
import type * as Der from "../Der.ts"
import type { Purpose } from "../Fault.ts"
import * as Fingerprint from "../Fingerprint.ts"
import * as Path from "../Path.ts"
import type * as Policies from "../Policies.ts"
import * as Proof from "../Proof.ts"
import type * as Revocation from "../Revocation.ts"
import type { TrustError } from "../TrustError.ts"
import * as Answers from "./answers.ts"
import { readCertificate, readCrl } from "./configured.ts"

export interface Options {
  /** DER. Their names, their keys, and the limits that they set to names count (CERT-42). */
  readonly anchors: ReadonlyArray<Uint8Array>
  /** DER. A path may lead through them besides those that come with the chain (CERT-40). */
  readonly intermediates?: ReadonlyArray<Uint8Array>
  /** RFC 5280 §6.1.1 (c), (e) to (g). By default any policy will do, and none. */
  readonly policies?: Policies.Inputs
  /** CRLs, DER (RFC 5280 §5). */
  readonly crls?: ReadonlyArray<Uint8Array>
  /** CERT-51: what happens when nobody knows whether a certificate is revoked. Default `soft`. */
  readonly revocation?: Revocation.Mode
}

export interface Shown {
  /** DER, the leaf first. */
  readonly chain: ReadonlyArray<Uint8Array>
  readonly purpose: Purpose
  /** OCSPResponse, DER. */
  readonly ocspStaple?: Uint8Array
}

export interface Found {
  readonly answer: Path.Answer
  readonly explain: () => Proof.Proof
}

export interface Finder {
  readonly anchors: ReadonlyArray<Certificate.Certificate>
  /** Fails when the leaf cannot be read. */
  readonly find: (shown: Shown, now: number) => Effect.Effect<Der.Read<Found>>
}

export const makeFinder = Effect.fnUntraced(function*(options: Options): Effect.fn.Return<Finder, TrustError> {
  const anchors = yield* Effect.forEach(options.anchors, (each) => readCertificate(each, "anchor"))
  const known = yield* Effect.forEach(options.intermediates ?? [], (each) => readCertificate(each, "intermediate"))
  const crls = yield* Effect.forEach(options.crls ?? [], readCrl)
  const mode = options.revocation ?? "soft"
  const { policies } = options
  const answers = Answers.make<Der.Read<Found>>()
  const questionOf = (
    { ocspStaple, purpose }: Shown,
    [leaf, ...others]: Readonly<NonEmpty<Certificate.Certificate>>,
    now: number
  ): Path.Question => ({
    leaf,
    intermediates: [...others, ...known],
    anchors,
    now,
    purpose,
    revocation: {
      mode,
      evidence: { crls, issuers: [...known, ...others], ...ocspStaple === undefined ? {} : { staple: ocspStaple } }
    },
    ...policies === undefined ? {} : { policies }
  })
  const judge = Effect.fnUntraced(function*(shown: Shown, now: number) {
    const [der = nothing, ...more] = shown.chain
    const leaf = Certificate.decode(der)
    if (Result.isFailure(leaf)) return { found: Result.fail(leaf.failure), until: Number.POSITIVE_INFINITY }
    const question = questionOf(shown, [leaf.success, ...more.flatMap(readable)], now)
    const answer = yield* Path.find(question)
    const prints = yield* printsOf(answer)
    return { found: Result.succeed(remember(answer, question, prints)), until: nextChange(answer, question, crls) }
  })
  return {
    anchors,
    find: (shown, now) => {
      const key = keyOf(shown)
      const kept = answers.get(key, now)
      if (kept !== undefined) return Effect.succeed(kept)
      // The octets belong to whoever asks, who may use them again for something else.
      const [staple = nothing, ...chain] = key.parts.map((each) => each.slice())
      const own = { ...shown, chain, ...shown.ocspStaple === undefined ? {} : { ocspStaple: staple } }
      return Effect.map(judge(own, now), ({ found, until }) => {
        answers.put({ key: keyOf(own), answer: found, from: now, until })
        return found
      })
    }
  }
})

const keyOf = ({ chain, ocspStaple = nothing, purpose }: Shown): Answers.Key => ({
  parts: [ocspStaple, ...chain.slice(0, 1), ...othersOf(chain)],
  rest: `${purpose.peer} ${purpose.policy}`
})

/** CERT-40: of what a peer sends besides its own certificate, as much as is looked at. */
export const othersOf = (chain: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> => {
  let octets = 0
  return chain.slice(1, 1 + othersMax).filter(({ length }) => (octets += length) <= othersOctetsMax)
}

const readable = (der: Uint8Array): ReadonlyArray<Certificate.Certificate> => {
  const read = Certificate.decode(der)
  return Result.isSuccess(read) ? [read.success] : []
}

const remember = (answer: Path.Answer, question: Path.Question, prints: Proof.Prints): Found => {
  let proof: Proof.Proof | undefined
  return { answer, explain: () => proof ??= Proof.ofPath(answer, question, prints) }
}

/** Of all certificates that the proof speaks of. */
const printsOf = (answer: Path.Answer): Effect.Effect<Proof.Prints> => {
  const tried = [answer, ...answer.attempts].flatMap((each) => "path" in each ? [...each.path, each.anchor] : [])
  const certificates = [...new Set(tried)].flatMap((each) => each ?? [])
  return Effect.map(
    Effect.forEach(certificates, (each) => Effect.map(Fingerprint.sha256(each.der), (print) => [each, print] as const)),
    (all) => new Map(all)
  )
}

/**
 * The next moment at which the answer may be another one: something begins or ends to be valid, or has to be asked again.
 * The last second of everything counts to its end, so what is asked within it holds until then.
 */
const nextChange = (answer: Path.Answer, question: Path.Question, crls: ReadonlyArray<Crl.Crl>): number => {
  const { intermediates, leaf, now, revocation } = question
  const isStapled = revocation?.evidence.staple !== undefined
  const asked = [answer, ...answer.attempts].flatMap((each) => "revocation" in each ? [each.revocation] : [])
  const isSettled = !isStapled || asked.every((each) => each?.statuses[0]?._tag === "Good")
  const moments = [
    ...[leaf, ...intermediates].flatMap(({ notAfter, notBefore }) => [notBefore, notAfter + 1000]),
    ...crls.flatMap(({ nextUpdate = 0, thisUpdate }) => [thisUpdate, nextUpdate, nextUpdate + 1000]),
    ...asked.flatMap((each) => each?.askAgainAt === undefined ? [] : [each.askAgainAt, each.askAgainAt + 1000])
  ]
  return isSettled ? Math.min(...moments.filter((each) => each > now)) : now
}

type NonEmpty<A> = [A, ...Array<A>]

const nothing = new Uint8Array()
const othersMax = 128
const othersOctetsMax = 1 << 20
