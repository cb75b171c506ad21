import { describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as PeerJudge from "../src/PeerJudge.ts"
import * as Pem from "../src/Pem.ts"
import type { Pin } from "../src/Pin.ts"
import * as PinStore from "../src/PinStore.ts"
import * as Trust from "../src/Trust.ts"
import { TrustError } from "../src/TrustError.ts"

const pin: Pin = {
  address: "mira@tansy",
  naming: "jid",
  certificate: "ab".repeat(32),
  key: "",
  firstSeen: "",
  how: "manual"
}
const reasonOf = (options: Partial<Trust.Trust>) =>
  Layer.build(Layer.provide(PeerJudge.layer(Trust.make(options)), PinStore.layerMemory())).pipe(
    Effect.as("built"),
    Effect.catch((error) => Effect.succeed(error.reason)),
    Effect.scoped,
    Effect.runPromise
  )

describe("trust", () => {
  it("CERT-86 believes nobody unless told", () => {
    expect(Trust.make({})).toEqual(Trust.nobody)
    expect(Trust.nobody).toMatchObject({
      anchors: [],
      fingerprints: [],
      pins: [],
      firstUse: "reject",
      purpose: "either",
      legacyCommonName: false
    })
    expect(Trust.make({ firstUse: "ask" })).toEqual({ ...Trust.nobody, firstUse: "ask" })
  })

  it("CERT-37 what cannot be read is an error, not a smaller trust", async () => {
    expect(await reasonOf({ anchors: [Uint8Array.of(1)] })).toBe("anchor")
    expect(await reasonOf({ intermediates: [Uint8Array.of(1)] })).toBe("intermediate")
    expect(await reasonOf({ fingerprints: ["ab"] })).toBe("fingerprint")
    expect(await reasonOf({ pins: [{ ...pin, certificate: "ab" }] })).toBe("pin")
    expect(await reasonOf({ pins: [{ ...pin, key: "ab" }] })).toBe("pin")
    expect(await reasonOf({ pins: [{ ...pin, address: "@" }] })).toBe("pin")
    expect(await reasonOf({ pins: [pin], fingerprints: ["AB:".repeat(32)] })).toBe("built")
  })

  it("CERT-37 reads anchors from PEM, all of them or none", () => {
    const [one, two] = [Uint8Array.of(1), Uint8Array.of(2)]
    const good = Pem.encode("CERTIFICATE", one) + Pem.encode("CERTIFICATE", two)
    expect(Trust.certificatesFromPem(good)).toEqual(Result.succeed([one, two]))
    const bad = ["", "text", `${good}-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n`].map(
      Trust.certificatesFromPem
    )
    expect(bad.map((each) => Result.isFailure(each) && each.failure.reason)).toEqual(["pem", "pem", "pem"])
  })

  it("CERT-37 an error says what to correct", () => {
    const detail = "\"xyz\" is no SHA-256 fingerprint"
    expect(new TrustError({ reason: "fingerprint", detail }).message).toBe(detail)
  })
})
