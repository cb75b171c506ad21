/** What pins and verifications know a certificate by. Synchronous, so that a run needs no waiting. @internal */
import { sha256 } from "@noble/hashes/sha2.js"
import { bytesToHex } from "@noble/hashes/utils.js"
import * as Certificate from "@xmpp-e2e/certificates/Certificate"
import type * as Pin from "@xmpp-e2e/certificates/Pin"
import * as Result from "effect/Result"

/** Of a certificate that cannot be read, nobody has seen the key. */
export const hashesOf = (der: Uint8Array): Pin.Hashes => ({
  certificate: hashOf(der),
  key: Result.match(Certificate.decode(der), {
    onFailure: () => "",
    onSuccess: ({ publicKey }) => hashOf(publicKey.spki)
  })
})

export const hashOf = (octets: Uint8Array): string => bytesToHex(sha256(octets))
