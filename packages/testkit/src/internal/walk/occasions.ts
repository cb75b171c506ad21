/** One event of each kind, with the name by which the document of transitions calls it. */
import type { Event, State } from "@xmpp-e2e/protocol"
import * as choices from "../choices.ts"
import { always, type Choice, received } from "../choices.ts"
import { nth } from "../nth.ts"
import * as words from "../words.ts"

/** `undefined`: it cannot happen in this state. */
export type Occasion = readonly [name: string, event: (state: State.State, seq: number) => Event.Event | undefined]

const { faults, handshakes, headers, sends, sessions, stanzas, timers, verdicts } = choices

const fires: ReadonlyArray<Occasion> = timers.map((timer): Occasion => [
  `timer ${timer}`,
  (state) => {
    const running = state.timers.find((each) => each.timer === timer)
    return running === undefined ? undefined : { _tag: "TimerFired", ...running }
  }
])

const peer: ReadonlyArray<readonly [string, Choice]> = [
  ["header", nth(headers, 0)],
  ["header without version", nth(headers, 2)],
  ["header from a stranger", nth(headers, 7)],
  ["features: starttls, required", received(words.features.required)],
  ["features: starttls and more", received(words.features.voluntary)],
  ["features: EXTERNAL", received(words.features.external)],
  ["features: PLAIN", received(words.features.plain)],
  ["features: sm", received(words.features.management)],
  ["features: none", received(words.features.none)],
  ["features: something unknown, required", received(words.features.unknown)],
  ["starttls", received(words.tls.starttls)],
  ["proceed", received(words.tls.proceed)],
  ["TLS failure", received(words.tls.failure)],
  ["auth EXTERNAL", received(words.sasl.auth)],
  ["auth EXTERNAL, empty", received(words.sasl.authEmpty)],
  ["auth EXTERNAL, for a stranger", received(words.sasl.authStranger)],
  ["auth PLAIN", received(words.sasl.authPlain)],
  ["response", received(words.sasl.response)],
  ["abort", received(words.sasl.abort)],
  ["challenge", received(words.sasl.challenge)],
  ["challenge with text", received(words.sasl.challengeText)],
  ["success", received(words.sasl.success)],
  ["SASL failure", received(words.sasl.failure)],
  ["enable", received(words.management.enableResume)],
  ["enabled", received(words.management.enabledResume)],
  ["resume", received(words.management.resume)],
  ["resumed", received(words.management.resumed)],
  ["sm failed", received(words.management.failed)],
  ["r", received(words.management.request)],
  ["a", received(words.management.none)],
  ["a, too high", received(words.management.high)],
  ["message", nth(stanzas, 0)],
  ["message from a stranger", nth(stanzas, 17)],
  ["iq to somebody else", nth(stanzas, 12)],
  ["message with a prefix", nth(stanzas, 19)],
  ["message in another content namespace", received(words.odd.otherContent)],
  ["unknown in a known namespace", received(words.odd.inStream)],
  ["unknown namespace", received(words.odd.extension)],
  ["stream error", received(words.errors.conflict)],
  ["footer", always({ _tag: "FooterReceived" })],
  ["white space", always({ _tag: "WhitespaceReceived" })],
  ["unreadable input", nth(faults, 0)]
]

const own: ReadonlyArray<readonly [string, Choice]> = [
  ["Send", nth(sends, 0)],
  ["Close", always({ _tag: "CloseRequested" })],
  ["Fail", always({ _tag: "FailRequested", condition: "conflict" })],
  ["Abort", always({ _tag: "AbortRequested" })],
  ["Enable", always({ _tag: "EnableRequested", resumable: true })],
  ["Acknowledge", always({ _tag: "AcknowledgeRequested" })],
  ["ask for an acknowledgement", always({ _tag: "AcknowledgementRequested" })],
  ["Resume", always({ _tag: "ResumeRequested" })]
]

const world: ReadonlyArray<readonly [string, Choice]> = [
  ["transport opened", always({ _tag: "TransportOpened" })],
  ["transport ended", always({ _tag: "TransportEnded" })],
  ["transport lost", always({ _tag: "TransportLost" })],
  ["TLS established", nth(handshakes, 0)],
  ["TLS failed", always({ _tag: "TlsFailed", fault: "no cipher in common" })],
  ["verdict: accept", nth(verdicts, 1)],
  ["verdict: accept, and nobody named", nth(verdicts, 2)],
  ["verdict: reject", nth(verdicts, 3)],
  ["session found", nth(sessions, 0)],
  ["session not found", nth(sessions, 1)]
]

export const occasions: ReadonlyArray<Occasion> = [...peer, ...own, ...world, ...fires]
