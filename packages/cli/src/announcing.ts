/** `listen` says on the local network that it is there (XEP-0174), where others can reach it, until it ends. */
import { Discovery, Presence } from "@xmpp-e2e/link-local"
import { Address } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
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

/** Until the scope closes. What goes wrong is told, and no reason not to listen; without a network it is tried again each second. */
export const announce = Effect.fnUntraced(function*(
  request: Request,
  port: number
): Effect.fn.Return<void, never, Discovery.Discovery | Scope.Scope> {
  const { message, nick, status } = request
  const txt = Presence.encode({
    ...Presence.available,
    status,
    ...Option.match(message, { onNone: () => ({}), onSome: (text) => ({ message: text }) }),
    ...Option.match(nick, { onNone: () => ({}), onSome: (text) => ({ nick: text }) })
  }, port)
  if (Result.isFailure(txt)) return yield* untold(txt.failure.message)
  const { announce } = yield* Discovery.Discovery
  const instance = request.naming === "jid" ? Address.bareText(request.as, "jid") ?? request.as : request.as
  const attempt = Effect.flatMap(
    Effect.suspend(() => announce({ instance, port, txt: txt.success })),
    ({ instances }) => Effect.forkScoped(follow(instances, request))
  )
  const later = Effect.retry(attempt, { schedule: Schedule.spaced("1 second"), while: mayPass }).pipe(
    Effect.catch(({ message }) => untold(message))
  )
  yield* attempt.pipe(
    Effect.catch((failure) =>
      Effect.andThen(untold(failure.message), mayPass(failure) ? Effect.forkScoped(later) : Effect.void)
    )
  )
})

/** A network may come, and so may the port. */
const mayPass = ({ reason }: Discovery.DiscoveryFailed): boolean => reason === "noInterface" || reason === "unopenable"

const follow = (instances: Discovery.Announced["instances"], request: Request): Effect.Effect<void> =>
  Stream.runForEach(instances, (name) => named(name, request)).pipe(
    Effect.catch(({ message }) => untold(message))
  )

const named = (instance: string, { json }: Request): Effect.Effect<void> =>
  json
    ? Effect.ignore(Output.line(Conversation.noticeLine({ _tag: "Announced", instance }, { json })))
    : Output.remark(`announced on this network as ${instance}`)

const untold = (why: string): Effect.Effect<void> => Output.remark(`not announced on this network: ${why}`)
