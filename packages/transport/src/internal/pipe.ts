/** One direction of an in-memory connection: bytes on their way, and how the direction came to its end. */
import * as Bytes from "./bytes.ts"

/**
 * `ended`: the writer sends no more, what is in the pipe can still be read. `reset`: one of the two is gone, and so are
 * the bytes.
 *
 * @internal
 */
export type Status = "open" | "ended" | "reset"

/** @internal */
export interface Pipe {
  readonly status: () => Status
  readonly size: () => number
  readonly hasRoom: () => boolean
  /** Keeps a copy. The writer waits for room afterwards, so one write may go beyond the bound. */
  readonly push: (bytes: Uint8Array) => void
  readonly take: (count: number) => Uint8Array
  readonly end: () => void
  readonly reset: () => void
  /** The reader is told of new bytes and of the end, on the stack of whoever caused them. */
  readonly onReadable: (listener: () => void) => void
  /** Writers that wait are told, once each, by `release` and when the pipe is reset. */
  readonly awaitRoom: (listener: () => void) => () => void
  /**
   * Tells the waiting writers. Taking does not do it by itself: a writer that goes on at once would put new bytes before
   * those that the reader holds in its hand.
   */
  readonly release: () => void
}

/** @internal */
export const make = (capacity: number): Pipe => {
  const bytes = Bytes.make()
  const waiting = new Set<() => void>()
  let status: Status = "open"
  let readable: () => void = () => {}

  const release = (): void => {
    // A writer that is told may write, and wait again.
    const now = Array.from(waiting)
    waiting.clear()
    for (const listener of now) listener()
  }

  return {
    status: () => status,
    size: bytes.size,
    hasRoom: () => bytes.size() < capacity,
    push: (chunk) => {
      if (status !== "open") return
      bytes.push(chunk.slice())
      readable()
    },
    take: bytes.take,
    end: () => {
      if (status !== "open") return
      status = "ended"
      readable()
    },
    reset: () => {
      if (status === "reset") return
      status = "reset"
      bytes.clear()
      readable()
      release()
    },
    onReadable: (listener) => {
      readable = listener
    },
    awaitRoom: (listener) => {
      waiting.add(listener)
      return () => {
        waiting.delete(listener)
      }
    },
    release
  }
}
