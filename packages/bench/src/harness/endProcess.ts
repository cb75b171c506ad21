/**
 * One end of a conversation, in a process of its own: opens it, sends what it was told to make ready, and says when all has
 * arrived.
 */
import { named } from "../contenders/all.ts"
import type { End } from "../contenders/contender.ts"
import { make, type Recipe } from "../corpus/corpus.ts"
import type { Opening } from "./opening.ts"
import { collectGarbage, cpuMicros, nanos } from "./resources.ts"
import * as Sampling from "./sampling.ts"
import { serve } from "./serve.ts"

export interface Beginning {
  /** A profile would show the collection as if it had been part of the work. */
  readonly collects: boolean
}

let contender = named("ours")
const accepted = Promise.withResolvers<End>()
let end: Promise<End> = accepted.promise
let send: (() => Promise<void>) | undefined
let total = 0
let left = 0
let sinceCpu = 0
let whole = Promise.withResolvers<{ readonly at: number; readonly cpu: number }>()

const arrived = (value: unknown): void => {
  left -= contender.weigh(value)
  if (left === 0) whole.resolve({ at: nanos(), cpu: cpuMicros() - sinceCpu })
}

const begin = async ({ collects }: Beginning): Promise<void> => {
  if (collects) await collectGarbage()
  sinceCpu = cpuMicros()
}

const service = {
  listen: async ({ contender: name, own }: Opening): Promise<string> => {
    contender = named(name)
    return (await contender.listen(own, arrived, accepted.resolve)).at
  },
  dial: async ({ at, contender: name, own }: Opening & { readonly at: string }): Promise<void> => {
    contender = named(name)
    end = contender.dial(own, at, arrived)
    await end
  },
  ready: async (): Promise<void> => void await end,
  /** For what this end will send. */
  load: async (recipe: Recipe): Promise<void> => {
    send = (await end).load(make(recipe))
  },
  /** For what this end will get. */
  count: (recipe: Recipe): void => {
    total = contender.total(make(recipe))
  },
  expect: async (beginning: Beginning): Promise<void> => {
    left = total
    whole = Promise.withResolvers()
    await begin(beginning)
  },
  arrived: () => whole.promise,
  send: async (beginning: Beginning): Promise<number> => {
    await begin(beginning)
    const at = nanos()
    await send?.()
    return at
  },
  spent: (): number => cpuMicros() - sinceCpu,
  beginProfile: Sampling.begin,
  endProfile: Sampling.end,
  close: async (): Promise<void> => (await end).close()
}

export type EndService = typeof service

serve(service)
