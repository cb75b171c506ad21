import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Reference from "../src/Reference.ts"
import * as Encode from "./encode.ts"
import { dns, make } from "./making.ts"

it.effect("CERT-64 a reference to an address of IP is satisfied by an iPAddress and by nothing else", () =>
  Effect.gen(function*() {
    const address = Encode.value(0x87, Uint8Array.of(192, 0, 2, 1))
    const { certificate } = yield* make({ names: [dns("pumps.example"), dns("192.0.2.2"), address] })
    const match = (text: string) => Reference.match(certificate, { _tag: "Ip", address: text })
    assert.deepStrictEqual(["192.0.2.1", "192.0.2.2", "2001:db8::1", "pumps.example", "[pumps]", ""].map(match), [
      "matches",
      "mismatch",
      "mismatch",
      "unusable",
      "unusable",
      "unusable"
    ])
  }))
