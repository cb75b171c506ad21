/**
 * A reliable, ordered byte transport that can turn to TLS in place: the port that TCP, Jingle bytestreams and the
 * in-memory network implement.
 *
 * TLS never authenticates anybody here. A connection hands over the peer's certificates; the verdict admits or refuses
 * (requirements TLS-21, certificates CERT-104).
 *
 * @since 0.1.0
 */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"

/**
 * @since 0.1.0
 * @category models
 */
export interface Connection {
  /** For people and logs: `192.0.2.7:5298`. */
  readonly remote: string
  /**
   * The next bytes; `none` once the peer has ended its direction (FIN, or close_notify under TLS), and again on every
   * later call. Interruption loses no byte. At most one read at a time. Nothing is read from the network while nobody
   * reads: that is the back-pressure.
   */
  readonly read: Effect.Effect<Option.Option<Uint8Array>, TransportError>
  /**
   * The same for whoever has no fiber to spare: `done` is told once, now or later. What comes back ends the waiting; `done` is
   * then told nothing. A connection without it is read only through `read`.
   */
  readonly readThen?: (done: (read: Exit.Exit<Option.Option<Uint8Array>, TransportError>) => void) => () => void
  /** Completes when the bytes are handed to the system and its buffer has room again. */
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, TransportError>
  /**
   * The same where nothing has to be waited for: true when the bytes are handed over. False, and nothing is taken, where there
   * is no room at the moment, or `write` would fail. A connection without it writes only through `write`.
   */
  readonly writeNow?: (bytes: Uint8Array) => boolean
  /**
   * Turns to TLS in place. Call it with no read running. Fails when the handshake fails; the connection is then gone.
   * Interruption destroys the connection.
   */
  readonly startTls: (options: StartTls) => Effect.Effect<TlsFacts, TlsError>
  /** Flushes, sends close_notify under TLS, then ends our direction. Reading goes on. Never fails, idempotent. */
  readonly end: Effect.Effect<void>
  /** Destroys both directions at once. Never fails, idempotent. */
  readonly drop: Effect.Effect<void>
}

/**
 * @since 0.1.0
 * @category models
 */
export interface StartTls {
  readonly as: "client" | "server"
  /** Bytes already read that belong to TLS: its first input, verbatim (TLS-15). */
  readonly unread: Uint8Array
  /** What we show. A server must show something; a client may withhold it. */
  readonly identity?: TlsIdentity
  /** Server name indication, for a domain (TLS-34). */
  readonly serverName?: string
  /** TLS-28: 1.2 is the least. */
  readonly versionMin?: "TLSv1.2" | "TLSv1.3"
  readonly versionMax?: "TLSv1.2" | "TLSv1.3"
  /** Hears what TLS says on the network, and learns its secrets. Without one TLS is faster, and leaves nothing behind. */
  readonly observer?: TlsObserver
}

/**
 * Whoever holds what it is told can read everything that TLS carried. Synchronous, and must not throw. A network without
 * real TLS tells nothing.
 *
 * @since 0.1.0
 * @category models
 */
export interface TlsObserver {
  /**
   * Bytes as the network carries them, in order, cut anywhere: whole records (RFC 8446 §5.1) or parts of them. `unread` is
   * not among them: it was read before.
   */
  readonly record: (direction: "in" | "out", bytes: Uint8Array) => void
  /** A line of the `SSLKEYLOGFILE` format (draft-ietf-tls-keylogfile), without its line end. */
  readonly keyLog: (line: string) => void
}

/**
 * @since 0.1.0
 * @category models
 */
export interface TlsIdentity {
  /** PEM, end entity first. */
  readonly certificates: string
  /** PEM, PKCS #8. */
  readonly privateKey: Redacted.Redacted<string>
  /**
   * An OCSPResponse (RFC 6960 §4.2.1), DER, that says our own certificate is still good. A server shows it to a client that
   * asks (RFC 6066 §8); a client cannot show one. `ocspStapleBytesMax` bytes at most.
   */
  readonly ocspStaple?: Uint8Array
}

/**
 * What the handshake brought.
 *
 * @since 0.1.0
 * @category models
 */
export interface TlsFacts {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string
  readonly cipher: string
  readonly resumed: boolean
  /** The peer's certificates as it sent them, DER, end entity first; empty when it showed none. */
  readonly chain: ReadonlyArray<Uint8Array>
  /**
   * The OCSPResponse (RFC 6960 §4.2.1) that a server stapled, DER as it came, not looked into; `ocspStapleBytesMax` bytes at
   * most. A client always asks for one. Absent where the server stapled none, and always for clients' certificates: TLS 1.2
   * knows no staple of theirs, and Node asks for none in TLS 1.3.
   */
  readonly ocspStaple?: Uint8Array
  /**
   * RFC 9266 `tls-exporter`: label `EXPORTER-Channel-Binding`, empty context, 32 bytes. Absent where TLS cannot give it
   * (TLS 1.2 without extended master secret; TLS-36).
   */
  readonly exporter?: Uint8Array
}

/**
 * The largest OCSP staple that is sent or taken, in bytes. A response for one certificate has some hundreds, some thousands
 * when it brings the responder's certificate. TLS 1.2 over OpenSSL carries no more than this.
 *
 * @since 0.1.0
 * @category constants
 */
export const ocspStapleBytesMax = 16_000

/**
 * @since 0.1.0
 * @category models
 */
export interface Endpoint {
  readonly host: string
  readonly port: number
}

/**
 * @since 0.1.0
 * @category errors
 */
export class TransportError extends Data.TaggedError("TransportError")<{
  readonly op: "dial" | "listen" | "read" | "write"
  /** For people: `connection refused by 192.0.2.7:5298`. */
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}

/**
 * @since 0.1.0
 * @category errors
 */
export class TlsError extends Data.TaggedError("TlsError")<{
  readonly detail: string
  readonly cause?: unknown
}> {
  override get message(): string {
    return this.detail
  }
}
