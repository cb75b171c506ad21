/**
 * Which of several streams with one peer stays (DUP-01, DUP-02). Pure: from what stands to what has to be done.
 */

/** A stream that is negotiated, and not closing. */
export interface Standing {
  readonly id: number
  /** Who initiated it. */
  readonly by: "us" | "them"
  /** Whether it is known, and not only said, who the peer is. */
  readonly verified: boolean
}

export interface Settlement {
  /** The one to use; none where there is none. */
  readonly kept: number | undefined
  readonly closing: ReadonlyArray<Closing>
}

/**
 * `conflict`: ours to close, with that condition. `leave`: the peer's to close, since we initiated it; when it does not,
 * we close in order.
 */
export interface Closing {
  readonly id: number
  readonly how: "conflict" | "leave"
}

/**
 * `standing` is in the order in which the streams came to stand. `self` and `peer` are the bare addresses of this pair.
 *
 * Of streams that the same side initiated the newest stays, as the old one is probably dead; of streams dialled crosswise
 * the one whose initiator's address sorts first, octet by octet. Whoever only says who he is never drives out somebody who
 * is known.
 */
export const settle = (self: string, peer: string, standing: ReadonlyArray<Standing>): Settlement => {
  const known = standing.filter(({ verified }) => verified)
  const eligible = known.length > 0 ? known : standing
  const ours = eligible.findLast(({ by }) => by === "us")
  const theirs = eligible.findLast(({ by }) => by === "them")
  const kept = ours === undefined || (theirs !== undefined && !sortsFirst(self, peer)) ? theirs : ours
  return {
    kept: kept?.id,
    closing: standing.filter(({ id }) => id !== kept?.id).map(({ by, id }) => ({
      id,
      how: by === "them" ? "conflict" : "leave"
    }))
  }
}

/** UTF-8 sorts as code points do. */
const sortsFirst = (one: string, other: string): boolean => {
  const [left, right] = [Array.from(one), Array.from(other)]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const [a, b] = [left[at]?.codePointAt(0) ?? 0, right[at]?.codePointAt(0) ?? 0]
    if (a !== b) return a < b
  }
  return left.length < right.length
}
