/**
 * Figures of an older revision, kept so that pages can show them beside those of now: what `report.ts --keep` wrote there.
 */
import { readFileSync } from "node:fs"
import type { Profile } from "../benches/profile.ts"
import type { Claim } from "../harness/acceptance.ts"

export interface Kept {
  readonly revision: string
  readonly machine: string
  readonly claims: ReadonlyArray<Claim>
  readonly profiles: ReadonlyArray<Profile>
}

/** The revision from which the work on speed set out. */
export const before = (): Kept =>
  JSON.parse(readFileSync(new URL("../../before/a61a06b.json", import.meta.url), "utf8"))
