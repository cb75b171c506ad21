/**
 * Vectors of other people's suites, read from beside the repository. Where they are not, our own generated chains are asked
 * instead, and the name of the test says so. `pnpm x509-report` prints the whole report.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { generate } from "./chains/generate.ts"
import { makePool } from "./chains/keys.ts"
import { ways } from "./chains/ways.ts"
import { byFeature, byGroup, disagreements, isFalseAccept, judge, type Outcome, table } from "./vectors/report.ts"
import { areThere, fromChain, read, type Vector } from "./vectors/vector.ts"

const generated: Effect.Effect<ReadonlyArray<Vector>> = Effect.flatMap(
  makePool,
  (pool) => Effect.forEach(ways, (_, seed) => Effect.map(generate(pool, seed), fromChain))
)

const outcomes = Effect.runPromise(
  Effect.flatMap(areThere ? Effect.succeed(undefined) : generated, (own) => judge(own ?? read()))
)

interface Score {
  readonly name: string
  readonly groups: ReadonlyArray<string>
  /** The least that is good enough, from 0 to 1. */
  readonly agreement: number
  readonly mayAcceptWrongly: boolean
  readonly millisMax: number
}

const anyTime = Number.POSITIVE_INFINITY

const outside: ReadonlyArray<Score> = [
  {
    name: "CERT-30 core and soft: nothing is accepted that must not be, and 99.5 % agree",
    groups: ["core", "soft"],
    agreement: 0.995,
    mayAcceptWrongly: false,
    millisMax: anyTime
  },
  {
    name: "CERT-50 crl: 95 % agree",
    groups: ["crl"],
    agreement: 0.95,
    mayAcceptWrongly: true,
    millisMax: anyTime
  },
  {
    name: "CERT-40 dos: each is decided within a second",
    groups: ["dos"],
    agreement: 0,
    mayAcceptWrongly: true,
    millisMax: 1000
  },
  {
    name: "CERT-30 contested and profile: each is decided, whichever way",
    groups: ["contested", "profile"],
    agreement: 0,
    mayAcceptWrongly: true,
    millisMax: anyTime
  }
]

const inside: ReadonlyArray<Score> = [{
  name: "CERT-30 there are no vectors beside the repository: our own generated chains only, and 99.5 % agree",
  groups: ["generated"],
  agreement: 0.995,
  mayAcceptWrongly: false,
  millisMax: anyTime
}]

describe("vectors", () => {
  it.each(areThere ? outside : inside)("$name", async ({ agreement, groups, mayAcceptWrongly, millisMax }) => {
    const some = (await outcomes).filter(({ vector }) => groups.includes(vector.group))
    const wrong = disagreements(some)
    console.log([table(byGroup(some)), table(byFeature(some)), ...wrong].join("\n"))
    expect(some.length).toBeGreaterThan(0)
    expect(mayAcceptWrongly ? [] : disagreements(some.filter(isFalseAccept))).toEqual([])
    expect(1 - wrong.length / some.length >= agreement ? [] : wrong).toEqual([])
    expect(await slowAgain(some, millisMax)).toEqual([])
  })
})

/** What was slow once may have met a busy machine. */
const slowAgain = async (some: ReadonlyArray<Outcome>, millisMax: number): Promise<ReadonlyArray<string>> => {
  const slow = some.filter(({ millis }) => millis >= millisMax).map(({ vector }) => vector)
  const again = await Effect.runPromise(judge(slow))
  return again.filter(({ millis }) => millis >= millisMax).map(({ millis, vector }) => `${vector.id}: ${millis} ms`)
}
