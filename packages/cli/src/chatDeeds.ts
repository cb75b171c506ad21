/** What each intent of the person in `chat` does: whom he talks to, what he says, whom he verifies, how he is. */
import { Presence } from "@xmpp-e2e/link-local"
import { Describe } from "@xmpp-e2e/protocol"
import type { Messenger, Serverless } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Desk } from "./chatDesk.ts"
import type * as Files from "./chatFiles.ts"
import type { Front } from "./chatFront.ts"
import * as Intent from "./chatIntent.ts"
import * as Json from "./chatJson.ts"
import * as Words from "./chatWords.ts"
import type { CommandFailed } from "./exit.ts"
import * as Finding from "./finding.ts"
import * as Output from "./output.ts"
import * as VerifyText from "./verifyText.ts"

export interface Ground {
  readonly messenger: Messenger.Messenger
  readonly front: Front
  readonly desk: Desk
  readonly give: Files.Send
  readonly json: boolean
  /** How we wanted to be called. */
  readonly wanted: string
  /** Whether others on the network are to be told of us. */
  readonly willAnnounce: boolean
}

export interface Deeds {
  readonly act: (intent: Exclude<Intent.Intent, { readonly _tag: "Quit" }>) => Effect.Effect<void, CommandFailed>
  /** Turns to whom the person named when he came; waits a little until he is found. */
  readonly begin: (who: string) => Effect.Effect<void, CommandFailed>
  /** Whether the person is typing, for whom he talks to. */
  readonly typed: (isTyping: boolean) => Effect.Effect<void>
  /** Whoever speaks first is answered, unless the person talks to somebody else already. */
  readonly hear: (event: Messenger.Event) => Effect.Effect<void>
  /** We stand otherwise on the network. */
  readonly stand: (standing: Serverless.Standing) => Effect.Effect<void, CommandFailed>
  /** The line at the bottom says to whom one talks, how sure it is who that is, and whether he types. */
  readonly refresh: Effect.Effect<void>
}

export const make = (ground: Ground): Deeds => {
  const here: Here = { ...ground, now: { standing: { _tag: "Unannounced" } } }
  const { messenger, now } = here
  return {
    act: (intent) => act(here, intent),
    begin: Effect.fnUntraced(function*(who) {
      yield* refresh(here)
      yield* announced(here)
      const peer = (yield* Finding.appearing(messenger, who)) ?? (yield* addressed(here, who))
      if (peer !== undefined) yield* turn(here, peer)
    }),
    typed: (isTyping) => now.to === undefined ? Effect.void : messenger.typed(now.to, isTyping),
    hear: (event) =>
      Effect.suspend(() => {
        if (event._tag === "Show" && event.entry.by === "them") now.to ??= event.peer
        return refresh(here)
      }),
    stand: (standing) => stand(here, standing),
    refresh: refresh(here)
  }
}

interface Here extends Ground {
  readonly now: {
    /** Whom our person talks to. */
    to?: string
    standing: Serverless.Standing
  }
}

/** Some old peers hang up on whoever they have not heard of on the network. */
const announced = ({ messenger, willAnnounce }: Here) =>
  willAnnounce
    ? messenger.standing.pipe(
      Stream.takeUntil(({ _tag }) => _tag === "Announced"),
      Stream.runDrain,
      Effect.timeoutOption("3 seconds")
    )
    : Effect.void

