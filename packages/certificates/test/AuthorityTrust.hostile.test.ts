/** What authorities grant. The rows of the matrix are in `Matrix.names.test.ts` and `Matrix.paths.test.ts`. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as oids from "../src/internal/oids.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { authority, commonName, dns, judge, make, now } from "./making.ts"
import * as Revoking from "./revoking.ts"

const onlyPumps = Fabricating.extension(
  oids.nameConstraints,
  true,
  Encode.sequence(Encode.explicit(0, Encode.sequence(dns("pumps.example"))))
)

it.effect("CERT-63 a Common Name names nobody under an authority that may not certify every name", () =>
  Effect.gen(function*() {
    const root = yield* authority("Root")
    const [free, limited] = [
      yield* authority("Free", { issuer: root }),
      yield* authority("Limited", { issuer: root, more: [onlyPumps] })
    ]
    const trust = { legacyCommonName: true }
    for (const [issuer, code] of [[free, "trusted"], [limited, "noIdentity"]] as const) {
      const leaf = yield* make({ issuer, subject: commonName("valves.example") })
      const anchored = yield* judge({ chain: [leaf], expected: "valves.example", anchors: [issuer], trust })
      assert.strictEqual(anchored.code, code)
      const dialled = yield* judge({ chain: [leaf, issuer], expected: "valves.example", anchors: [root], trust })
      assert.strictEqual(dialled.code, code)
      const dialling = yield* judge({ chain: [leaf, issuer], anchors: [root], trust })
      assert.strictEqual(dialling.code, code)
    }
  }))

it.effect("CERT-54 who is admitted in the last second of a staple has no time left, and none that is owed", () =>
  Effect.gen(function*() {
    const root = yield* authority("Root")
    const leaf = yield* make({ issuer: root, names: [dns("pumps.example")] })
    const ocspStaple = yield* Revoking.ocsp(root, { about: [{ ...leaf, nextUpdate: now }] })
    const scene = { chain: [leaf], expected: "pumps.example", anchors: [root], ocspStaple }
    const verdict = yield* judge({ ...scene, trust: { revocation: "hard" }, at: now + 999 })
    assert.deepInclude(verdict, { code: "trusted", expiresIn: 0 })
  }))
