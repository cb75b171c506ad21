/**
 * How a process is told whom to play, and as whom.
 */
import type { Credentials } from "./credentials.ts"

export interface Opening {
  readonly contender: string
  readonly own: Credentials
}
