/**
 * Version 2 brought the lines of TLS and of its secrets, and elements that are said once. It is the current one: nothing to
 * change. When there is a version 3, this file says how a line of version 2 reads as a line of version 3; the recordings
 * themselves are never edited.
 */
import type { Upcast } from "./versions.ts"

/** @internal */
export const v2: Upcast = { head: (json) => json, line: (json) => json }
