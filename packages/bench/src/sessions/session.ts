/**
 * Sessions that are opened and then only kept: for what it costs to establish one, and what one takes while it is idle.
 */
import type { Credentials } from "../harness/credentials.ts"

export interface Host {
  readonly port: number
  /** How many sessions are established at this side. */
  readonly established: () => number
  /** Whatever is still there is broken off. */
  readonly dropAll: () => Promise<void>
}

export interface Guest {
  /** Opens one more, and keeps it. */
  readonly open: () => Promise<void>
  readonly dropAll: () => Promise<void>
}

export interface Manner {
  readonly name: string
  readonly host: (own: Credentials) => Promise<Host>
  readonly guest: (own: Credentials, port: number) => Promise<Guest>
}
