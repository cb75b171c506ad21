/**
 * What a configuration says, in the form in which it is compared: certificates parsed, fingerprints and addresses
 * normalised.
 *
 * @internal
 */
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import * as Crl from "../Crl.ts"
import * as Fingerprint from "../Fingerprint.ts"
import type { Pin } from "../Pin.ts"
import { TrustError } from "../TrustError.ts"

/** Of octets of its own: whoever configured them may use theirs again for something else. */
export const readCertificate = (
  der: Uint8Array,
  reason: "anchor" | "intermediate"
): Effect.Effect<Certificate.Certificate, TrustError> =>
  Effect.fromResult(
    Result.mapError(
      Certificate.decode(der.slice()),
      ({ detail }) => new TrustError({ reason, detail: `a certificate given as ${reason} cannot be read: ${detail}` })
    )
  )

export const readCrl = (der: Uint8Array): Effect.Effect<Crl.Crl, TrustError> =>
  Effect.fromResult(
    Result.mapError(
      Crl.decode(der.slice()),
      ({ detail }) => new TrustError({ reason: "crl", detail: `a CRL that was given cannot be read: ${detail}` })
    )
  )

export const readFingerprint = (text: string, reason: "fingerprint" | "pin"): Effect.Effect<string, TrustError> => {
  const normal = Fingerprint.normalise(text)
  const detail = `${JSON.stringify(text)} is no SHA-256 fingerprint: 64 hex digits, with or without colons`
  return Fingerprint.isSha256(normal) ? Effect.succeed(normal) : Effect.fail(new TrustError({ reason, detail }))
}

export const readPin = Effect.fnUntraced(function*(pin: Pin): Effect.fn.Return<Pin, TrustError> {
  const address = Address.bareText(pin.address, pin.naming)
  const detail = `${JSON.stringify(pin.address)}, to which a certificate is pinned, is no address`
  if (address === undefined) return yield* new TrustError({ reason: "pin", detail })
  const certificate = yield* readFingerprint(pin.certificate, "pin")
  return { ...pin, address, certificate, key: pin.key === "" ? "" : yield* readFingerprint(pin.key, "pin") }
})
