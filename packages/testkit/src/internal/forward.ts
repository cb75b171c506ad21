/**
 * For each kind of state, the events that move it on, the likeliest first. What moves a state on depends on the policy, so
 * several are near the front; whatever does not fit is a peer's slip, which is worth a try as well.
 */
import type { State } from "@xmpp-e2e/protocol"
import * as choices from "./choices.ts"
import { always, type Choice, received, stanza } from "./choices.ts"
import * as words from "./words.ts"

const { commands, faults, handshakes, headers, running, sends, sessions, stanzas, verdicts } = choices

const close = always({ _tag: "CloseRequested" })
const footer = always({ _tag: "FooterReceived" })
const ended = always({ _tag: "TransportEnded" })
const lost = always({ _tag: "TransportLost" })
const whitespace = always({ _tag: "WhitespaceReceived" })

/** A good header most of the time. */
const welcome = [...headers.slice(0, 2), ...headers.slice(0, 1), ...headers.slice(0, 1), ...headers.slice(2, 4)]

/** A sequence with more weight in front: numbers are mostly small. */
const forward: Readonly<Record<string, ReadonlyArray<Choice>>> = {
  "Dormant": [always({ _tag: "TransportOpened" }), always({ _tag: "TransportOpened" }), ...sends.slice(0, 1)],
  "Initiating.AwaitingHeader": welcome,
  "Initiating.AwaitingFeatures": [
    received(words.features.all),
    received(words.features.management),
    received(words.features.external),
    received(words.features.voluntary),
    received(words.features.none),
    received(words.features.required),
    received(words.features.choice),
    ...sends.slice(0, 2)
  ],
  "Initiating.AwaitingProceed": [
    received(words.tls.proceed),
    received(words.tls.proceedOffer),
    whitespace,
    received(words.tls.failure)
  ],
  "Initiating.AwaitingTls": [...handshakes, ...sends.slice(0, 1)],
  "Initiating.AwaitingVerdict": [...verdicts.slice(0, 3), ...headers.slice(0, 1), ...verdicts.slice(3)],
  "Initiating.AwaitingSasl": [
    received(words.sasl.success),
    received(words.sasl.challenge),
    received(words.sasl.challengeText),
    received(words.sasl.failure)
  ],
  "Initiating.AwaitingAbort": [
    received(words.sasl.failure),
    received(words.sasl.success),
    received(words.sasl.challenge)
  ],
  "Initiating.AwaitingResumed": [
    received(words.management.resumed),
    received(words.management.failed),
    received(words.management.resumedHigh)
  ],
  "Responding.AwaitingHeader": welcome,
  "Responding.AwaitingChoice": [
    received(words.tls.starttls),
    received(words.sasl.auth),
    choices.authAs("auth"),
    received(words.sasl.authEmpty),
    received(words.tls.offer),
    received(words.sasl.authPlain)
  ],
  "Responding.AwaitingCommitment": [
    received(words.tls.starttls),
    stanza((each) => each.message()),
    ...running,
    ...sends.slice(0, 1)
  ],
  "Responding.AwaitingTls": [...handshakes, ...sends.slice(0, 1)],
  "Responding.AwaitingVerdict": [...verdicts.slice(0, 3), ...headers.slice(0, 1), ...verdicts.slice(3)],
  "Responding.AwaitingResponse": [
    received(words.sasl.response),
    choices.authAs("response"),
    received(words.sasl.abort),
    received(words.sasl.authEmpty)
  ],
  "Established": [
    ...stanzas.slice(0, 1),
    ...sends.slice(0, 2),
    received(words.management.enabledResume),
    received(words.management.enableResume),
    received(words.management.resume),
    ...commands.slice(0, 2),
    footer,
    received(words.management.one),
    received(words.management.request),
    ...sessions.slice(0, 2),
    ...stanzas.slice(2, 5),
    stanza((each) => each.fromStranger()),
    ...running
  ],
  "Closing.AwaitingFooter": [
    footer,
    ...stanzas.slice(0, 2),
    whitespace,
    received(words.management.one),
    ...headers.slice(0, 1),
    ...sends.slice(0, 1)
  ],
  "Closing.AwaitingDrain": [...sends.slice(0, 2), close, ended, ...running.slice(0, 1)],
  "Closing.AwaitingEnd": [ended, lost, ...sends.slice(0, 1), ...running.slice(0, 1)],
  "Closed": [...sends.slice(0, 1), ...running.slice(0, 1), ...faults.slice(0, 1)]
}

/** What the label of a state does not tell, and what it waits for in that situation. */
const special: Readonly<Record<string, ReadonlyArray<Choice>>> = {
  resuming: [...sessions, ...sends.slice(0, 1), ...stanzas.slice(0, 1), footer, ...running],
  managing: [
    received(words.management.resume),
    received(words.management.enableResume),
    received(words.management.resume),
    ...sends.slice(0, 1)
  ],
  draining: [...stanzas.slice(0, 1), footer, ...sends.slice(0, 1)],
  returning: [
    received(words.features.management),
    received(words.features.management),
    received(words.features.external),
    received(words.features.none)
  ]
}

const situationOf = (state: State.State): string | undefined => {
  const { config } = state
  if (state._tag === "Initiating") {
    const awaited = state.at._tag === "AwaitingFeatures" && state.link._tag !== "Clear"
    return awaited && config.management.resume !== undefined ? "returning" : undefined
  }
  if (state._tag !== "Established") return undefined
  if (state.session.resuming !== undefined) return "resuming"
  if (config.role === "recipient" && config.management.use && state.session.untouched) return "managing"
  return config.timeouts.drainMillis > 0 ? "draining" : undefined
}

const whole = (lists: Readonly<Record<string, ReadonlyArray<Choice>>>): ReadonlyMap<string, ReadonlyArray<Choice>> =>
  new Map(Object.entries(lists).map(([name, first]) => [name, [...first, ...choices.everything]]))

const bySituation = whole(special)
const byLabel = whole(forward)

export const menuOf = (state: State.State, label: string): ReadonlyArray<Choice> =>
  bySituation.get(situationOf(state) ?? "") ?? byLabel.get(label) ?? choices.everything
