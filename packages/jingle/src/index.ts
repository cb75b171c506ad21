/**
 * In-band bytestreams as a pure machine.
 *
 * @since 0.1.0
 */
export * as Ibb from "./Ibb.ts"
export * as IbbAction from "./IbbAction.ts"
export * as IbbEvent from "./IbbEvent.ts"
export * as IbbFailure from "./IbbFailure.ts"
export * as IbbState from "./IbbState.ts"
