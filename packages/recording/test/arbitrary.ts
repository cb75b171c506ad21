/**
 * Generators: whatever the schemas allow, strings from the ugly corners included, and whole documents of it.
 */
import type { Event } from "@xmpp-e2e/protocol"
import * as Config from "@xmpp-e2e/protocol/Config"
import { label, type State } from "@xmpp-e2e/protocol/State"
import * as Reducer from "@xmpp-e2e/protocol/Step"
import { Element } from "@xmpp-e2e/xml"
import * as Arbitrary from "effect/Arbitrary"
import * as Effect from "effect/Schema"
import * as Lines from "../src/internal/schema/line.ts"
import type * as Recording from "../src/Recording.ts"
import * as Schema from "../src/Schema.ts"

export const event = Arbitrary.schema(Schema.Event)

export const action = Arbitrary.schema(Schema.Action)

export const head: Arbitrary.Arbitrary<Recording.Head> = Arbitrary.schema(Lines.Content)

/** Steps are numbered as they must be. */
export const lines: Arbitrary.Arbitrary<ReadonlyArray<Recording.Line>> = Arbitrary.map(
  Arbitrary.array(Arbitrary.schema(Effect.Union([Lines.Step, Lines.Wire, Lines.Tls, Lines.KeyLog])), { maxLength: 12 }),
  (lines) => {
    let seq = 0
    return lines.map((line): Recording.Line => {
      if (!("seq" in line)) return line
      seq += line.omitted ?? 0
      return { ...line, seq: seq++ }
    })
  }
)

export const document: Arbitrary.Arbitrary<Recording.Recording> = Arbitrary.all({ head, lines })

export const events = Arbitrary.array(event, { maxLength: 30 })

/** A configuration that does not contradict itself, from a few that matter. */
export const config: Arbitrary.Arbitrary<Config.Config> = Arbitrary.map(
  Arbitrary.schema(Effect.Struct({
    role: Effect.Literals(["initiator", "recipient"]),
    tls: Effect.Literals(["required", "preferred", "never"]),
    entry: Effect.Literals(["starttls", "direct"])
  })),
  ({ entry, role, tls }) =>
    configure({
      role,
      self: "romeo@forza",
      peer: "juliet@pronto",
      policy: { tls, tlsEntry: tls === "required" ? entry : "starttls" },
      extraFeatures: [Element.make("http://jabber.org/protocol/caps", "c", { node: "https://e2e.example", ver: "1" })]
    })
)

/** Events that lead somewhere, disturbed by others that do not belong there. */
export const story = (told: ReadonlyArray<Event.Event>): Arbitrary.Arbitrary<ReadonlyArray<Event.Event>> =>
  Arbitrary.map(
    Arbitrary.array(Arbitrary.all({ event, place: Arbitrary.schema(Effect.Natural) }), { maxLength: 3 }),
    (strangers) =>
      strangers.reduce<ReadonlyArray<Event.Event>>(
        (events, stranger) => events.toSpliced(stranger.place % (events.length + 1), 0, stranger.event),
        told
      )
  )

export const configure = (input: Config.Input): Config.Config => {
  const made = Config.make(input)
  if (made._tag === "Made") return made.config
  throw new Error(made.contradictions.join("; "))
}

/** What a shell would have written down. */
export const record = (head: Recording.Head, events: ReadonlyArray<Event.Event>): Recording.Recording => {
  let state: State = Reducer.initial(head.config)
  const lines = events.map((event, seq): Recording.Step => {
    const [after, actions] = Reducer.step(state, event)
    state = after
    return { seq, at: seq * 10, event, actions, state: label(after) }
  })
  return { head, lines }
}
