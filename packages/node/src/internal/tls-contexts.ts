/**
 * What TLS works with, made once for an identity and used by all of its connections: certificates, keys and ciphers as
 * OpenSSL holds them cost more memory than the rest of a connection, and parsing them a third of a handshake.
 *
 * Nothing of one connection reaches another through it. Sessions are not kept: neither side has a cache, tickets are off,
 * and one that was resumed all the same is refused (`tls-facts.ts`).
 */
import type { Connection } from "@xmpp-e2e/transport"
import * as Redacted from "effect/Redacted"
import { constants } from "node:crypto"
import { EventEmitter } from "node:events"
import * as Tls from "node:tls"

/** Throws where certificate and key are unusable. @internal */
export const client = (
  options: Connection.StartTls
): Tls.SecureContext => (keptFor(options).client ??= Tls.createSecureContext(settings(options)))

/**
 * A server for one connection, which listens nowhere. It is made of the one that all connections of the identity share, and
 * differs from it only in who hears its events. Throws where certificate and key are unusable.
 *
 * @internal
 */
export const server = (options: Connection.StartTls): Tls.Server => {
  const shared = (keptFor(options).server ??= Tls.createServer({
    ...settings(options),
    // TLS-18: any certificate is asked for, and none is needed.
    requestCert: true,
    // TLS never authenticates here. The verdict does, as a recorded event, before a byte of XML passes, and the default
    // is no (CERT-104).
    rejectUnauthorized: false
  }))
  const own: Tls.Server = Object.create(shared)
  // Gives it listeners of its own; those of Node, which begin TLS, it needs as well.
  EventEmitter.call(own)
  for (const begin of shared.listeners("connection")) own.on("connection", (raw) => begin.call(own, raw))
  return own
}

interface Kept {
  client?: Tls.SecureContext
  server?: Tls.Server
}

const keptFor = ({ identity, versionMax, versionMin }: Connection.StartTls): Kept => {
  const kept = identity === undefined ? anonymous : known.get(identity) ?? new Map<string, Kept>()
  if (identity !== undefined) known.set(identity, kept)
  const versions = `${versionMin} ${versionMax}`
  const old = kept.get(versions)
  if (old !== undefined) return old
  const fresh: Kept = {}
  kept.set(versions, fresh)
  return fresh
}

const settings = ({ identity, versionMax = "TLSv1.3", versionMin = "TLSv1.2" }: Connection.StartTls) => ({
  ...(identity === undefined ? {} : { cert: identity.certificates, key: Redacted.value(identity.privateKey) }),
  // No authority is known, so none is added to a chain, and none is named when we ask for a certificate (CERT-100).
  ca: [],
  minVersion: versionMin,
  maxVersion: versionMax,
  ciphers,
  secureOptions: constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_COMPRESSION
})

/** TLS-28: TLS 1.3, and of TLS 1.2 what RFC 9325 §4.2 recommends: forward secrecy and authenticated encryption. */
const ciphers = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256"
].join(":")

const known = new WeakMap<Connection.TlsIdentity, Map<string, Kept>>()
const anonymous = new Map<string, Kept>()
