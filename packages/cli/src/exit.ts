/**
 * How the command ends: one error, one table of exit codes (design §1). Whoever wants the process to end otherwise than
 * with 0 fails with `CommandFailed`; nothing else sets an exit code.
 */
import type { Reason } from "@xmpp-e2e/protocol"
import * as Data from "effect/Data"
import * as Runtime from "effect/Runtime"

/** 0 done; 1 the stream failed; 2 wrong usage; 3 the peer was not admitted, or did not admit us; 130 interrupted. */
export const exitCodes = { failed: 1, usage: 2, notAdmitted: 3 } as const

export class CommandFailed extends Data.TaggedError("CommandFailed")<{
  readonly code: (typeof exitCodes)[keyof typeof exitCodes]
  /** What happened, why, what to do: one paragraph for standard error. */
  readonly sentence: string
}> {
  override readonly [Runtime.errorExitCode] = this.code
  // `main` prints the sentence itself.
  override readonly [Runtime.errorReported] = false
  override get message(): string {
    return this.sentence
  }
}

export const usage = (sentence: string): CommandFailed => new CommandFailed({ code: exitCodes.usage, sentence })

/**
 * A stream that did not end in order. What went wrong between header and admission is a matter of trust, whichever side
 * said no: the conditions below are how a peer says so.
 */
export const streamFailure = (reason: Reason.Reason, sentence: string, negotiated: boolean): CommandFailed =>
  new CommandFailed({ code: isRefusal(reason, negotiated) ? exitCodes.notAdmitted : exitCodes.failed, sentence })

const isRefusal = ({ _tag, condition }: Reason.Reason, negotiated: boolean): boolean =>
  _tag === "NotAdmitted" ||
  (!negotiated && _tag === "PeerReported" && condition !== undefined && refusals.includes(condition))

const refusals: ReadonlyArray<string> = ["policy-violation", "invalid-from", "not-authorized"]
