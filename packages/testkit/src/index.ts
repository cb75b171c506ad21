/**
 * Property tests for end-to-end XML streams: runs decoded from numbers, laws they have to keep, and two ends on a simulated
 * network. Generators are separate entries, `@xmpp-e2e/testkit/skin/fast-check` and `@xmpp-e2e/testkit/skin/effect`.
 *
 * @since 0.1.0
 */
export * as Configs from "./Configs.ts"
export * as Law from "./Law.ts"
export * as Laws from "./Laws.ts"
export * as Menu from "./Menu.ts"
export * as Random from "./Random.ts"
export * as Run from "./Run.ts"
export * as Chunks from "./simulator/Chunks.ts"
export * as Clock from "./simulator/Clock.ts"
export * as Endpoint from "./simulator/Endpoint.ts"
export * as FakeTls from "./simulator/FakeTls.ts"
export * as Fault from "./simulator/Fault.ts"
export * as Hunt from "./simulator/Hunt.ts"
export * as Link from "./simulator/Link.ts"
export * as Plan from "./simulator/Plan.ts"
export * as Scenario from "./simulator/Scenario.ts"
export * as Simulator from "./simulator/Simulator.ts"
export type * as Subject from "./simulator/Subject.ts"
export * as Walk from "./Walk.ts"
