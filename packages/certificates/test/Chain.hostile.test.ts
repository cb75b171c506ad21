/** Chains of a peer's making: what they cost, and what is remembered of them. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Chain from "../src/Chain.ts"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, make, now } from "./making.ts"
import * as Revoking from "./revoking.ts"

const { day } = Revoking
const purpose = { peer: "server", policy: "either" } as const

describe("a validator", () => {
  it.effect("CERT-54 believes a staple no longer because it was asked about in its last second", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const leaf = yield* make({ issuer: root })
      const responder = yield* make({ issuer: root, extKeyUsage: [oids.ocspSigning], notAfter: now + day })
      const certificates = [responder.der]
      const staples = {
        "the staple is over": yield* Revoking.ocsp(root, { about: [{ ...leaf, nextUpdate: now + day }] }),
        "and would have been": yield* Revoking.ocsp(root, {
          about: [{ ...leaf, thisUpdate: now, nextUpdate: undefined }]
        }),
        "its delegate is": yield* Revoking.ocsp(root, {
          about: [{ ...leaf, nextUpdate: now + 6 * day }],
          responder,
          certificates
        })
      }
      for (const [why, ocspStaple] of Object.entries(staples)) {
        const validator = yield* Chain.validator({ anchors: [root.der], revocation: "hard" })
        const at = (now: number) =>
          Effect.map(validator.validate({ chain: [leaf.der], ocspStaple, purpose, now }), ({ _tag }) => _tag)
        const tags = yield* Effect.forEach([0, day, day + 999, day + 1000, 2 * day], (later) => at(now + later))
        assert.deepStrictEqual(tags, ["Accepted", "Accepted", "Accepted", "Refused", "Refused"], why)
      }
    }))

  it.effect("CERT-40 looks at as much of a chain as it has time for", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root })
      const leaf = yield* make({ issuer: middle })
      const validator = yield* Chain.validator({ anchors: [root.der] })
      for (const size of [7000, 1_000_000]) {
        const more = [Fabricating.extension("1.2.3.4", false, Encode.octetString(new Uint8Array(size)))]
        const big = yield* authority("Big", { issuer: root, more })
        // They differ in their last octet alone.
        const bigs = Array.from({ length: 127 }, (_, at) => big.der.slice().fill(at, -1))
        const start = performance.now()
        const near = yield* validator.validate({ chain: [leaf.der, middle.der, ...bigs], purpose, now })
        const far = yield* validator.validate({ chain: [leaf.der, ...bigs, middle.der], purpose, now })
        assert.isBelow(performance.now() - start, 1000)
        assert.strictEqual(near._tag, "Accepted")
        assert.strictEqual(far._tag, size === 7000 ? "Accepted" : "Refused", "a megabyte is enough")
      }
    }))
})
