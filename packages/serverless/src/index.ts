/**
 * XEP-0174: people on one network who talk without a server.
 *
 * @since 0.1.0
 */
export * as Abilities from "./Abilities.ts"
export * as Chat from "./Chat.ts"
export * as ChatEvent from "./ChatEvent.ts"
export * as Dial from "./Dial.ts"
export * as FileSharing from "./FileSharing.ts"
export * as FileSharingFailure from "./FileSharingFailure.ts"
export * as Invite from "./Invite.ts"
export * as Messenger from "./Messenger.ts"
export * as Serverless from "./Serverless.ts"
export * as Verifying from "./Verifying.ts"
export * as VerifyingFailure from "./VerifyingFailure.ts"
