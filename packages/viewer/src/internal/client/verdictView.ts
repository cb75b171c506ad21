/** A verdict on the peer's certificate: what was decided, by which rule and why, what was noticed, and what it rests on. */
import type { Verdict } from "@xmpp-e2e/protocol"
import type { Step } from "../model.ts"
import { isHidden } from "./claims.ts"
import { make } from "./dom.ts"
import { evidenceView } from "./evidenceView.ts"
import { visible } from "./text.ts"

/** @internal The verdict that a step brought. */
export const verdictOf = ({ actions, event }: Step): Verdict.Verdict | undefined => {
  if (event._tag === "PeerJudged") return event.verdict
  for (const action of actions) {
    if (action._tag === "Report" && action.notice._tag === "CertificateRejected") return action.notice.verdict
  }
  return undefined
}

/** @internal What it rests on, where the recording holds it. */
export const evidenceOf = ({ event }: Step): Verdict.Evidence | undefined =>
  event._tag === "PeerJudged" ? event.evidence : undefined

/** @internal */
export const verdictView = (verdict: Verdict.Verdict, evidence?: Verdict.Evidence): HTMLElement => {
  const accepted = verdict.decision === "accept"
  const list = make("dl")
  const row = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== "" && !isHidden(value)) {
      list.append(make("dt", {}, name), make("dd", {}, visible(value)))
    }
  }
  row("Rule", verdict.rule)
  row("Because", verdict.because)
  row("Believed by", verdict.strength)
  row("Identity", verdict.identity)
  row("Speaks for", verdict.authorised.join(", "))
  // The certificate itself is shown with it.
  if (evidence === undefined) row("Fingerprint", verdict.fingerprint)
  row("Expires in", verdict.expiresIn === undefined ? undefined : lasting(verdict.expiresIn))
  for (const notice of verdict.notices) row("Notice", notice)
  return make(
    "section",
    { class: accepted ? "verdict good" : "verdict bad", "aria-label": "Verdict on the certificate" },
    make("h3", {}, `${accepted ? "Accepted" : "Refused"}: ${verdict.code}`),
    list,
    ...(evidence === undefined ? [] : [evidenceView(evidence, verdict)])
  )
}

const lasting = (millis: number): string =>
  millis < 2 * day ? `${Math.round(millis / hour)} hours` : `${Math.floor(millis / day)} days`

const hour = 3_600_000
const day = 24 * hour
