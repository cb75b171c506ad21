/**
 * What a TLS socket tells once the handshake is over, read with suspicion: what would leave the judge without the peer's
 * own certificates of this very handshake is a refusal, a sentence that says why (CERT-103, CERT-104).
 */
import { Connection } from "@xmpp-e2e/transport"
import * as Result from "effect/Result"
import type * as Tls from "node:tls"

/**
 * `staple` is what the event `OCSPResponse` brought. Getters of Node that fail throw; whoever calls this catches.
 *
 * @internal
 */
export const read = (
  socket: Tls.TLSSocket,
  as: Connection.StartTls["as"],
  staple: Uint8Array | undefined
): Result.Result<Connection.TlsFacts, string> => {
  // Of a resumed session Node gives a client no certificate, and a server the one of the older handshake, as if it had just
  // come. Neither says that the peer has the key to it now.
  if (socket.isSessionReused()) return Result.fail("an older session was resumed, which leaves nobody to judge anew")
  const chain = peerChain(socket)
  if (chain.length > certificatesMax) return Result.fail(`the peer sent more than ${certificatesMax} certificates`)
  if (chain.length === 0 && as === "client") return Result.fail("the server showed no certificate")
  const protocol = socket.getProtocol()
  if (protocol === null) return Result.fail("TLS does not say which version it speaks")
  const { ocspStapleBytesMax } = Connection
  if (staple !== undefined && staple.length > ocspStapleBytesMax) {
    return Result.fail(
      `the OCSP response stapled by the peer has ${staple.length} bytes, more than ${ocspStapleBytesMax}`
    )
  }
  return Result.succeed({
    protocol,
    cipher: socket.getCipher().standardName,
    resumed: false,
    chain,
    ...(staple === undefined ? {} : { ocspStaple: Uint8Array.from(staple) }),
    // Node does not tell whether TLS 1.2 used the extended master secret, without which the exporter binds nothing.
    ...(protocol === "TLSv1.3" ? { exporter: exporter(socket) } : {})
  })
}

/**
 * The peer's certificates as it sent them, DER, end entity first; empty when it showed none. One more than
 * `certificatesMax` at most.
 *
 * Node has two ways to tell. `getPeerCertificate(true)` follows the issuers: it drops what does not link, changes the
 * order, and adds authorities from its own store. `getPeerX509Certificate()` walks the list of the Certificate message
 * through `issuerCertificate`, whatever the certificates say about each other; that is the one we want.
 *
 * OpenSSL has parsed each certificate and Node writes it anew. The signed part is kept octet by octet. Of what is around it
 * (the outer SEQUENCE, signatureAlgorithm, signatureValue) an encoding that is BER and not DER comes out as DER: the judge
 * then sees the same signed part, the same key and the same signature, in other octets than the peer sent.
 */
const peerChain = (socket: Tls.TLSSocket): ReadonlyArray<Uint8Array> => {
  const chain: Array<Uint8Array> = []
  let certificate = socket.getPeerX509Certificate()
  while (certificate !== undefined && chain.length <= certificatesMax) {
    chain.push(Uint8Array.from(certificate.raw))
    certificate = certificate.issuerCertificate
  }
  // The second opinion costs little: a certificate that was shown must reach the judge.
  if (chain.length === 0) {
    const raw = socket.getPeerCertificate()?.raw
    if (raw !== undefined) chain.push(Uint8Array.from(raw))
  }
  return chain
}

/** RFC 9266 §2. */
const exporter = (socket: Tls.TLSSocket): Uint8Array =>
  Uint8Array.from(socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)))

const certificatesMax = 100
