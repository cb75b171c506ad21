/**
 * Node adapters.
 *
 * @since 0.1.0
 */
export * as NodeTls from "./NodeTls.ts"
export * as NodeTransport from "./NodeTransport.ts"
