/**
 * One end of many conversations at once, in a process of its own.
 */
import { named } from "../contenders/all.ts"
import type { End } from "../contenders/contender.ts"
import { make, type Recipe } from "../corpus/corpus.ts"
import type { Opening } from "../harness/opening.ts"
import { cpuMicros } from "../harness/resources.ts"
import { serve } from "../harness/serve.ts"

const ends: Array<End> = []
let senders: ReadonlyArray<() => Promise<void>> = []
let left = 0
let sinceCpu = 0
let whole = Promise.withResolvers<void>()

const arrived = (): void => {
  left -= 1
  if (left === 0) whole.resolve()
}

const service = {
  listen: async ({ contender, own }: Opening): Promise<string> =>
    (await named(contender).listen(own, arrived, (end) => void ends.push(end))).at,
  dial: async ({ at, contender, own, times }: Opening & { readonly at: string; readonly times: number }) => {
    for (let time = 0; time < times; time++) ends.push(await named(contender).dial(own, at, arrived))
  },
  established: async (total: number): Promise<void> => {
    while (ends.length < total) await new Promise((resolve) => setTimeout(resolve, 1))
  },
  /** What each sends in one round. */
  load: (recipe: Recipe): void => {
    const corpus = make(recipe)
    senders = ends.map((end) => end.load(corpus))
  },
  /** Garbage is not collected beforehand: with many streams that would make the next collection come sooner, and cost. */
  expect: (total: number): void => {
    left = total
    whole = Promise.withResolvers()
    sinceCpu = cpuMicros()
  },
  send: async (rounds: number): Promise<void> => {
    sinceCpu = cpuMicros()
    for (let round = 0; round < rounds; round++) {
      for (let at = 0; at < senders.length; at += atOnce) {
        await Promise.all(senders.slice(at, at + atOnce).map((send) => send()))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  },
  arrived: () => whole.promise,
  spent: (): number => cpuMicros() - sinceCpu
}

/** How many conversations are busy at a time: what is on its way at once should not grow with their number. */
const atOnce = 10

export type ManyService = typeof service

serve(service)
