/**
 * Whether a peer that asks for a verification may bother the person: one question of a peer at a time, few in all, and not
 * one right after the other, on whatever stream. Whoever asks too often is told so, and the person hears nothing of it.
 *
 * @internal
 */
import { IqRefusal } from "@xmpp-e2e/stream/IqRouter"

/** @internal */
export interface Prompts {
  /** Takes the place of a question, or says why there is none. `waiting` are the peers whose questions still stand. */
  readonly take: (peer: string, nowMillis: number, waiting: ReadonlyArray<string>) => IqRefusal | undefined
}

/** @internal */
export const make = (gapMillis: number): Prompts => {
  const last = new Map<string, number>()

  const forgetOld = (nowMillis: number): void => {
    for (const [peer, at] of last) if (nowMillis - at >= gapMillis) last.delete(peer)
  }

  return {
    take: (peer, nowMillis, waiting) => {
      if (waiting.includes(peer)) {
        return tooMany("You have asked already, on another stream; the person has not answered.")
      }
      forgetOld(nowMillis)
      const before = last.get(peer)
      if (before !== undefined) {
        const seconds = Math.ceil((before + gapMillis - nowMillis) / 1000)
        return tooMany(`You asked a moment ago; ask again in ${seconds === 1 ? "a second" : `${seconds} seconds`}.`)
      }
      if (waiting.length >= waitingMax || last.size >= rememberedMax) return tooMany("Too many ask at once.")
      last.set(peer, nowMillis)
      return undefined
    }
  }
}

const tooMany = (text: string): IqRefusal => new IqRefusal({ condition: "resource-constraint", type: "wait", text })

/** No person keeps more questions in mind. */
const waitingMax = 8
const rememberedMax = 1024
