/**
 * One work in a process of its own: two that share a parser would spoil what the compiler learnt about it from the other.
 */
import type { Kind } from "../corpus/items.ts"
import { collectGarbage, cpuMicros } from "../harness/resources.ts"
import { serve } from "../harness/serve.ts"
import { readings } from "./reading.ts"
import type { Prepared } from "./work.ts"
import { writings } from "./writing.ts"

export interface Wanted {
  readonly what: keyof typeof works
  readonly name: string
  readonly kind: Kind
}

const works = { reading: readings, writing: writings }

let prepared: Prepared | undefined

const service = {
  /** Gives the bytes of one run. */
  prepare: ({ kind, name, what }: Wanted): number => {
    prepared = works[what].find((each) => each.name === name)?.prepare(kind)
    return prepared?.bytes ?? 0
  },
  /** Microseconds of CPU. */
  run: async (): Promise<number> => {
    await collectGarbage()
    const since = cpuMicros()
    prepared?.run()
    return cpuMicros() - since
  }
}

export type WorkService = typeof service

serve(service)
