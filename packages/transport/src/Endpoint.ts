/**
 * How an endpoint is written for people: in logs, in `Connection.remote`, in the sentences of errors.
 *
 * @since 0.1.0
 */
import type { Endpoint } from "./Connection.ts"

/**
 * `192.0.2.7:5298`, `pronto.local:5298`; an IPv6 address goes into brackets, `[::1]:5298`, as in RFC 3986 §3.2.2. An
 * IPv4 address that the system shows inside IPv6 (`::ffff:192.0.2.7`, RFC 4291 §2.5.5.2) is written as IPv4.
 *
 * @since 0.1.0
 * @category encoding
 */
export const format = (endpoint: Endpoint): string => {
  const host = plainHost(endpoint.host)
  return host.includes(":") ? `[${host}]:${endpoint.port}` : `${host}:${endpoint.port}`
}

/**
 * The address without its IPv6 clothes: `::ffff:192.0.2.7` and `192.0.2.7` are one neighbour, and count as one
 * (LIM-01).
 *
 * @since 0.1.0
 * @category encoding
 */
export const plainHost = (host: string): string => mapped.exec(host)?.[1] ?? host

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i
