import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as AuthorityTrust from "../src/AuthorityTrust.ts"
import * as Chain from "../src/Chain.ts"
import * as CustomTrust from "../src/CustomTrust.ts"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as PinStore from "../src/PinStore.ts"
import * as PinTrust from "../src/PinTrust.ts"
import { TrustError } from "../src/TrustError.ts"
import * as TrustModel from "../src/TrustModel.ts"

const junk = Uint8Array.of(0x30, 0)
const errorOf = <A>(effect: Effect.Effect<A, TrustError>): Promise<TrustError> => Effect.runPromise(Effect.flip(effect))
const built = <A>(layer: Layer.Layer<A, TrustError>): Promise<TrustError> => errorOf(Effect.scoped(Layer.build(layer)))
const pins = (options: PinTrust.Options) => built(Layer.provide(PinTrust.layer(options), PinStore.layerMemory()))
const pin = {
  address: "mira@tansy",
  naming: "jid",
  certificate: "ab".repeat(32),
  key: "",
  firstSeen: "",
  how: "manual"
} as const

describe("a configuration that cannot be used", () => {
  it.each([
    ["CERT-37 an anchor", "anchor", () => built(AuthorityTrust.layer({ anchors: [junk] }))],
    ["CERT-37 an anchor of a chain", "anchor", () => errorOf(Chain.validator({ anchors: [junk] }))],
    [
      "CERT-40 an intermediate",
      "intermediate",
      () => built(AuthorityTrust.layer({ anchors: [], intermediates: [junk] }))
    ],
    ["CERT-50 a CRL", "crl", () => built(AuthorityTrust.layer({ anchors: [], crls: [junk] }))],
    ["CERT-92 a fingerprint", "fingerprint", () => pins({ fingerprints: ["ab:cd"] })],
    ["CERT-83 a pin", "pin", () => pins({ pins: [{ ...pin, certificate: "ab" }] })],
    [
      "CERT-104 a function",
      "custom",
      () =>
        built(
          Layer.provide(PeerJudge.layerOf(TrustModel.custom("members")), CustomTrust.layer({ others: () => never }))
        )
    ]
  ])("%s is an error that says what to correct", async (_, reason, make) => {
    const error = await make()
    expect(error).toBeInstanceOf(TrustError)
    expect(error.reason).toBe(reason)
    expect(error.message).toBe(error.detail)
    expect(error.message).toMatch(/^\S.{20,}[^.]$/)
  })

  it("CERT-37 one bad part among good ones leaves nothing", async () => {
    const exit = await Effect.runPromiseExit(Chain.validator({ anchors: [], intermediates: [], crls: [junk] }))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("CERT-104 the missing function is named", async () => {
    expect((await built(Layer.provide(PeerJudge.layerOf(TrustModel.custom("members")), CustomTrust.layer({})))).message)
      .toContain("\"members\"")
  })
})

const never = Effect.never
