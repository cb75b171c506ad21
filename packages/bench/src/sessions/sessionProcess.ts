/**
 * One side of many sessions, in a process of its own.
 */
import type { Credentials } from "../harness/credentials.ts"
import { collectGarbage, cpuMicros, memory } from "../harness/resources.ts"
import { serve } from "../harness/serve.ts"
import { ours } from "./ours.ts"
import { bare, saxes } from "./overTls.ts"
import type { Guest, Host, Manner } from "./session.ts"

export interface Side {
  readonly name: string
  readonly own: Credentials
}

const manners: ReadonlyArray<Manner> = [ours, bare, saxes]

const named = (name: string): Manner => {
  const found = manners.find((each) => each.name === name)
  if (found === undefined) throw new Error(`nobody is called ${name}`)
  return found
}

let host: Host | undefined
let guest: Guest | undefined
let sinceCpu = 0

const service = {
  host: async ({ name, own }: Side): Promise<number> => {
    host = await named(name).host(own)
    return host.port
  },
  guest: async ({ name, own, port }: Side & { readonly port: number }): Promise<void> => {
    guest = await named(name).guest(own, port)
  },
  begin: async (): Promise<void> => {
    await collectGarbage()
    sinceCpu = cpuMicros()
  },
  /** One after another. */
  open: async (times: number): Promise<void> => {
    for (let time = 0; time < times; time++) await guest?.open()
  },
  /** Until so many have been established here, all in all. */
  established: async (total: number): Promise<void> => {
    while (host !== undefined && host.established() < total) await new Promise((resolve) => setTimeout(resolve, 1))
  },
  spent: (): number => cpuMicros() - sinceCpu,
  memory,
  dropAll: async (): Promise<void> => {
    await guest?.dropAll()
    await host?.dropAll()
  }
}

export type SessionService = typeof service

serve(service)
