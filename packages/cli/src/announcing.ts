/** `listen` says on the local network that it is there (XEP-0174), where others can reach it, until it ends. */
import { Discovery, Presence } from "@xmpp-e2e/link-local"
import type { Txt } from "@xmpp-e2e/link-local"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type * as ControlPresence from "./controlPresence.ts"
import * as Conversation from "./conversation.ts"
import * as Output from "./output.ts"

/** What `announceFlags` parses to, and whom and where. */
export interface Request {
  readonly as: string
  readonly naming: "jid" | "link-local"
  readonly json: boolean
  readonly status: Presence.Status
  readonly message: Option.Option<string>
  readonly nick: Option.Option<string>
}

/** What listens on loopback is for this machine, and nobody else is told of it. `bound` is the address of the socket. */
export const wanted = (announce: boolean, bound: string): boolean =>
  announce && bound !== "localhost" && bound !== "::1" && !/^(?:::ffff:)?127\./i.test(bound)

/** What is announced at first. */
export const presenceOf = (
  { message, nick, status }: Pick<Request, "message" | "nick" | "status">
): Presence.Presence => ({
  ...Presence.withStatus(Presence.available, status, Option.getOrUndefined(message)),
  ...Option.match(nick, { onNone: () => ({}), onSome: (text) => ({ nick: text }) })
})

/**
 * Until the scope closes. What goes wrong is told, and no reason not to listen; without a network it is tried again each
 * second. `renamed` is told of the name that we have instead (LL-11).
 */
export const announce = Effect.fnUntraced(function*(
  request: Request,
  port: number,
  renamed: (instance: string) => Effect.Effect<void>
): Effect.fn.Return<ControlPresence.Owner, never, Discovery.Discovery | Scope.Scope> {
  const { announce } = yield* Discovery.Discovery
  const wanted = request.naming === "jid" ? Address.bareText(request.as, "jid") ?? request.as : request.as
  const txtOf = (presence: Presence.Presence) => Effect.fromResult(Presence.encode(presence, port))
  let presence = presenceOf(request)
  let announced: Discovery.Announced | undefined
  const named = Effect.fnUntraced(function*(instance: string) {
    if (instance !== wanted) yield* renamed(instance)
    yield* told(instance, request)
  })
  const attempt = Effect.gen(function*() {
    announced = yield* announce({ instance: wanted, port, txt: yield* txtOf(presence) })
    yield* Stream.runForEach(announced.instances, named).pipe(
      Effect.catch((failure) => untold(failure, request)),
      Effect.forkScoped
    )
  })
  const later = Effect.retry(attempt, { schedule: Schedule.spaced("1 second"), while: mayPass }).pipe(
    Effect.catch((failure) => untold(failure, request))
  )
  yield* attempt.pipe(
    Effect.catch((failure) =>
      Effect.andThen(untold(failure, request), mayPass(failure) ? Effect.forkScoped(later) : Effect.void)
    )
  )
  return {
    presence: Effect.sync(() => presence),
    setPresence: Effect.fnUntraced(function*(wish) {
      const txt = yield* txtOf(wish)
      presence = wish
      if (announced !== undefined) yield* announced.update(txt)
    })
  }
})

type Failure = Discovery.DiscoveryFailed | Txt.TxtTooLarge | Txt.TxtUnsound

/** A network may come, and so may the port. */
const mayPass = (failure: Failure): boolean =>
  failure._tag === "DiscoveryFailed" && (failure.reason === "noInterface" || failure.reason === "unopenable")

const told = (instance: string, { json }: Request): Effect.Effect<void> =>
  json
    ? Effect.ignore(Output.line(Conversation.noticeLine({ _tag: "Announced", instance }, { json })))
    : Output.remark(`announced on this network as ${instance}`)

/** Somebody who waits for `Announced` hears that it will not come, or not yet. */
const untold = (failure: Failure, { json }: Request): Effect.Effect<void> => {
  const reason = failure._tag === "DiscoveryFailed" ? failure.reason : "unsound"
  return json
    ? Effect.ignore(
      Output.line(Conversation.noticeLine({ _tag: "Unannounced", reason, detail: failure.message }, { json }))
    )
    : Output.remark(`not announced on this network: ${failure.message}`)
}
