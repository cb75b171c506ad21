import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Pin } from "../src/Pin.ts"
import * as PinStore from "../src/PinStore.ts"

const pin: Pin = {
  address: "mira@tansy",
  naming: "jid",
  certificate: "ab",
  key: "cd",
  firstSeen: "2026-01-01T00:00:00Z",
  how: "manual"
}
const other: Pin = { ...pin, certificate: "ef" }
const remember = (each: Pin) => PinStore.PinStore.use((store) => store.remember(each))

describe("the store in memory", () => {
  it.effect("CERT-84 finds by address and naming, and by either hash", () =>
    Effect.gen(function*() {
      const store = yield* PinStore.PinStore
      yield* remember(other)
      assert.deepStrictEqual(yield* store.find({ address: "mira@tansy", naming: "jid" }), [pin, other])
      assert.deepStrictEqual(yield* store.find({ address: "mira@tansy", naming: "linkLocal" }), [])
      assert.deepStrictEqual(yield* store.findByFingerprint("ef"), [other])
      assert.deepStrictEqual(yield* store.findByFingerprint("cd"), [pin, other])
      assert.deepStrictEqual(yield* store.findByFingerprint("00"), [])
    }).pipe(Effect.provide(PinStore.layerMemory([pin]))))

  it.effect("CERT-85 keeps what was there, and the same pin only once", () =>
    Effect.gen(function*() {
      yield* remember({ ...pin, how: "firstUse" })
      yield* remember({ ...pin, naming: "linkLocal" })
      const store = yield* PinStore.PinStore
      assert.deepStrictEqual(yield* store.findByFingerprint("ab"), [pin, { ...pin, naming: "linkLocal" }])
    }).pipe(Effect.provide(PinStore.layerMemory([pin]))))

  it.effect("CERT-85 who comes first gets all the addresses, and whoever comes later none of them", () =>
    Effect.gen(function*() {
      const store = yield* PinStore.PinStore
      const more = (each: Pin): ReadonlyArray<Pin> => [{ ...each, address: "teo@linden" }, each]
      assert.deepStrictEqual(yield* store.rememberFirst(more(other), "certificate"), [pin])
      assert.deepStrictEqual(yield* store.find({ address: "teo@linden", naming: "jid" }), [])
      assert.deepStrictEqual(yield* store.rememberFirst(more(other), "key"), [], "a renewal with the same key")
      assert.deepStrictEqual(yield* store.rememberFirst(more(pin), "certificate"), more(other).slice(0, 1))
      const linkLocal = more({ ...pin, naming: "linkLocal" })
      assert.deepStrictEqual(yield* store.rememberFirst(linkLocal, "certificate"), [])
      assert.deepStrictEqual(yield* store.findByFingerprint("ab"), [pin, ...linkLocal])
    }).pipe(Effect.provide(PinStore.layerMemory([pin]))))

  it.effect("CERT-85 a person sees all pins, and removes those of an address, or of one certificate for it", () =>
    Effect.gen(function*() {
      const store = yield* PinStore.PinStore
      const elsewhere = [{ ...pin, naming: "linkLocal" }, { ...pin, address: "teo@linden" }] as const
      for (const each of [other, ...elsewhere]) yield* remember(each)
      assert.deepStrictEqual(yield* store.all, [pin, other, ...elsewhere])
      assert.deepStrictEqual(yield* store.forget({ address: "mira@tansy", naming: "jid", certificate: "00" }), [])
      assert.deepStrictEqual(yield* store.forget({ address: "mira@tansy", naming: "jid", certificate: "ab" }), [pin])
      assert.deepStrictEqual(yield* store.all, [other, ...elsewhere])
      yield* remember(pin)
      assert.deepStrictEqual(yield* store.forget({ address: "mira@tansy", naming: "jid" }), [other, pin])
      assert.deepStrictEqual(yield* store.all, elsewhere)
      assert.deepStrictEqual(yield* store.rememberFirst([other], "certificate"), [], "the next one is the first")
    }).pipe(Effect.provide(PinStore.layerMemory([pin]))))

  it("SASL-36 an error says what is wrong", () => {
    const error = new PinStore.PinStoreError({ reason: "unwritable", detail: "the disk is full" })
    assert.strictEqual(error.message, "the store of pins is unwritable: the disk is full")
  })
})
