/**
 * What we see of a stream, for a verification: all of it, or why there can be none. What is missing is never made up, for
 * both people would see the same string nevertheless.
 *
 * @internal
 */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import type * as Pin from "@xmpp-e2e/certificates/Pin"
import { Address } from "@xmpp-e2e/protocol"
import type { E2eStream } from "@xmpp-e2e/stream/E2eStream"
import type * as Wire from "@xmpp-e2e/stream/VerificationWire"
import * as Result from "effect/Result"
import type { Obstacle } from "../VerifyingFailure.ts"
import { hashesOf } from "./hashes.ts"

/** `peer` is the address to which the certificate of the peer would be pinned. @internal */
export interface Seen {
  readonly facts: Wire.Facts
  readonly peer: string
  readonly hashes: Pin.Hashes
}

/** @internal */
export const seenOf = (stream: E2eStream): Result.Result<Seen, Obstacle> => {
  const { role, secured, self, tls, verdict } = stream
  if (!secured || tls === undefined) return Result.fail("unencrypted")
  if (tls.protocol !== "TLSv1.3") return Result.fail("oldTls")
  if (tls.exporter?.length !== exporterOctets) return Result.fail("noExporter")
  if (self.certificate === undefined) return Result.fail("noIdentity")
  const [shown] = tls.chain
  const peer = addressOf(stream)
  if (shown === undefined || peer === undefined || verdict?.decision !== "accept" || !stream.peer.verified) {
    return Result.fail("peerUnproven")
  }
  const hashes = hashesOf(shown)
  const us: Wire.Party = { address: self.address, certificate: hashesOf(self.certificate).certificate }
  const them: Wire.Party = { address: peer, certificate: hashes.certificate }
  const [initiator, recipient] = role === "initiator" ? [us, them] : [them, us]
  return Result.succeed({
    facts: { role, initiator, recipient, exporter: bytesToHex(tls.exporter), sha256 },
    peer,
    hashes
  })
}

/** CERT-09: the name that was wanted, whatever the certificate says; by that one the peer knows itself on this stream. @internal */
export const addressOf = ({ peer, self }: E2eStream): string | undefined => {
  const address = peer.alias ?? peer.address
  return address === undefined ? undefined : Address.bareText(address, self.naming)
}

/** RFC 9266 §2. */
const exporterOctets = 32
