/**
 * Question and answer: how long until the other process has said that it is there.
 */
import type { Credentials } from "../harness/credentials.ts"
import { nanos } from "../harness/resources.ts"

export interface Pinger {
  readonly name: string
  /** Answers whoever comes; gives the port. */
  readonly answer: (own: Credentials) => Promise<number>
  /** Gives a function that asks so many times, one after another, and says how many microseconds each took. */
  readonly ask: (own: Credentials, port: number) => Promise<(times: number) => Promise<ReadonlyArray<number>>>
}

/** For those who write and are called back. */
export const asking = (write: (id: number) => void) => {
  let answered = (): void => {}
  return {
    heard: (): void => answered(),
    ask: async (times: number): Promise<ReadonlyArray<number>> => {
      const took: Array<number> = []
      for (let id = 0; id < times; id++) {
        const since = nanos()
        await new Promise<void>((resolve) => {
          answered = resolve
          write(id)
        })
        took.push((nanos() - since) / 1000)
      }
      return took
    }
  }
}
