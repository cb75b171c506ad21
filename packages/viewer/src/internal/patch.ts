/**
 * The difference of two plain values as a list of changes, and how to apply one. A page holds a state as its difference to
 * the one before, so that it grows with what happens and not with what is remembered.
 */
import type { Change } from "./model.ts"

/** @internal Looks no deeper than a few levels; what differs below is told as a whole. */
export const difference = (before: unknown, after: unknown): ReadonlyArray<Change> => {
  const changes: Array<Change> = []
  compare(before, after, [], changes)
  return changes
}

/** @internal A new value; what did not change is shared with the old one. */
export const apply = (value: unknown, changes: ReadonlyArray<Change>): unknown =>
  changes.reduce((now, change) => put(now, change, 0), value)

const compare = (before: unknown, after: unknown, path: ReadonlyArray<string>, into: Array<Change>): void => {
  if (Object.is(before, after)) return
  if (!isRecord(before) || !isRecord(after) || path.length >= depthMax) {
    if (path.length < depthMax || JSON.stringify(before) !== JSON.stringify(after)) into.push({ path, value: after })
    return
  }
  for (const key of Object.keys(before)) {
    if (own(before, key) !== undefined && own(after, key) === undefined) into.push({ path: [...path, key], gone: true })
  }
  for (const key of Object.keys(after)) {
    if (own(after, key) !== undefined) compare(own(before, key), own(after, key), [...path, key], into)
  }
}

const put = (value: unknown, change: Change, depth: number): unknown => {
  const key = change.path[depth]
  if (key === undefined) return "value" in change ? change.value : undefined
  const record = isRecord(value) ? value : {}
  if ("gone" in change && depth === change.path.length - 1) {
    const { [key]: _, ...rest } = record
    return rest
  }
  return { ...record, [key]: put(own(record, key), change, depth + 1) }
}

/** A key may be called as something that every object has. */
const own = (of: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(of, key) ? of[key] : undefined

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const depthMax = 4
