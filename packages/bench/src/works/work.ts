/**
 * Work on a corpus that needs no socket, by somebody who runs.
 */
import type { Kind } from "../corpus/items.ts"

export interface Work {
  readonly name: string
  readonly prepare: (kind: Kind) => Prepared
}

export interface Prepared {
  /** Goes through the whole corpus once. */
  readonly run: () => void
  /** Of what it reads or writes. */
  readonly bytes: number
}

/** Enough of each kind that a run takes a tenth of a second or so. */
export const counts: Readonly<Record<Kind, number>> = {
  chat: 20_000,
  presence: 15_000,
  iq: 10_000,
  encrypted: 2_000,
  bulk: 200,
  mixed: 6_000
}
