/**
 * What a bench is: a name, what it says about itself, and a run that gives tables and figures.
 */
import type { Claim } from "./acceptance.ts"
import type { Table } from "./table.ts"

export interface Settings {
  readonly turns: number
  /** Those of the choices that were asked for; all, when nobody asked. */
  readonly kinds: ReadonlyArray<string>
  readonly contenders: ReadonlyArray<string>
  readonly progress: (done: string) => void
}

export interface Outcome {
  readonly tables: ReadonlyArray<Table>
  /** The same for programs, and more of it. */
  readonly figures: unknown
  /** What the figures have to be, as far as this bench measured it. */
  readonly claims: ReadonlyArray<Claim>
}

export interface Bench {
  readonly name: string
  /** A line. */
  readonly about: string
  /** What was done and what the columns mean, for `--help` and the report. */
  readonly details: string
  readonly turns: number
  /** What `--kind` can choose among. */
  readonly kinds?: ReadonlyArray<string>
  /** What `--only` can choose among. */
  readonly contenders?: ReadonlyArray<string>
  readonly run: (settings: Settings) => Promise<Outcome>
}
