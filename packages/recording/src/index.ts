/**
 * What happened to a stream, written down and folded again.
 *
 * @since 0.1.0
 */
export * as Compare from "./Compare.ts"
export * as Ear from "./Ear.ts"
export * as Explain from "./Explain.ts"
export * as JUnit from "./JUnit.ts"
export * as Mermaid from "./Mermaid.ts"
export * as Pcapng from "./Pcapng.ts"
export * as Pseudonym from "./Pseudonym.ts"
export * as Reading from "./Reading.ts"
export * as Recording from "./Recording.ts"
export * as RecordingError from "./RecordingError.ts"
export * as Redact from "./Redact.ts"
export * as Replay from "./Replay.ts"
export * as Reread from "./Reread.ts"
export * as Schema from "./Schema.ts"
export * as Voice from "./Voice.ts"
