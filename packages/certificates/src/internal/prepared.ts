/**
 * A `Trust` that has been read: certificates parsed, fingerprints and addresses in the form in which they are compared.
 *
 * @internal
 */
import { Address } from "@xmpp-e2e/protocol"
import * as Result from "effect/Result"
import * as Certificate from "../Certificate.ts"
import * as Fingerprint from "../Fingerprint.ts"
import type { Pin } from "../Pin.ts"
import { type Trust, TrustError } from "../Trust.ts"

export interface Prepared extends Omit<Trust, "anchors" | "intermediates"> {
  readonly anchors: ReadonlyArray<Certificate.Certificate>
  readonly intermediates: ReadonlyArray<Certificate.Certificate>
}

export const prepare = (trust: Trust): Result.Result<Prepared, TrustError> =>
  Result.gen(function*() {
    return {
      ...trust,
      anchors: yield* Result.all(trust.anchors.map((each) => readCertificate(each, "anchor"))),
      intermediates: yield* Result.all(trust.intermediates.map((each) => readCertificate(each, "intermediate"))),
      fingerprints: yield* Result.all(trust.fingerprints.map((each) => readFingerprint(each, "fingerprint"))),
      pins: yield* Result.all(trust.pins.map(readPin))
    }
  })

const readCertificate = (
  der: Uint8Array,
  reason: "anchor" | "intermediate"
): Result.Result<Certificate.Certificate, TrustError> =>
  Result.mapError(
    Certificate.decode(der),
    ({ detail }) => new TrustError({ reason, detail: `a certificate given as ${reason} cannot be read: ${detail}` })
  )

const readFingerprint = (text: string, reason: "fingerprint" | "pin"): Result.Result<string, TrustError> => {
  const normal = Fingerprint.normalise(text)
  const detail = `${JSON.stringify(text)} is no SHA-256 fingerprint: 64 hex digits, with or without colons`
  return Fingerprint.isSha256(normal) ? Result.succeed(normal) : Result.fail(new TrustError({ reason, detail }))
}

const readPin = (pin: Pin): Result.Result<Pin, TrustError> =>
  Result.gen(function*() {
    const address = Address.bareText(pin.address, pin.naming)
    const detail = `${JSON.stringify(pin.address)}, to which a certificate is pinned, is no address`
    if (address === undefined) return yield* Result.fail(new TrustError({ reason: "pin", detail }))
    const certificate = yield* readFingerprint(pin.certificate, "pin")
    return { ...pin, address, certificate, key: pin.key === "" ? "" : yield* readFingerprint(pin.key, "pin") }
  })
