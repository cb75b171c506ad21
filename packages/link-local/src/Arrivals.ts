/**
 * Arrivals told once. Records of a newcomer come one after the other: a name, then what he says and where he listens, then the addresses
 * of the other family or interface. `Roster` tells each of these as it comes; for people one line is enough. Here a newcomer is held
 * back until he is whole and quiet, or has had time enough; all other changes go through at once. A fold, and no clock of its own.
 *
 * @since 0.1.0
 */
import type { Change, Entity } from "./Roster.ts"

/**
 * Who has come and was not told yet, by name. As many as a roster tells of in a second or so, at most.
 *
 * @since 0.1.0
 * @category models
 */
export interface Arrivals {
  readonly held: ReadonlyMap<string, Held>
}

/**
 * The newcomer as known by now; when he came, and when he changed last, in the milliseconds of the caller.
 *
 * @since 0.1.0
 * @category models
 */
export interface Held {
  readonly entity: Entity
  readonly since: number
  readonly changed: number
}

/**
 * @since 0.1.0
 * @category models
 */
export interface Step {
  readonly arrivals: Arrivals
  readonly changes: ReadonlyArray<Change>
}

/**
 * Nobody is held back.
 *
 * @since 0.1.0
 * @category constructors
 */
export const none: Arrivals = { held: new Map() }

/**
 * What there is to tell at the time `at` after these changes of a roster; with no changes, what time alone brings. Whoever goes before he was
 * told was never there. Time does not go back.
 *
 * @since 0.1.0
 * @category combinators
 */
export const step = (arrivals: Arrivals, changes: ReadonlyArray<Change>, at: number): Step => {
  if (changes.length === 0 && arrivals.held.size === 0) return { arrivals, changes }
  const held = new Map(arrivals.held)
  const told = changes.filter((change) => !keptBack(held, change, at))
  const due = [...held].filter(([, each]) => dueAt(each) <= at)
  for (const [key] of due) held.delete(key)
  return { arrivals: { held }, changes: [...due.map(([, { entity }]): Change => ({ _tag: "Came", entity })), ...told] }
}

/**
 * When the next newcomer is to be told, if nothing comes before; `undefined` when nobody is held back.
 *
 * @since 0.1.0
 * @category getters
 */
export const wakeAt = ({ held }: Arrivals): number | undefined =>
  held.size === 0 ? undefined : [...held.values()].reduce((least, each) => Math.min(least, dueAt(each)), Infinity)

const keptBack = (held: Map<string, Held>, change: Change, at: number): boolean => {
  if (change._tag === "Untold") return false
  const { entity } = change
  const key = `${entity.address.local}@${entity.address.domain}`
  const before = held.get(key)
  if (change._tag === "Went") return held.delete(key)
  if (before === undefined && change._tag !== "Came") return false
  held.set(key, { entity, since: before?.since ?? at, changed: at })
  return true
}

const dueAt = ({ changed, entity, since }: Held): number =>
  Math.min(since + patienceMillis, isWhole(entity) ? changed + quietMillis : Infinity)

const isWhole = ({ endpoints, presence }: Entity): boolean => presence !== undefined && endpoints.length > 0

const patienceMillis = 1000
/** Families are heard one right after the other. */
const quietMillis = 200
