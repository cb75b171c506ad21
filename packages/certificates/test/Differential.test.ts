/**
 * Generated chains, by number: our answer is the one they were made for, and differs from that of OpenSSL in the listed ways
 * only.
 */
import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"
import { type Deviation, deviations, page, pagePath } from "./chains/deviations.ts"
import { type Chain, generate, isGood, show } from "./chains/generate.ts"
import { makePool } from "./chains/keys.ts"
import * as Openssl from "./chains/openssl.ts"
import { ways } from "./chains/ways.ts"
import { ask, type Told } from "./proving.ts"

/** Every way comes up this often, in shapes and with keys of its own each time. */
const rounds = 16
const first = Number(process.env["X509_SEED"] ?? 0)
const seeds = Array.from({ length: rounds * ways.length }, (_, at) => first + at)

interface Judged {
  readonly chain: Chain
  readonly told: Told
}

/** Made once, judged by both. */
const judged: Promise<ReadonlyArray<Judged>> = Effect.runPromise(Effect.gen(function*() {
  const pool = yield* makePool
  return yield* Effect.forEach(seeds, (seed) =>
    Effect.gen(function*() {
      const chain = yield* generate(pool, seed)
      return { chain, told: yield* ask(chain) }
    }))
}))

/** The ways that did not hold, and the first chain in full. */
const report = (failures: ReadonlyArray<{ readonly chain: Chain; readonly said: string }>): string => {
  const byWay = Map.groupBy(failures, ({ chain }) => chain.way.name)
  const lines = [...byWay].map(([name, each]) =>
    `${name}: ${each.length} of ${rounds}; ${
      each.slice(0, 3).map(({ chain, said }) => `seed ${chain.seed}: ${said}`).join("; ")
    }`
  )
  return [...lines, ...failures.slice(0, 1).map(({ chain }) => show(chain))].join("\n")
}

describe("generated chains", () => {
  it("CERT-30 a good chain is accepted, and one that is broken in one way is refused for it", async () => {
    const failures = (await judged).flatMap(({ chain, told }) =>
      chain.codes.includes(told.code)
        ? []
        : [{ chain, said: `${told.code} instead of ${chain.codes.join(" or ")} (${chain.shape.name})` }]
    )
    expect(report(failures)).toBe("")
  })

  it("CERT-40 the path that is accepted leads from the leaf to an anchor, each signed by the next", async () => {
    const accepted = (await judged).filter(({ told }) => told.isAccepted)
    expect(accepted.length).toBeGreaterThan(seeds.length / 8)
    for (const { chain, told: { path } } of accepted) {
      expect(path[0]?.der).toEqual(chain.leaf)
      expect(path.slice(1).map(({ subject }) => subject.comparable))
        .toEqual(path.slice(0, -1).map(({ issuer }) => issuer.comparable))
    }
  })
})

describe("beside OpenSSL", () => {
  it.skipIf(Openssl.version === undefined)(
    "CERT-30 we differ from openssl verify -x509_strict in the listed ways only (needs the openssl program)",
    async () => {
      const ours = await judged
      const theirs = await Openssl.verify(ours.map(({ chain }) => chain))
      const seen = new Set<Deviation>()
      const failures = ours.flatMap(({ chain, told }, at) => {
        const { isAccepted, text } = theirs[at] ?? { isAccepted: false, text: "no answer" }
        if (isAccepted === told.isAccepted) return []
        const found = deviations.find(({ accepts, covers }) => (accepts === "we") === told.isAccepted && covers(chain))
        if (found === undefined) return [{ chain, said: `we say ${told.code}, OpenSSL says ${text}` }]
        seen.add(found)
        return []
      })
      expect(report(failures)).toBe("")
      // A row that nothing needs is dead. Other versions may have mended what this one gets wrong.
      const dead = deviations.filter((each) => !seen.has(each)).map(({ what }) => what)
      expect(Openssl.version?.startsWith("OpenSSL 3.0.") === true ? dead : []).toEqual([])
    }
  )

  it("CERT-30 the documentation has the same list", () => {
    expect(readFileSync(pagePath, "utf8")).toBe(page())
  })
})

describe("the list", () => {
  it("has good ways and broken ways, and each way once", () => {
    expect(new Set(ways.map(({ name }) => name)).size).toBe(ways.length)
    expect(ways.filter(isGood).length).toBeGreaterThan(50)
    expect(ways.filter((each) => !isGood(each)).length).toBeGreaterThan(100)
  })
})
