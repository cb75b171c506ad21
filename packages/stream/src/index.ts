/**
 * End-to-end XML streams as scoped Effects.
 *
 * @since 0.1.0
 */
export * as Driver from "./Driver.ts"
export * as E2eStream from "./E2eStream.ts"
export * as Entropy from "./Entropy.ts"
export * as Failure from "./Failure.ts"
export * as Interpreter from "./Interpreter.ts"
export * as IqRouter from "./IqRouter.ts"
export * as Options from "./Options.ts"
export * as Peers from "./Peers.ts"
export * as Recorder from "./Recorder.ts"
export * as Stanza from "./Stanza.ts"
export * as Telemetry from "./Telemetry.ts"
export * as Timers from "./Timers.ts"
export * as Verification from "./Verification.ts"
export * as VerificationWire from "./VerificationWire.ts"
