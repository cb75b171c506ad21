/** What the system says of a file, in words. */
import type { PlatformError } from "effect/PlatformError"
import * as Predicate from "effect/Predicate"

/** Without the name of the file; what has no words here is told as the system tells it. */
export const fileWords = ({ cause, message, reason }: PlatformError): string =>
  (codeOf(cause) === "ENOSPC" ? "the disk is full" : words.get(reason._tag)) ?? message

const codeOf = (cause: unknown): unknown => Predicate.hasProperty(cause, "code") ? cause.code : undefined

const words: ReadonlyMap<string, string> = new Map([
  ["NotFound", "it is not there"],
  ["PermissionDenied", "permission is missing"],
  ["BadResource", "it is a directory, or a part of its path is none"]
])
