/**
 * Version 1 is the current one: nothing to change. When there is a version 2, this file says how a line of version 1
 * reads as a line of version 2; the recordings themselves are never edited.
 */
import type { Upcast } from "./versions.ts"

/** @internal */
export const v1: Upcast = { head: (json) => json, line: (json) => json }
