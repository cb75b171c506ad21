/**
 * Certificates for the two who talk: self-signed, ECDSA P-256, made fresh in each run. Each side knows the other's.
 */
import { Identity } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { X509Certificate } from "node:crypto"
import { addresses, type Sender } from "../corpus/corpus.ts"

export interface Credentials {
  readonly certificate: string
  readonly key: string
  /** The only certificate that is believed. */
  readonly peer: string
}

export const make = async (): Promise<Readonly<Record<Sender, Credentials>>> => {
  const [initiator, recipient] = await Promise.all([selfSigned(addresses.initiator), selfSigned(addresses.recipient)])
  return {
    initiator: { ...initiator, peer: recipient.certificate },
    recipient: { ...recipient, peer: initiator.certificate }
  }
}

export const fingerprintOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256

const selfSigned = async (address: string): Promise<Omit<Credentials, "peer">> => {
  const made = await Effect.runPromise(
    Identity.create({ address, naming: "jid", algorithm: "p256", days: 1, kind: "self-signed" })
  )
  if (made.kind !== "self-signed") throw new Error("a certificate was asked for")
  return { certificate: made.certificatePem, key: Redacted.value(made.privateKeyPem) }
}
