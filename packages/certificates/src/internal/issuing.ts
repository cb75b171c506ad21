/**
 * Puts certificates and requests together (RFC 5280 §4.1, RFC 2986) and signs them. Which extensions they get is said in
 * `Identity.ts` and `Authority.ts`.
 *
 * @internal
 */
import { Address, Idna } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Encode from "./encode.ts"
import type { CryptoFailure, Signer } from "./keys.ts"
import * as oids from "./oids.ts"

export interface Content {
  readonly serial: Uint8Array
  /** Names, key and extensions are DER. */
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  readonly spki: Uint8Array
  readonly extensions: ReadonlyArray<Uint8Array>
}

export const certificate = (content: Content, signer: Signer): Effect.Effect<Uint8Array, CryptoFailure> =>
  signed(
    Encode.sequence(
      Encode.explicit(0, Encode.integer(2)),
      Encode.unsigned(content.serial),
      signer.algorithm,
      content.issuer,
      Encode.sequence(Encode.time(content.notBefore), Encode.time(content.notAfter)),
      content.subject,
      content.spki,
      ...content.extensions.length === 0 ? [] : [Encode.explicit(3, Encode.sequence(...content.extensions))]
    ),
    signer
  )

export const request = (
  content: Pick<Content, "subject" | "spki" | "extensions">,
  signer: Signer
): Effect.Effect<Uint8Array, CryptoFailure> =>
  signed(
    Encode.sequence(
      Encode.integer(0),
      content.subject,
      content.spki,
      Encode.explicit(
        0,
        Encode.sequence(Encode.oid(oids.extensionRequest), Encode.set(Encode.sequence(...content.extensions)))
      )
    ),
    signer
  )

/** The three fields that all signed things have. */
export const signed = (tbs: Uint8Array, signer: Signer): Effect.Effect<Uint8Array, CryptoFailure> =>
  Effect.map(signer.sign(tbs), (signature) => Encode.sequence(tbs, signer.algorithm, Encode.bitString(signature)))

export const extension = (oid: string, isCritical: boolean, value: Uint8Array): Uint8Array =>
  Encode.sequence(Encode.oid(oid), ...isCritical ? [Encode.boolean(true)] : [], Encode.octetString(value))

/** A name of one Common Name. RFC 5280 allows it 64 characters. */
export const commonName = (text: string): Uint8Array => {
  const characters = [...text]
  const short = characters.length > 64 ? `${characters.slice(0, 63).join("")}…` : text
  return Encode.sequence(Encode.set(Encode.sequence(Encode.oid(oids.commonName), Encode.utf8(short))))
}

export const basicConstraints = (authority?: { readonly pathLengthMax?: number }): Uint8Array =>
  extension(
    oids.basicConstraints,
    true,
    Encode.sequence(
      ...authority === undefined ? [] : [Encode.boolean(true)],
      ...authority?.pathLengthMax === undefined ? [] : [Encode.integer(authority.pathLengthMax)]
    )
  )

/** digitalSignature is bit 0; keyCertSign and cRLSign are bits 5 and 6. */
export const keyUsage = (use: "signing" | "issuing"): Uint8Array =>
  extension(
    oids.keyUsage,
    true,
    use === "signing" ? Encode.bitString(Uint8Array.of(0x80), 7) : Encode.bitString(Uint8Array.of(0x06), 1)
  )

/** CERT-57: whoever dials is the client, so a peer needs both. */
export const peerPurposes = (): Uint8Array =>
  extension(
    oids.extKeyUsage,
    false,
    Encode.sequence(...[oids.serverAuth, oids.clientAuth, oids.xmppAddr].map(Encode.oid))
  )

export const subjectKey = (identifier: Uint8Array): Uint8Array =>
  extension(oids.subjectKeyIdentifier, false, Encode.octetString(identifier))

export const authorityKey = (identifier: Uint8Array): Uint8Array =>
  extension(oids.authorityKeyIdentifier, false, Encode.sequence(Encode.value(0x80, identifier)))

export const alternativeNames = (addresses: ReadonlyArray<Address.Address>): Uint8Array =>
  extension(oids.subjectAltName, false, Encode.sequence(...addresses.flatMap(generalNames)))

/** RFC 6120 §13.7.1.2.1 for services, §13.7.1.3 for everybody else. */
const generalNames = (address: Address.Address): ReadonlyArray<Uint8Array> => {
  const own = otherName(oids.xmppAddr, Encode.utf8(Address.format(address)))
  if (!Address.isService(address)) return [own]
  const octets = Idna.ipOctets(address.domain)
  if (octets !== undefined) return [Encode.value(0x87, Uint8Array.from(octets)), own]
  const domain = Idna.toAscii(address.domain) ?? address.domain
  return [
    ...["_xmpp-client", "_xmpp-server"].map((each) => otherName(oids.dnsSrv, Encode.ia5(`${each}.${domain}`))),
    Encode.value(0x82, new TextEncoder().encode(domain)),
    own
  ]
}

/** Certificates §3.2: the outer tag replaces the SEQUENCE, the inner one wraps the value. */
export const otherName = (oid: string, value: Uint8Array): Uint8Array =>
  Encode.value(0xa0, Encode.oid(oid), Encode.explicit(0, value))
