/** `chat --json`: what has happened as objects, one a line, and lines that say what to do. */
import type { Roster } from "@xmpp-e2e/link-local"
import type { Messenger, Serverless } from "@xmpp-e2e/serverless"
import type { Failure } from "@xmpp-e2e/stream"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { Intent } from "./chatIntent.ts"
import * as RosterText from "./rosterText.ts"

export const event = (of: Messenger.Event): ReadonlyArray<string> => {
  const { peer } = of
  switch (of._tag) {
    case "Show":
      return [JSON.stringify({ message: { peer, ...of.entry } })]
    case "ShowTyping":
      return [JSON.stringify({ typing: { peer, isTyping: of.isTyping } })]
    case "Opened": {
      const { mark, stream: { role, secured, tls, verdict } } = of
      return [JSON.stringify({
        stream: {
          event: "Opened",
          peer,
          mark,
          role,
          secured,
          protocol: tls?.protocol,
          verdict: verdict?.code,
          fingerprint: verdict?.fingerprint
        }
      })]
    }
    case "Closed": {
      const { clean, reason } = of.ended
      return [JSON.stringify({ stream: { event: "Closed", peer, clean, reason } })]
    }
  }
}

export const listed = (
  self: string,
  standing: Serverless.Standing,
  entities: ReadonlyArray<Roster.Entity>
): ReadonlyArray<string> => [notice({ _tag: "Self", self }), place(standing), ...entities.map(RosterText.entityJson)]

export const place = (standing: Serverless.Standing): string =>
  standing._tag === "Unannounced"
    ? notice({
      _tag: standing._tag,
      ...standing.failure === undefined ? {} : { reason: standing.failure.reason, detail: standing.failure.message }
    })
    : notice(standing)

export const failure = ({ message, reason }: Failure.StreamFailed): string =>
  notice({ _tag: "NotAdmitted", reason, sentence: message })

export const notice = (of: object): string => JSON.stringify({ notice: of })

/** None where nothing is asked any more. */
export const question = (lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.length === 0 ? [] : [JSON.stringify({ question: { lines } })]

/** A line that says what to do. An answer to a verification is none of these (`verifyTalk.ts`). */
export const read = (line: string): Intent => {
  if (line.trim() === "") return { _tag: "Nothing" }
  const decoded = decode(line)
  if (Result.isFailure(decoded)) {
    return {
      _tag: "Unclear",
      sentence:
        "the line is none of {\"say\":{\"to\",\"text\"}}, {\"presence\":{\"status\",\"message\"}}, {\"verify\":\"NAME\"}, "
        + "{\"send\":{\"to\",\"file\"}}, "
        + "{\"answer\":true|false}, {\"do\":\"who\"|\"quit\"}"
    }
  }
  const wish = decoded.success
  if ("say" in wish) return { _tag: "Say", ...wish.say }
  if ("presence" in wish) return { _tag: "Present", ...wish.presence }
  if ("verify" in wish) return { _tag: "Verify", peer: wish.verify }
  if ("send" in wish) return { _tag: "Give", path: wish.send.file, to: wish.send.to }
  if ("answer" in wish) return { _tag: "Answer", isYes: wish.answer }
  return { _tag: wish.do === "who" ? "Who" : "Quit" }
}

const decode = Schema.decodeUnknownResult(
  Schema.fromJsonString(Schema.Union([
    Schema.Struct({ say: Schema.Struct({ text: Schema.String, to: Schema.optionalKey(Schema.String) }) }),
    Schema.Struct({
      presence: Schema.Struct({
        status: Schema.Literals(["avail", "away", "dnd"]),
        message: Schema.optionalKey(Schema.String)
      })
    }),
    Schema.Struct({ verify: Schema.String }),
    Schema.Struct({ send: Schema.Struct({ file: Schema.String, to: Schema.String }) }),
    Schema.Struct({ answer: Schema.Boolean }),
    Schema.Struct({ do: Schema.Literals(["who", "quit"]) })
  ]))
)
