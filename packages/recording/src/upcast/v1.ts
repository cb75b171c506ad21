/**
 * Version 1 knows steps and chunks of the wire, and says each element in full wherever it stands. In version 2 an action
 * that passes on the element of its event leaves it out (`internal/passing.ts`), and there are more kinds of lines. A line of
 * version 1 is a line of version 2 that left nothing out.
 */
import * as Predicate from "effect/Predicate"
import type { Upcast } from "./versions.ts"

/** @internal */
export const v1: Upcast = {
  head: (json) => Predicate.isObject(json) ? { ...json, version: 2 } : json,
  line: (json) => json
}
