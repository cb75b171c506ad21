/**
 * Why a stream was refused or failed, and at which step. The first no counts: a verdict, a failed authentication, a stream
 * error; else the end, when it was nobody's wish.
 */
import type { Action, Notice } from "@xmpp-e2e/protocol"
import * as Describe from "@xmpp-e2e/protocol/Describe"
import type * as Recording from "@xmpp-e2e/recording/Recording"
import type { Refusal } from "./model.ts"

/** @internal */
export const refusal = (steps: ReadonlyArray<Recording.Step>): Refusal | undefined => {
  const end = ended(steps)
  if (end?.notice.reason._tag === "Finished") return undefined
  for (const [at, step] of steps.entries()) {
    const found = verdict(at, step) ?? failure(at, step, end?.notice.reason.rule)
    if (found !== undefined) return found
  }
  if (end === undefined) return undefined
  const { reason } = end.notice
  return refused(end.at, false, reason.rule, `${reason._tag}: ${reason.cause}`, reason.detail)
}

const verdict = (at: number, { event }: Recording.Step): Refusal | undefined =>
  event._tag === "PeerJudged" && event.verdict.decision === "reject"
    ? refused(at, true, event.verdict.rule, `certificate refused: ${event.verdict.code}`, event.verdict.because)
    : undefined

const failure = (at: number, { actions }: Recording.Step, rule = ""): Refusal | undefined => {
  for (const notice of actions.flatMap(reported)) {
    switch (notice._tag) {
      case "CertificateRejected":
        return refused(
          at,
          true,
          notice.verdict.rule,
          `certificate refused: ${notice.verdict.code}`,
          notice.verdict.because
        )
      case "AuthenticationFailed":
        return refused(at, false, rule, `authentication failed: ${Describe.clean(notice.condition)}`)
      case "PeerError":
        return refused(at, false, rule, `the peer ended it: ${notice.error.condition}`)
      case "SentError":
        return refused(at, true, rule, `stream error sent: ${notice.error.condition}`)
      default:
    }
  }
  return undefined
}

const refused = (step: number, own: boolean, rule: string, what: string, because?: string): Refusal => ({
  step,
  own,
  rule: Describe.clean(rule),
  what,
  ...(because === undefined ? {} : { because: Describe.clean(because, becauseMax) })
})

interface End {
  readonly at: number
  readonly notice: Notice.Notice & { readonly _tag: "Ended" }
}

const ended = (steps: ReadonlyArray<Recording.Step>): End | undefined => {
  for (let at = steps.length - 1; at >= 0; at--) {
    for (const notice of steps[at]?.actions.flatMap(reported) ?? []) {
      if (notice._tag === "Ended") return { at, notice }
    }
  }
  return undefined
}

const reported = (action: Action.Action): ReadonlyArray<Notice.Notice> =>
  action._tag === "Report" ? [action.notice] : []

const becauseMax = 600
