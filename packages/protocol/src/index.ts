/**
 * End-to-end XML streams as a fold: `step(state, event)` answers every state and every event with the next state and
 * what to do.
 *
 * @since 0.1.0
 */
export * as Action from "./Action.ts"
export * as Address from "./Address.ts"
export * as Admission from "./Admission.ts"
export * as Condition from "./Condition.ts"
export * as Config from "./Config.ts"
export * as Describe from "./Describe.ts"
export * as Event from "./Event.ts"
export * as Features from "./Features.ts"
export * as Header from "./Header.ts"
export * as Idna from "./Idna.ts"
export * as Language from "./Language.ts"
export * as Namespace from "./Namespace.ts"
export * as Notice from "./Notice.ts"
export * as Precis from "./Precis.ts"
export * as Reason from "./Reason.ts"
export * as Session from "./Session.ts"
export * as State from "./State.ts"
export * as Step from "./Step.ts"
export * as Timer from "./Timer.ts"
export * as Verdict from "./Verdict.ts"
export * as Version from "./Version.ts"
