/**
 * What there is to tell of a step of the roster, within the bounds on changes, and what was dropped.
 *
 * @internal
 */
import * as Equal from "effect/Equal"
import * as HashMap from "effect/HashMap"
import * as Option from "effect/Option"
import type { Change, Dropped, Entity, Roster, Step, Why } from "../Roster.ts"
import * as Known from "./known.ts"

/** What is shown of some keys before and after, told as far as the bounds allow. */
export const tell = (before: Roster, after: Roster, keys: ReadonlyArray<string>, why: Why): Step => {
  let roster = after
  const changes: Array<Change> = []
  for (const key of keys) {
    for (const change of differences(shown(before, key), shown(after, key), why)) {
      const known = lookUp(roster, key)
      const mayTell = roster.told < roster.limits.changesMax && (known?.told ?? 0) < roster.limits.updatesMax
      if (!mayTell) {
        roster = { ...drop(roster, "changes"), untold: roster.untold + 1 }
        continue
      }
      changes.push(change)
      roster = { ...roster, told: roster.told + 1, known: counted(roster, key, known) }
    }
  }
  return { roster, changes }
}

const counted = (roster: Roster, key: string, known: Known.Known | undefined): Roster["known"] =>
  known === undefined ? roster.known : HashMap.set(roster.known, key, { ...known, told: known.told + 1 })

const differences = (before: Entity | undefined, after: Entity | undefined, why: Why): ReadonlyArray<Change> => {
  if (after === undefined) return before === undefined ? [] : [{ _tag: "Went", entity: before, why }]
  if (before === undefined) return [{ _tag: "Came", entity: after }]
  const { presence } = before
  const hasMoved = !Equal.equals({ ...before, presence: after.presence }, { ...after, presence: after.presence })
  return [
    ...Equal.equals(presence, after.presence)
      ? []
      : [{ _tag: "ChangedPresence", entity: after, ...(presence === undefined ? {} : { before: presence }) } as const],
    ...hasMoved ? [{ _tag: "Moved", entity: after } as const] : []
  ]
}

/** What is shown of a key, if anything. */
export const shown = (roster: Roster, key: string): Entity | undefined => {
  const known = roster.own.has(key) ? undefined : lookUp(roster, key)
  return known && Known.entity(known)
}

export const lookUp = (roster: Roster, key: string): Known.Known | undefined =>
  Option.getOrUndefined(HashMap.get(roster.known, key))

export const drop = (roster: Roster, reason: keyof Dropped): Roster => ({
  ...roster,
  dropped: { ...roster.dropped, [reason]: roster.dropped[reason] + 1 }
})
