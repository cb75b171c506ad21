/**
 * Ports for reliable byte transports that turn to TLS in place, and an in-memory network that implements them.
 *
 * @since 0.1.0
 */
export * as Acceptor from "./Acceptor.ts"
export * as Connection from "./Connection.ts"
export * as Endpoint from "./Endpoint.ts"
export * as Memory from "./Memory.ts"
export * as Transport from "./Transport.ts"
