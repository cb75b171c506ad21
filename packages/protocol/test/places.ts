/** All the states of the machine, walked to, with what the tables ask about them; for rows that hold in many states. */
import type { State } from "../src/State.ts"
import * as say from "./speaking.ts"
import type { Role } from "./speaking.ts"
import * as walk from "./walking.ts"

export interface Place {
  readonly state: State
  readonly role: Role
  /** State-machine §6: our own stream is open in the present document. */
  readonly out: "none" | "open" | "closed"
  readonly is: "idle" | "negotiation" | "tls" | "verdict" | "open" | "footer" | "drain" | "end" | "done"
}

export type Places = ReadonlyArray<readonly [name: string, place: Place]>

const { initiator, recipient } = { initiator: "initiator", recipient: "recipient" } as const

const one = (name: string, state: State, role: Role, is: Place["is"], out: Place["out"]) =>
  [name, { state, role, is, out }] as const

const ofInitiator: Places = [
  one("I.Header(clear)", walk.awaitingHeader(initiator, "clear"), initiator, "negotiation", "open"),
  one("I.Header(tls)", walk.awaitingHeader(initiator, "tls"), initiator, "negotiation", "open"),
  one("I.Header(auth)", walk.awaitingHeader(initiator, "auth"), initiator, "negotiation", "open"),
  one("I.Features(clear)", walk.awaitingFeatures("clear"), initiator, "negotiation", "open"),
  one("I.Features(tls)", walk.awaitingFeatures("tls"), initiator, "negotiation", "open"),
  one("I.Features(auth)", walk.awaitingFeatures("auth"), initiator, "negotiation", "open"),
  one("I.Proceed", walk.awaitingProceed(), initiator, "negotiation", "open"),
  one("I.Tls", walk.awaitingTls(initiator), initiator, "tls", "none"),
  one("I.Verdict", walk.awaitingVerdict(initiator), initiator, "verdict", "none"),
  one("I.Sasl", walk.awaitingSasl(), initiator, "negotiation", "open"),
  one(
    "I.Sasl(respSent)",
    walk.play(walk.awaitingSasl(), say.says(say.sasl("challenge"))),
    initiator,
    "negotiation",
    "open"
  ),
  one("I.Abort", walk.awaitingAbort(), initiator, "negotiation", "open"),
  one("I.Resume", walk.awaitingResumed(), initiator, "negotiation", "open")
]

const ofRecipient: Places = [
  one("R.Header(clear)", walk.awaitingHeader(recipient, "clear"), recipient, "negotiation", "none"),
  one("R.Header(tls)", walk.awaitingHeader(recipient, "tls"), recipient, "negotiation", "none"),
  one("R.Header(auth)", walk.awaitingHeader(recipient, "auth"), recipient, "negotiation", "none"),
  one("R.Must(clear)", walk.awaitingChoice("clear"), recipient, "negotiation", "open"),
  one("R.Must(tls)", walk.awaitingChoice("tls"), recipient, "negotiation", "open"),
  one("R.May", walk.awaitingCommitment(), recipient, "negotiation", "open"),
  one("R.Tls", walk.awaitingTls(recipient), recipient, "tls", "none"),
  one("R.Verdict", walk.awaitingVerdict(recipient), recipient, "verdict", "none"),
  one("R.Challenge", walk.awaitingResponse(), recipient, "negotiation", "open")
]

const ofRole = (role: Role): Places => {
  const letter = role === initiator ? "I" : "R"
  return [
    one(`Idle, ${letter}`, walk.dormant(role), role, "idle", "none"),
    ...(role === initiator ? ofInitiator : ofRecipient),
    one(`Open(clear), ${letter}`, walk.established(role, "clear"), role, "open", "open"),
    one(`Open(tls), ${letter}`, walk.established(role, "tls"), role, "open", "open"),
    one(`Open(auth), ${letter}`, walk.established(role, "auth"), role, "open", "open"),
    one(`Open(managed), ${letter}`, walk.managed(role), role, "open", "open"),
    one(`Closing, ${letter}`, walk.awaitingFooter(role, false), role, "footer", "closed"),
    one(`Closing(err), ${letter}`, walk.awaitingFooter(role, true), role, "footer", "closed"),
    one(`Draining, ${letter}`, walk.draining(role), role, "drain", "open"),
    one(`Ending, first to close, ${letter}`, walk.ending(role, true), role, "end", "closed"),
    one(`Ending, second to close, ${letter}`, walk.ending(role, false), role, "end", "closed"),
    one(`Done, ${letter}`, walk.closed(role), role, "done", "none")
  ]
}

export const places: Places = say.roles.flatMap(ofRole)

export const placesWhere = (wanted: (place: Place, name: string) => boolean): Places =>
  places.filter(([name, place]) => wanted(place, name))

/** The first-level elements that have the same answer wherever nothing special is said (state-machine §8.0). */
export const common: ReadonlyArray<readonly [name: string, element: Parameters<typeof say.says>]> = [
  ["a prefixed stanza", [say.message("m1"), { prefixed: true }]],
  ["a stanza of jabber:server", [{ ...say.message("m1"), namespace: "jabber:server" }]],
  ["an element without namespace", [{ ...say.message("m1"), namespace: "" }]],
  ["an unknown element of jabber:client", [say.stanza("parcel")]],
  ["an unknown element of the stream namespace", [say.stream("parcel")]],
  ["a foreign element", [say.foreign("parcel")]]
]

/** What they lead to, besides the footer. */
export const commonCondition: Readonly<Record<string, string | undefined>> = {
  "a prefixed stanza": "bad-namespace-prefix",
  "a stanza of jabber:server": "invalid-namespace",
  "an element without namespace": "invalid-namespace",
  "an unknown element of jabber:client": "unsupported-stanza-type",
  "an unknown element of the stream namespace": "unsupported-stanza-type",
  "a foreign element": undefined
}
