/**
 * In-band bytestreams, and files offered over them, as pure machines.
 *
 * @since 0.1.0
 */
export * as FileOffer from "./FileOffer.ts"
export * as FileOfferEvent from "./FileOfferEvent.ts"
export * as FileUrl from "./FileUrl.ts"
export * as Ibb from "./Ibb.ts"
export * as IbbAction from "./IbbAction.ts"
export * as IbbEvent from "./IbbEvent.ts"
export * as IbbFailure from "./IbbFailure.ts"
export * as IbbState from "./IbbState.ts"
export * as SafeName from "./SafeName.ts"
