/** The words of a verification: questions to a person, and the lines of `--json` in both directions. */
import { Describe } from "@xmpp-e2e/protocol"
import type { ChatEvent, Verifying, VerifyingFailure } from "@xmpp-e2e/serverless"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CommandFailed, exitCodes } from "./exit.ts"

/** What its certificate is believed by is no news here; whether somebody has compared before is. */
export const connected = (peer: string, mark: ChatEvent.Mark): string =>
  `connected to ${named(peer)}, ${mark === "verified" ? "verified before" : "not verified yet"}`

/** `how` says how to answer. */
export const wish = (peer: string, how = "[yes/no]"): ReadonlyArray<string> => [
  `${named(peer)} wants to make sure that nobody sits between you: both of you will see ten digits and compare them.`,
  `Do it when you can hear each other: side by side, or on the telephone. Start now? ${how}`
]

export const comparison = (peer: string, text: string, how = "[yes/no]"): ReadonlyArray<string> => [
  "",
  `    ${text}`,
  "",
  `Read these digits to ${named(peer)} by voice, not through this program, and hear that the same ones are seen there.`,
  "If they differ, somebody sits between you, who can read everything and write in both names: answer no.",
  `Are they the same? ${how}`
]

export const verified = (peer: string): string =>
  `verified: nobody sits between you and ${named(peer)}, and the pin says so from now on`

export const waiting = (peer: string): string =>
  `waiting for ${named(peer)} to agree; call each other meanwhile, for digits have to be compared by voice …`

export const eventLine = (event: Verifying.Event): string => {
  const { _tag, peer } = event
  switch (event._tag) {
    case "Asked":
      return line({ event: _tag, peer })
    case "Show":
      return line({ event: _tag, peer, text: event.text })
    case "Verified":
      return line({ event: _tag, peer, certificate: event.pin.certificate })
    case "Failed":
      return failureLine(peer, event.failure)
  }
}

export const failureLine = (peer: string, { message, why }: VerifyingFailure.VerifyingFailed): string =>
  line({ event: "Failed", peer, why, sentence: message })

/** What a program says. Without `peer` it means the one who is asked about last. */
export interface Answer {
  readonly verification: "agree" | "same" | "different" | "stop"
  readonly peer?: string
}

/** Nothing where the line is about something else. */
export const answerIn = (text: string): Answer | undefined => {
  const decoded = decodeAnswer(text)
  return Result.isSuccess(decoded) ? decoded.success : undefined
}

/** That somebody is in between is a matter of trust, as when a certificate is refused. */
export const failed = ({ message, why }: VerifyingFailure.VerifyingFailed): CommandFailed =>
  new CommandFailed({
    code: attacks.has(why) ? exitCodes.notAdmitted : exitCodes.failed,
    sentence: `not verified: ${Describe.clean(message)}`
  })

const line = (verification: object): string => JSON.stringify({ verification })

/** Somebody else wrote it. */
const named = (peer: string): string => Describe.clean(peer)

const attacks: ReadonlySet<VerifyingFailure.Why> = new Set(["different", "commitmentBroken", "reflected"])

const decodeAnswer = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Struct({
    verification: Schema.Literals(["agree", "same", "different", "stop"]),
    peer: Schema.optionalKey(Schema.String)
  }))
)
