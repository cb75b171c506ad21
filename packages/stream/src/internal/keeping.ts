/**
 * What of a stream is kept when not all of it is: the negotiation, what comes right after it, and the last steps. What is
 * kept for later is kept as it is, and costs nothing until somebody wants it.
 */
import * as Recording from "@xmpp-e2e/recording/Recording"

/** Lines of one stream, in order. @internal */
export interface Keeping {
  readonly take: (line: Recording.Line) => void
  /** What was kept for later comes now. */
  readonly finish: () => void
}

/** All of it, at once. @internal */
export const everything = (emit: (line: Recording.Line) => void): Keeping => ({ take: emit, finish: () => {} })

/**
 * The negotiation and `early` lines after it at once, the last `late` lines at the end. The first of these that is a step
 * says how many steps are left out before it: none, where it was chunks only.
 *
 * @internal
 */
export const bounded = (early: number, late: number, emit: (line: Recording.Line) => void): Keeping => {
  let negotiating = negotiationMax
  let left = early
  let nextSeq = 0
  let last: Array<Recording.Line> = []
  let waiting = 0
  const told = (line: Recording.Line): void => {
    if (Recording.isStep(line)) nextSeq = line.seq + 1
    emit(line)
  }
  return {
    take: (line) => {
      if (negotiating > 0) {
        const over = Recording.isStep(line) && line.state === "Established"
        negotiating = over ? 0 : negotiating - 1
        told(line)
      } else if (left > 0) {
        left -= 1
        told(line)
      } else {
        last.push(line)
        waiting += 1
        // Cut in pieces: each line is moved once, on average.
        if (last.length >= 2 * late) last = last.slice(-late)
      }
    },
    finish: () => {
      let isCut = waiting > late
      for (const line of last.slice(-late)) {
        const isFirst = isCut && Recording.isStep(line)
        told(isFirst ? { ...line, omitted: line.seq - nextSeq } : line)
        if (isFirst) isCut = false
      }
      last = []
    }
  }
}

/** Nobody negotiates longer than that, but for those who want to fill a disk. */
const negotiationMax = 1000
