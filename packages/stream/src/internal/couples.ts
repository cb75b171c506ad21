/** Who is at the other end of which streams: each peer with all of its streams, the one in use, and a dial under way. */
import type * as Deferred from "effect/Deferred"
import type * as Latch from "effect/Latch"
import type { E2eStream } from "../E2eStream.ts"
import * as pairing from "./pairing.ts"

export interface Member extends pairing.Standing {
  readonly stream: E2eStream
  /** When somebody said something last, in milliseconds of the clock. */
  usedMillis: number
  /** Stanzas of the peer. */
  heard: number
  /** Open when everything that came on it was handed to the application. */
  readonly heardOut: Latch.Latch
  /** There is a better one, or it is closing. */
  isLeaving: boolean
  /** There is no way back. */
  isClosing: boolean
}

export interface Couple<E> {
  members: ReadonlyArray<Member>
  dialling: Deferred.Deferred<E2eStream, E> | undefined
}

export interface Couples<E> {
  readonly of: (peer: string) => Couple<E>
  /** The one in use: none that is closing. */
  readonly kept: (couple: Couple<E>) => Member | undefined
  readonly keptOf: (peer: string) => Member | undefined
  /** Adds a stream; gives those that have to go because of it. */
  readonly join: (peer: string, member: Member) => ReadonlyArray<readonly [Member, pairing.Closing["how"]]>
  readonly leave: (peer: string, member: Member) => void
  /** It is closing: nobody should use it any more. */
  readonly retire: (stream: E2eStream) => void
  /** Whether one that had to go is the only one now, and may stay. */
  readonly reprieve: (peer: string, member: Member) => boolean
  /** Our own address is another; gives the streams under the one before, of which none is in use any more. */
  readonly rename: (self: string) => ReadonlyArray<Member>
  readonly all: () => ReadonlyArray<E2eStream>
}

export const make = <E>(at: string): Couples<E> => {
  let self = at
  const couples = new Map<string, Couple<E>>()

  const of = (peer: string): Couple<E> => {
    const known = couples.get(peer)
    if (known !== undefined) return known
    const couple: Couple<E> = { members: [], dialling: undefined }
    couples.set(peer, couple)
    return couple
  }

  const kept = ({ members }: Couple<E>): Member | undefined => members.find(({ isLeaving }) => !isLeaving)

  return {
    of,
    kept,
    keptOf: (peer) => kept(of(peer)),
    join: (peer, member) => {
      const couple = of(peer)
      couple.members = [...couple.members, member]
      const { closing } = pairing.settle(self, peer, couple.members.filter(({ isLeaving }) => !isLeaving))
      return closing.flatMap(({ how, id }) => {
        const leaving = couple.members.find((each) => each.id === id)
        if (leaving === undefined) return []
        leaving.isLeaving = true
        return [[leaving, how] as const]
      })
    },
    leave: (peer, member) => {
      const couple = of(peer)
      couple.members = couple.members.filter((each) => each !== member)
      if (couple.members.length === 0 && couple.dialling === undefined) couples.delete(peer)
    },
    retire: (stream) => {
      for (const { members } of couples.values()) {
        for (const member of members.filter((each) => each.stream === stream)) {
          member.isLeaving = true
          member.isClosing = true
        }
      }
    },
    reprieve: (peer, member) => {
      const couple = of(peer)
      if (member.isClosing || !couple.members.includes(member) || kept(couple) !== undefined) return false
      member.isLeaving = false
      return true
    },
    rename: (another) => {
      self = another
      const before = [...couples.values()].flatMap(({ members }) => members)
      for (const member of before) {
        member.isLeaving = true
        member.isClosing = true
      }
      return before
    },
    all: () => [...couples.values()].flatMap((couple) => kept(couple)?.stream ?? [])
  }
}
