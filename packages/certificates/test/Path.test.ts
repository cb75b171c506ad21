import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Certificate from "../src/Certificate.ts"
import * as Path from "../src/Path.ts"
import { authority, commonName, make, now, type Party, year } from "./making.ts"

const find = (leaf: Party, intermediates: ReadonlyArray<Party>, anchors: ReadonlyArray<Party>) =>
  Path.find({
    leaf: leaf.certificate,
    intermediates: intermediates.map(({ certificate }) => certificate),
    anchors: anchors.map(({ certificate }) => certificate),
    now,
    purpose: { peer: "server", policy: "either" }
  })

const chain = Effect.gen(function*() {
  const root = yield* authority("Root")
  const middle = yield* authority("Middle", { issuer: root })
  return { root, middle, leaf: yield* make({ issuer: middle, subject: commonName("leaf") }) }
})

describe("find", () => {
  it.effect("CERT-40 CERT-42 the path leads from the leaf to below the anchor", () =>
    Effect.gen(function*() {
      const { leaf, middle, root } = yield* chain
      const answer = yield* find(leaf, [root, middle], [root])
      assert.deepStrictEqual(answer, {
        _tag: "Valid",
        path: [leaf.certificate, middle.certificate],
        anchor: root.certificate,
        attempts: []
      })
      const shorter = yield* find(leaf, [middle], [middle, root])
      assert.deepStrictEqual(shorter, {
        _tag: "Valid",
        path: [leaf.certificate],
        anchor: middle.certificate,
        attempts: []
      })
    }))

  it.effect("CERT-41 a key identifier that lies only sorts", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const twin = yield* authority("Root")
      const leaf = yield* make({ issuer: root })
      for (const anchors of [[twin, root], [root, twin]]) {
        assert.strictEqual((yield* find(leaf, [], anchors))._tag, "Valid")
      }
    }))

  it.effect("CERT-43 the fault reported is the one of the path that got furthest", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const other = yield* authority("Root")
      const middle = yield* authority("Middle", { issuer: root })
      const leaf = yield* make({ issuer: middle, notAfter: now - year / 2 })
      for (const anchors of [[other, root], [root, other]]) {
        assert.deepInclude(yield* find(leaf, [middle], anchors), { _tag: "Invalid", code: "expired" })
      }
    }))

  it.effect("CERT-45 without a path, what is wrong with the leaf itself comes first", () =>
    Effect.gen(function*() {
      const unknown = yield* authority("Unknown")
      assert.deepInclude(yield* find(yield* make({ issuer: unknown, notAfter: now - 1000 }), [], []), {
        code: "expired"
      })
      assert.deepInclude(yield* find(yield* make({ notAfter: now - 1000 }), [], []), { code: "expired" })
      assert.deepInclude(yield* find(yield* make({ isCa: true, keyUsage: undefined }), [], []), { code: "selfSigned" })
      assert.deepInclude(yield* find(yield* make({ issuer: unknown, isCa: true, keyUsage: undefined }), [], []), {
        code: "eeIsCa"
      })
    }))

  it.effect("CERT-45 self-issued by another key is not self-signed", () =>
    Effect.gen(function*() {
      const { pair } = yield* make()
      const other = yield* make()
      const leaf = yield* make({ pair, issuer: other, subject: other.subject })
      assert.deepInclude(yield* find(leaf, [], []), { code: "untrustedCa" })
    }))
})

describe("hostile bytes", () => {
  it.effect("CERT-30 no certificate of a path with a changed signed byte is accepted", () =>
    Effect.gen(function*() {
      const { leaf, middle, root } = yield* chain
      assert.strictEqual((yield* find(leaf, [middle], [root]))._tag, "Valid")
      let readable = 0
      const property = fc.asyncProperty(
        fc.constantFrom(leaf, middle),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (victim, at, mask) => {
          const { der, tbs } = victim.certificate
          const start = tbs.byteOffset - der.byteOffset
          const place = start + at % tbs.length
          const changed = der.map((each, index) => index === place ? each ^ mask : each)
          const read = Certificate.decode(changed)
          if (Result.isFailure(read)) return
          readable += 1
          const other = { ...victim, der: changed, certificate: read.success }
          const answer = await Effect.runPromise(
            victim === leaf ? find(other, [middle], [root]) : find(leaf, [other], [root])
          )
          expect(answer._tag).toBe("Invalid")
        }
      )
      yield* Effect.promise(() => fc.assert(property, { numRuns: 400 }))
      assert.isAbove(readable, 100)
    }))

  it.effect("CERT-40 a flood of possible issuers ends after 64 signatures", () =>
    Effect.gen(function*() {
      const root = yield* authority("Root")
      const flood: Array<Party> = []
      for (let at = 0; at < 100; at++) flood.push(yield* authority("Middle", { issuer: root }))
      const last = flood.at(-1) ?? root
      const leaf = yield* make({ issuer: { ...root, subject: last.subject } })
      assert.deepInclude(yield* find(leaf, flood, [root]), { code: "untrustedCa" })
    }))
})
