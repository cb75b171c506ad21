/** What went wrong, for people. Node's errors are told by their codes; the text of OpenSSL stays in the `cause`. */

/** @internal */
export const dialing = (cause: unknown, to: string): string => {
  const code = codeOf(cause)
  switch (code) {
    case "ECONNREFUSED":
      return `connection refused by ${to}`
    case "ETIMEDOUT":
      return `no answer from ${to}`
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `no address is known for ${to}`
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return `${to} cannot be reached from here`
    case "ECONNRESET":
      return `${to} reset the connection at once`
    case "RangeError":
      return `${to} has no valid port`
    default:
      return `could not connect to ${to} (${code})`
  }
}

/** @internal */
export const listening = (cause: unknown, at: string): string => {
  const code = codeOf(cause)
  switch (code) {
    case "EADDRINUSE":
      return `${at} is already in use`
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${at} is not an address of this machine`
    case "EACCES":
      return `listening on ${at} is not permitted`
    case "RangeError":
      return `${at} has no valid port`
    default:
      return `could not listen on ${at} (${code})`
  }
}

/**
 * With TLS 1.3 a client's handshake is through before the server has judged its certificate. So whatever ends the
 * connection `early`, before the first byte, may be that refusal.
 *
 * @internal
 */
export const transporting = (cause: unknown, remote: string, early: boolean): string => {
  const code = codeOf(cause)
  const alert = alertOf(code)
  const perhaps = early ? " right after TLS began: it may have refused our certificate" : ""
  if (alert !== undefined) return `${remote} sent the TLS alert "${alert}"${perhaps}`
  if (isGone(cause)) return `${remote} reset the connection${perhaps}`
  if (code === "ETIMEDOUT") return `${remote} does not answer any more`
  if (code.startsWith("ERR_SSL_")) return `${remote} sent bytes that TLS refuses (${code})`
  return `the connection with ${remote} failed (${code})`
}

/** @internal */
export const handshaking = (cause: unknown, remote: string): string => {
  const code = codeOf(cause)
  const alert = alertOf(code)
  if (noVersion.has(code)) return "no TLS version is acceptable to both sides"
  if (alert !== undefined) return `${remote} refused the TLS handshake with the alert "${alert}"`
  if (notTls.has(code)) return "what arrived is not TLS (plaintext in the handshake?)"
  if (code === "ERR_SSL_UNEXPECTED_MESSAGE") return `${remote} broke the order of the TLS handshake, or speaks no TLS`
  if (code === "ERR_SSL_NO_SHARED_CIPHER") return "no cipher suite is acceptable to both sides"
  // Node reports an orderly end with the same code as a reset; only the reset comes from a system call.
  if (isGone(cause) && syscallOf(cause) === undefined) return ended(remote)
  if (isGone(cause)) return `${remote} reset the connection during the TLS handshake`
  return `the TLS handshake with ${remote} failed (${code})`
}

/** @internal */
export const ended = (remote: string): string => `${remote} ended the connection during the TLS handshake`

/** The peer is not there any more. @internal */
export const isGone = (cause: unknown): boolean => codeOf(cause) === "ECONNRESET" || codeOf(cause) === "EPIPE"

/** `connect` to a name with several addresses fails with one error for each; the last one tried speaks for all. */
const codeOf = (cause: unknown): string => {
  if (cause instanceof AggregateError) return codeOf(cause.errors.at(-1))
  if (!(cause instanceof Error)) return "unknown cause"
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.name
}

const syscallOf = (cause: unknown): string | undefined =>
  cause instanceof Error && "syscall" in cause && typeof cause.syscall === "string" ? cause.syscall : undefined

/** `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA` becomes `unknown ca`, the words of RFC 8446 §6. */
const alertOf = (code: string): string | undefined =>
  /^ERR_SSL_.*ALERT_(.+)$/.exec(code)?.[1]?.toLowerCase().replaceAll("_", " ")

const noVersion: ReadonlySet<string> = new Set([
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_VERSION_TOO_LOW",
  "ERR_SSL_NO_PROTOCOLS_AVAILABLE"
])
const notTls: ReadonlySet<string> = new Set([
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_HTTP_REQUEST",
  "ERR_SSL_HTTPS_PROXY_REQUEST",
  "ERR_SSL_BAD_RECORD_TYPE",
  "ERR_SSL_INVALID_RECORD_TYPE"
])
