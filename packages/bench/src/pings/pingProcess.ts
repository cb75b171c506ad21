/**
 * One side of question and answer, in a process of its own.
 */
import type { Credentials } from "../harness/credentials.ts"
import { collectGarbage } from "../harness/resources.ts"
import { serve } from "../harness/serve.ts"
import { ours } from "./ours.ts"
import { bare, jsonLines, saxes } from "./overTls.ts"
import type { Pinger } from "./pinger.ts"

export interface Side {
  readonly name: string
  readonly own: Credentials
}

const pingers: ReadonlyArray<Pinger> = [ours, bare, jsonLines, saxes]

const named = (name: string): Pinger => {
  const found = pingers.find((each) => each.name === name)
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}

let ask: ((times: number) => Promise<ReadonlyArray<number>>) | undefined

const service = {
  answer: ({ name, own }: Side): Promise<number> => named(name).answer(own),
  connect: async ({ name, own, port }: Side & { readonly port: number }): Promise<void> => {
    ask = await named(name).ask(own, port)
  },
  ask: async (times: number): Promise<ReadonlyArray<number>> => {
    await collectGarbage()
    return await ask?.(times) ?? []
  }
}

export type PingService = typeof service

serve(service)
