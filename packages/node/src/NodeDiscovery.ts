/**
 * Discovery by multicast DNS on the interfaces of this machine. What is said and when is the business of the machine in
 * `@xmpp-e2e/link-local`; the sockets are in `internal/multicast.ts`.
 *
 * @since 0.1.0
 */
import * as Discovery from "@xmpp-e2e/link-local/Discovery"
import type * as DiscoveryEvent from "@xmpp-e2e/link-local/DiscoveryEvent"
import * as InstanceName from "@xmpp-e2e/link-local/InstanceName"
import type * as MdnsAction from "@xmpp-e2e/link-local/mdns/Action"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as PubSub from "effect/PubSub"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { Buffer } from "node:buffer"
import { following } from "./internal/following.ts"
import * as Responder from "./internal/responder.ts"

/**
 * IPv4 and IPv6, on every interface that has a network, and on those that come later. Port 5353 is shared with other programs, and
 * processes on one machine find each other.
 *
 * `announce` waits for an interface as little as it waits for others: without one it fails with `noInterface`. `browse` never
 * fails and never ends; `obstacle` says what it waits for when it can hear nobody. `resolve` waits three seconds; who does not answer vanishes soon after (RFC 6762 §10.4). When the scope
 * of an announcement closes, by interruption too, goodbye is said first.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<Discovery.Discovery> = Layer.effect(
  Discovery.Discovery,
  Effect.gen(function*() {
    const responder = yield* Effect.acquireRelease(Effect.sync(Responder.make), ({ close }) => close)
    yield* responder.follow
    yield* Effect.forkScoped(Effect.repeat(responder.follow, Schedule.spaced("1 second")))
    return {
      announce: (what) => announce(responder, what),
      browse: following(responder),
      resolve: (instance) => resolve(responder, instance),
      obstacle: Effect.sync(() => obstacleOf(responder))
    }
  })
)

type Failed = Discovery.DiscoveryFailed

const announce = Effect.fnUntraced(function*(
  responder: Responder.Responder,
  what: Discovery.Announcement
): Effect.fn.Return<Discovery.Announced, Failed, Scope.Scope> {
  yield* onInterface(responder)
  const id = responder.nextId()
  const names = yield* PubSub.unbounded<Effect.Effect<string, Failed>>({ replay: 1 })
  yield* Effect.acquireRelease(
    Effect.callback<void, Failed>((resume) => {
      responder.asking.set(id, (answer) => {
        const named = nameOf(answer, what)
        if (named === undefined) return
        PubSub.publishUnsafe(names, named)
        resume(Effect.asVoid(named))
      })
      responder.apply({ _tag: "AnnounceRequested", id, ...what })
      return withdraw(responder, id)
    }).pipe(Effect.tapError(() => withdraw(responder, id))),
    () => withdraw(responder, id),
    { interruptible: true }
  )
  const answers = responder.asking.get(id)
  return {
    instances: Stream.mapEffect(Stream.fromPubSub(names), (name) => name),
    update: (txt) =>
      Effect.callback((resume) => {
        responder.asking.set(id, (answer) => {
          if (answer._tag === "UpdateRefused") resume(Effect.fail(unsound(what.instance)))
          else answers?.(answer)
        })
        responder.apply({ _tag: "UpdateRequested", id, txt })
        resume(Effect.void)
      })
  }
})

/** What it says leaves before the sockets close. */
const withdraw = (responder: Responder.Responder, id: number): Effect.Effect<void> =>
  Effect.sync(() => {
    responder.apply({ _tag: "WithdrawRequested", id })
    responder.asking.delete(id)
  })

type Answer = Exclude<MdnsAction.Action, { readonly _tag: "Send" | "Tell" | "Ignored" }>

const nameOf = (answer: Answer, { instance }: Discovery.Announcement): Effect.Effect<string, Failed> | undefined => {
  if (answer._tag === "Named") return Effect.succeed(answer.instance)
  if (answer._tag !== "NameRefused") return undefined
  return Effect.fail(answer.reason === "unsound" ? unsound(instance) : noFreeName(instance))
}

const resolve = Effect.fnUntraced(function*(responder: Responder.Responder, instance: string) {
  yield* onInterface(responder)
  const bytes = Buffer.byteLength(instance)
  if (bytes === 0 || bytes > 63) return yield* noAnswer(instance)
  const id = responder.nextId()
  return yield* Effect.callback<DiscoveryEvent.Resolved>((resume) => {
    responder.asking.set(id, (answer) => {
      if (answer._tag === "Answered") resume(Effect.succeed(answer.resolved))
    })
    responder.apply({ _tag: "ResolveRequested", id, instance })
  }).pipe(
    Effect.ensuring(Effect.sync(() => {
      responder.asking.delete(id)
      responder.apply({ _tag: "ResolveEnded", id })
    })),
    Effect.timeoutOrElse({ duration: patience, orElse: () => noAnswer(instance) })
  )
})

const onInterface = (responder: Responder.Responder): Effect.Effect<void, Failed> =>
  Effect.suspend(() => {
    const obstacle = obstacleOf(responder)
    return obstacle === undefined ? Effect.void : Effect.fail(obstacle)
  })

const obstacleOf = (responder: Responder.Responder): Failed | undefined => {
  if (responder.hasInterface()) return undefined
  const cause = responder.unopened()
  return cause === undefined ? noInterface : unopenable(cause)
}

const noInterface = new Discovery.DiscoveryFailed({
  reason: "noInterface",
  detail: "this machine is on no network: no interface is up that has an address. Connect it to one, and try again"
})

const unopenable = (cause: Error): Failed =>
  new Discovery.DiscoveryFailed({
    reason: "unopenable",
    detail: `the system does not let us use port 5353, on which machines find each other (${
      "code" in cause ? String(cause.code) : cause.message
    }). If another program has it for itself, end that program or have it share the port`,
    cause
  })

const noAnswer = (instance: string): Failed =>
  new Discovery.DiscoveryFailed({
    reason: "noAnswer",
    detail: `${instance} does not answer: it may have gone, or a firewall may keep port 5353 of UDP closed`
  })

const noFreeName = (instance: string): Failed =>
  new Discovery.DiscoveryFailed({
    reason: "noFreeName",
    detail: `${instance} is taken on this network, and so was every name tried after it. Choose another`
  })

const unsound = (instance: string): Failed =>
  new Discovery.DiscoveryFailed({
    reason: "unsound",
    detail: InstanceName.explain(instance)?.text ??
      `${instance} cannot be announced so: a port is 1 to 65535, a string of TXT has 255 octets at most and all of them 1300, ` +
        "and a program announces four names at most"
  })

const patience = "3 seconds"
