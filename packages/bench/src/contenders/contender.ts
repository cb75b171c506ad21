/**
 * What somebody has to do who runs: open a conversation from either side, and carry a corpus over it. Everybody is given
 * the same certificates and the same items.
 */
import type { Corpus } from "../corpus/corpus.ts"
import type { Credentials } from "../harness/credentials.ts"

/** Called with each stanza, in whatever form it reaches a handler; with each chunk by those who know no stanzas. */
export type Arrived = (value: unknown) => void

export interface End {
  /** Makes ready what will be sent. What is given back sends it, and waits where it is told to. */
  readonly load: (corpus: Corpus) => () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Listening {
  /** Where the other side finds it: a text that only `dial` understands. */
  readonly at: string
  /** Nobody else is let in; who is there stays. */
  readonly stop: () => Promise<void>
}

export interface Contender {
  readonly name: string
  /** What it is, in a line. */
  readonly about: string
  /** `accepted` hears of each that came. */
  readonly listen: (own: Credentials, arrived: Arrived, accepted: (end: End) => void) => Promise<Listening>
  readonly dial: (own: Credentials, at: string, arrived: Arrived) => Promise<End>
  /** What an arrival counts for: 1, or the bytes of a chunk. */
  readonly weigh: (value: unknown) => number
  /** What has been counted when all of a corpus has arrived. */
  readonly total: (corpus: Corpus) => number
}

export const one = (): number => 1

export const perItem = ({ items }: Corpus): number => items.length
