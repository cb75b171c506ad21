/**
 * Mutants of good chains: every one is answered, soon, and none is accepted whose signed octets changed. `X509_SEED` gives
 * other mutants.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import * as Certificate from "../src/Certificate.ts"
import * as Pem from "../src/Pem.ts"
import { type Draft, write } from "./chains/draft.ts"
import { type Chain, generate, isGood } from "./chains/generate.ts"
import { type Key, makePool } from "./chains/keys.ts"
import { type Random, random } from "./chains/random.ts"
import { ways } from "./chains/ways.ts"
import { signed } from "./fabricating.ts"
import { mutate, mutateValues } from "./fuzzing/mutate.ts"
import { now, year } from "./making.ts"
import { ask, type Question, type Told } from "./proving.ts"

const seed = Number(process.env["X509_SEED"] ?? 20260115)
const mutants = 50_000
const resigned = 5000
const millisMax = 50
const triesMore = 10

interface Base {
  readonly chain: Chain
  /** What stands under a signature, and the signature, of every certificate in it. */
  readonly signed: ReadonlySet<string>
}

const signedOf = ({ signature, tbs }: Certificate.Certificate): string => `${Hex.encode(tbs)} ${Hex.encode(signature)}`

/** Good chains, one for each good way. */
const bases: Effect.Effect<ReadonlyArray<Base>> = Effect.gen(function*() {
  const pool = yield* makePool
  const chains = yield* Effect.forEach(
    ways.flatMap((way, at) => isGood(way) ? [at] : []),
    (at) => generate(pool, at + ways.length * (seed % 1000))
  )
  return chains.map((chain) => ({
    chain,
    signed: new Set(
      [chain.leaf, ...chain.untrusted].flatMap((each) =>
        Result.match(Certificate.decode(each), { onFailure: () => [], onSuccess: (read) => [signedOf(read)] })
      )
    )
  }))
})

interface Decided {
  readonly exit: Exit.Exit<Told>
  readonly millis: number
}

const timed = (question: Question): Effect.Effect<Decided> =>
  Effect.gen(function*() {
    const since = performance.now()
    const exit = yield* Effect.exit(Effect.suspend(() => ask(question)))
    return { exit, millis: performance.now() - since }
  })

/** What is slow is slow each time; once or twice, it was the machine, which is given a moment. */
const decide = Effect.fnUntraced(function*(question: Question): Effect.fn.Return<Decided> {
  let decided = yield* timed(question)
  for (let left = triesMore; left > 0 && decided.millis > millisMax; left--) {
    yield* Effect.sleep(2 * millisMax)
    decided = yield* timed(question)
  }
  return decided
})

const wrongWith = ({ exit, millis }: Decided, base: Base, isSignedAnew: boolean): string | undefined => {
  if (Exit.isFailure(exit)) return `a defect: ${exit.cause}`
  if (millis > millisMax) return `${millis} ms`
  const isStrange = exit.value.isAccepted && !isSignedAnew
    && !exit.value.path.every((each) => base.signed.has(signedOf(each)))
  return isStrange ? "accepted with other octets under a signature" : undefined
}

const show = (at: number, { anchors, leaf, untrusted }: Question): string =>
  [`seed ${seed}, mutant ${at}`, ...[leaf, ...untrusted, ...anchors].map((each) => Pem.encode("CERTIFICATE", each))]
    .join("\n")

/** Asks about mutant after mutant; the first that is answered wrongly is shown whole. */
const run = Effect.fnUntraced(function*(
  count: number,
  spoil: (base: Base, chance: Random) => Effect.Effect<Question>,
  isSignedAnew: boolean
) {
  const all = yield* bases
  const codes = new Map<string, number>()
  for (let at = 0; at < count; at++) {
    const chance = random(seed + at)
    const base = chance.pick(all)
    const question = yield* spoil(base, chance)
    const decided = yield* decide(question)
    const wrong = wrongWith(decided, base, isSignedAnew)
    if (wrong !== undefined) return { codes, wrong: `${wrong}\n${show(at, question)}` }
    const code = Exit.isSuccess(decided.exit) ? decided.exit.value.code : "defect"
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  return { codes, wrong: "" }
})

const mutant = ({ chain }: Base, chance: Random): Effect.Effect<Question> =>
  Effect.sync(() => ({ ...chain, ...mutate(chain, chance) }))

describe("mutants", () => {
  it.live(
    `CERT-20 CERT-23 CERT-30 ${mutants} mutants of good chains are answered within ${millisMax} ms, and never for another`,
    () =>
      Effect.gen(function*() {
        const { codes, wrong } = yield* run(mutants, mutant, false)
        console.log(`seed ${seed}`, Object.fromEntries(codes))
        expect(wrong).toBe("")
        // Most die as they are read; some have to get as far as the signatures, and some change nothing that counts.
        expect(codes.get("malformed") ?? 0).toBeGreaterThan(mutants / 10)
        expect((codes.get("badSignature") ?? 0) + (codes.get("untrustedCa") ?? 0)).toBeGreaterThan(mutants / 20)
        expect(codes.get("trusted") ?? 0).toBeGreaterThan(mutants / 100)
      }),
    300_000
  )

  it.live(
    `CERT-23 ${resigned} certificates that are spoilt and signed all the same are answered within ${millisMax} ms`,
    () =>
      Effect.gen(function*() {
        const { p256: [key] } = yield* makePool
        const { codes, wrong } = yield* run(resigned, (base, chance) => signAnew(base, chance, key), true)
        console.log(`seed ${seed}`, Object.fromEntries(codes))
        expect(wrong).toBe("")
        expect(codes.get("malformed") ?? 0).toBeGreaterThan(resigned / 20)
        expect(codes.get("trusted") ?? 0).toBeGreaterThan(resigned / 20)
      }),
    300_000
  )
})

/** One certificate of the chain is spoilt, and an anchor of its issuer's name signs it: it gets past the signatures. */
const signAnew = Effect.fnUntraced(function*({ chain }: Base, chance: Random, key: Key | undefined) {
  const all = [chain.leaf, ...chain.untrusted]
  const victim = chance.pick(all)
  const read = Certificate.decode(victim)
  if (key === undefined || Result.isFailure(read)) return chain
  const { issuer, tbs } = read.success
  const spoilt = yield* signed(mutateValues(tbs, chance), key.signer)
  const [leaf = chain.leaf, ...untrusted] = all.map((each) => each === victim ? spoilt : each)
  return { ...chain, leaf, untrusted, anchors: [yield* write(anchorOf(issuer.raw, key))] }
})

const anchorOf = (name: Uint8Array, key: Key): Draft => ({
  subject: name,
  issuer: name,
  key,
  signedBy: key,
  isSha1: false,
  version: 1,
  serial: 1,
  notBefore: now - year,
  notAfter: now + year,
  extensions: [],
  spoilt: {}
})
