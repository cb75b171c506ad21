/**
 * XEP-0174: who is on this network.
 *
 * @since 0.1.0
 */
export * as Discovery from "./Discovery.ts"
export * as DiscoveryEvent from "./DiscoveryEvent.ts"
export * as MdnsAction from "./mdns/Action.ts"
export * as MdnsEvent from "./mdns/Event.ts"
export * as MdnsMessage from "./mdns/Message.ts"
export * as MdnsState from "./mdns/State.ts"
export * as MdnsStep from "./mdns/Step.ts"
