/**
 * Version 1 knows steps and chunks of the wire. All of it reads the same in version 2, which only adds kinds of lines.
 */
import * as Predicate from "effect/Predicate"
import type { Upcast } from "./versions.ts"

/** @internal */
export const v1: Upcast = {
  head: (json) => Predicate.isObject(json) ? { ...json, version: 2 } : json,
  line: (json) => json
}
