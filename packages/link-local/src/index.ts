/**
 * XEP-0174: who is on this network.
 *
 * @since 0.1.0
 */
export * as Arrivals from "./Arrivals.ts"
export * as Capabilities from "./Capabilities.ts"
export * as Discovery from "./Discovery.ts"
export * as DiscoveryEvent from "./DiscoveryEvent.ts"
export * as DiscoveryRecording from "./DiscoveryRecording.ts"
export * as Endpoint from "./Endpoint.ts"
export * as InstanceName from "./InstanceName.ts"
export * as MdnsAction from "./mdns/Action.ts"
export * as MdnsEvent from "./mdns/Event.ts"
export * as MdnsMessage from "./mdns/Message.ts"
export * as MdnsState from "./mdns/State.ts"
export * as MdnsStep from "./mdns/Step.ts"
export * as MemoryNetwork from "./MemoryNetwork.ts"
export * as Presence from "./Presence.ts"
export * as Roster from "./Roster.ts"
export * as Txt from "./Txt.ts"