const act = Effect.fnUntraced(function*(here: Here, intent: Exclude<Intent.Intent, { readonly _tag: "Quit" }>) {
  const { desk, front, give, json, messenger, now } = here
  switch (intent._tag) {
    case "Nothing":
      return
    case "Unclear":
      return yield* unclear(here, intent.sentence)
    case "Help":
      return yield* front.show(Intent.help())
    case "Say": {
      const peer = yield* addressed(here, intent.to)
      if (peer !== undefined) yield* messenger.say(peer, intent.text)
      return
    }
    case "Turn": {
      const peer = yield* addressed(here, intent.to)
      return peer === undefined ? undefined : yield* turn(here, peer)
    }
    case "Who": {
      const listed = json ? Json.listed : Words.listed
      return yield* front.show(listed(yield* messenger.name, now.standing, yield* messenger.entities))
    }
    case "Present": {
      const presence = Presence.withStatus(yield* messenger.presence, intent.status, intent.message)
      return yield* messenger.setPresence(presence).pipe(
        Effect.andThen(json ? Effect.void : front.show([Output.paint("note", Words.present(presence, now.standing))])),
        Effect.catch((failure) =>
          failure._tag === "CommandFailed"
            ? Effect.fail(failure)
            : unclear(here, `not told to anybody: ${failure.message}`)
        )
      )
    }
    case "Verify": {
      const peer = yield* addressed(here, intent.peer)
      return peer === undefined ? undefined : yield* verify(here, peer)
    }
    case "Give": {
      const peer = yield* addressed(here, intent.to)
      return peer === undefined ? undefined : yield* give(messenger, peer, intent.path)
    }
    case "Answer":
      return (yield* desk.answer(intent.isYes)) ? undefined : yield* unclear(here, Words.waits)
  }
})

const unclear = ({ front, json }: Ground, sentence: string) =>
  json ? Output.remark(sentence) : front.show([Output.paint("bad", sentence)])

/** Whom a name means; without one, whom our person talks to. Where that is nobody he is told. */
const addressed = Effect.fnUntraced(function*(here: Here, who: string | undefined) {
  const { messenger, now } = here
  const found = who === undefined ? now.to : yield* Finding.named(messenger, who)
  if (found === undefined) yield* unclear(here, who === undefined ? Words.nobody : Words.several(who))
  return found
})

const turn = Effect.fnUntraced(function*(here: Here, peer: string) {
  const { front, json, messenger, now } = here
  const before = now.to === peer ? [] : yield* messenger.history(peer)
  now.to = peer
  const isHere = (yield* messenger.find(peer)) !== undefined
  if (!json) yield* front.show([Words.turned(peer, isHere), ...Words.recalled(peer, before)])
  yield* refresh(here)
  // So that it is known who that is before anything is said.
  yield* messenger.peers.stream(peer).pipe(
    Effect.catch(({ message }) => unclear(here, Words.unreachable(peer, message)))
  )
  yield* refresh(here)
})

const refresh = Effect.fnUntraced(function*({ front, messenger, now: { to } }: Here) {
  yield* front.offer((yield* messenger.entities).map(({ instance }) => instance))
  const stream = to === undefined ? undefined : yield* standing(messenger, to)
  const mark = stream === undefined ? undefined : yield* messenger.markOf(stream)
  yield* front.prompt(Words.prompt(to, mark, to !== undefined && (yield* messenger.isTyping(to))))
})

const stand = Effect.fnUntraced(function*({ front, json, now, wanted }: Here, standing: Serverless.Standing) {
  const before = now.standing
  now.standing = standing
  if (json) return yield* front.show([Json.place(standing)])
  if (standing._tag === "Unannounced") {
    return standing.failure === undefined ? undefined : yield* front.show([Words.place(standing)])
  }
  if (standing.instance !== wanted) return yield* front.show([Words.renamed(wanted, standing.instance)])
  if (before._tag === "Unannounced") yield* front.show([Words.place(standing)])
})

const standing = (messenger: Messenger.Messenger, peer: string) =>
  Effect.map(
    messenger.peers.present,
    (all) => all.find(({ peer: { address, alias } }) => (alias ?? address) === peer)
  )

const verify = Effect.fnUntraced(function*({ front, json, messenger }: Ground, peer: string) {
  yield* messenger.peers.stream(peer).pipe(
    Effect.flatMap(messenger.verifying.begin),
    Effect.andThen(json ? Effect.void : front.show([VerifyText.waiting(peer)])),
    Effect.catch((failure) => {
      if (failure._tag === "CommandFailed") return Effect.fail(failure)
      if (failure._tag !== "VerifyingFailed") return front.show([unreached(json, peer, failure.message)])
      return front.show([
        json
          ? VerifyText.failureLine(peer, failure)
          : Output.paint("bad", VerifyText.failed(failure).sentence)
      ])
    })
  )
})

const unreached = (json: boolean, peer: string, why: string): string =>
  json
    ? JSON.stringify({ verification: { event: "Failed", peer, why: "unreachable", sentence: Describe.clean(why) } })
    : Output.paint("bad", Words.unreachable(peer, why))
