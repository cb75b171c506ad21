/**
 * Node adapters: TCP and TLS, multicast DNS, and the files that hold identities, pins and recordings.
 *
 * @since 0.1.0
 */
export * as NodeAuthorities from "./NodeAuthorities.ts"
export * as NodeDiscovery from "./NodeDiscovery.ts"
export * as NodeDoctor from "./NodeDoctor.ts"
export * as NodeFiles from "./NodeFiles.ts"
export * as NodeIdentity from "./NodeIdentity.ts"
export * as NodePinStore from "./NodePinStore.ts"
export * as NodeRecorder from "./NodeRecorder.ts"
export * as NodeRenewal from "./NodeRenewal.ts"
export * as NodeTls from "./NodeTls.ts"
export * as NodeTransport from "./NodeTransport.ts"
