/**
 * One self-contained page from a recording.
 *
 * @since 0.1.0
 */
export * as Page from "./Page.ts"
export * as ViewerError from "./ViewerError.ts"
