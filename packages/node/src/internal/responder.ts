/**
 * The shell around the machine of multicast DNS: sockets bring it messages and take what it sends, a timer wakes it, and who asked
 * for something is told. All that knows the state is here, and runs within one turn of the event loop.
 *
 * @internal
 */
import type * as DiscoveryEvent from "@xmpp-e2e/link-local/DiscoveryEvent"
import type * as MdnsAction from "@xmpp-e2e/link-local/mdns/Action"
import type * as MdnsEvent from "@xmpp-e2e/link-local/mdns/Event"
import * as MdnsMessage from "@xmpp-e2e/link-local/mdns/Message"
import * as MdnsStep from "@xmpp-e2e/link-local/mdns/Step"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { randomBytes } from "node:crypto"
import { type Interface, interfaces } from "./interfaces.ts"
import { type Family, type Multicast, open } from "./multicast.ts"

type Tell = (events: ReadonlyArray<DiscoveryEvent.DiscoveryEvent>) => void
type Asked = Exclude<MdnsAction.Action, { readonly _tag: "Send" | "Tell" | "Ignored" }>

export interface Responder {
  readonly apply: (happening: MdnsEvent.Happening) => void
  /** For those who ask for something by an id of their own; the answers to it. */
  readonly asking: Map<number, (answer: Asked) => void>
  readonly nextId: () => number
  /** Those who browse. */
  readonly browsing: Set<Tell>
  readonly known: () => ReadonlyArray<DiscoveryEvent.DiscoveryEvent>
  readonly hasInterface: () => boolean
  /** Why the last socket that could not be opened could not. */
  readonly unopened: () => Error | undefined
  /** Looks at the interfaces of the machine, and follows what has changed. */
  readonly follow: Effect.Effect<void>
  readonly close: Effect.Effect<void>
}

interface Place {
  readonly where: Interface
  readonly sockets: ReadonlyMap<Family, Multicast>
}

interface Shell {
  state: Parameters<typeof MdnsStep.step>[0]
  timer: NodeJS.Timeout | undefined
  unopened: Error | undefined
  lastId: number
  readonly places: Map<string, Place>
  readonly asking: Responder["asking"]
  readonly browsing: Responder["browsing"]
}

export const make = (): Responder => {
  const shell: Shell = {
    state: MdnsStep.initial,
    timer: undefined,
    unopened: undefined,
    lastId: 0,
    places: new Map(),
    asking: new Map(),
    browsing: new Set()
  }
  return {
    apply: (happening) => apply(shell, happening),
    asking: shell.asking,
    nextId: () => ++shell.lastId,
    browsing: shell.browsing,
    known: () => MdnsStep.known(shell.state),
    hasInterface: () => shell.state.links.length > 0,
    unopened: () => shell.unopened,
    follow: follow(shell),
    close: Effect.suspend(() => {
      clearTimeout(shell.timer)
      return Effect.forEach(shell.places.keys(), (via) => leave(shell, via), {
        discard: true,
        concurrency: "unbounded"
      })
    })
  }
}

const apply = (shell: Shell, happening: MdnsEvent.Happening): void => {
  const at = performance.now()
  const [state, actions] = MdnsStep.step(shell.state, {
    ...happening,
    at,
    chance: randomBytes(4).readUInt32BE() / 2 ** 32
  })
  const isSame = state === shell.state
  shell.state = state
  for (const action of actions) perform(shell, action)
  const told = actions.flatMap((action) => action._tag === "Tell" ? [action.event] : [])
  if (told.length > 0) { for (const tell of shell.browsing) tell(told) }
  if (!isSame) wakeLater(shell)
}

const perform = (shell: Shell, action: MdnsAction.Action): void => {
  switch (action._tag) {
    case "Send":
      return send(shell, action)
    case "Tell":
    case "Ignored":
      return
    case "Named":
    case "NameRefused":
    case "UpdateRefused":
    case "Answered":
      return shell.asking.get(action.id)?.(action)
  }
}

const send = (shell: Shell, { message, to, via }: Extract<MdnsAction.Action, { readonly _tag: "Send" }>): void => {
  const bytes = MdnsMessage.encode(message)
  // All of it was judged when it was asked for.
  if (Result.isFailure(bytes)) return
  for (const [family, socket] of shell.places.get(via)?.sockets ?? []) {
    const isMeant = to === undefined || to.address.includes(":") === (family === "udp6")
    if (isMeant) socket.send(bytes.success, to)
  }
}

const wakeLater = (shell: Shell): void => {
  clearTimeout(shell.timer)
  const wakeAt = MdnsStep.wakeAt(shell.state)
  if (wakeAt === undefined) return
  const wait = Math.min(Math.max(0, Math.ceil(wakeAt - performance.now())), longestTimer)
  shell.timer = setTimeout(() => apply(shell, { _tag: "Woke" }), wait)
}

/** Not to be interrupted half-way: a socket would stay behind. */
const follow = (shell: Shell): Effect.Effect<void> =>
  Effect.uninterruptible(Effect.suspend(() => {
    const now = interfaces()
    // What could not be opened on an interface that is gone says nothing any more.
    if (now.length === 0) shell.unopened = undefined
    const gone = [...shell.places.keys()].filter((via) => !now.some((each) => each.via === via))
    return Effect.andThen(
      Effect.forEach(gone, (via) => leave(shell, via), { discard: true }),
      Effect.forEach(now, (where) => join(shell, where), { discard: true, concurrency: "unbounded" })
    )
  }))

/** Sockets that are missing are opened; the machine hears of the interface once there is one. */
const join = Effect.fnUntraced(function*(shell: Shell, where: Interface) {
  const { via } = where
  const before = shell.places.get(via)
  const sockets = new Map<Family, Multicast>()
  for (const family of families) {
    const old = before?.sockets.get(family)
    const isWanted = family === "udp4" ? where.ipv4 !== undefined : where.hasIpv6
    const isGood = isWanted && old?.works() === true && (family === "udp6" || before?.where.ipv4 === where.ipv4)
    if (old !== undefined && !isGood) yield* old.close
    if (old !== undefined && isGood) sockets.set(family, old)
    if (!isWanted || isGood) continue
    const opened = yield* Effect.result(open(where, family, (bytes, source) => hear(shell, via, bytes, source)))
    if (Result.isSuccess(opened)) sockets.set(family, opened.success)
    else shell.unopened = opened.failure
  }
  if (sockets.size === 0) return yield* leave(shell, via)
  shell.places.set(via, { where, sockets })
  apply(shell, { _tag: "InterfaceChanged", via, addresses: where.addresses })
})

const leave = (shell: Shell, via: string): Effect.Effect<void> =>
  Effect.suspend(() => {
    const place = shell.places.get(via)
    if (place === undefined) return Effect.void
    shell.places.delete(via)
    apply(shell, { _tag: "InterfaceGone", via })
    return Effect.forEach(place.sockets.values(), ({ close }) => close, { discard: true, concurrency: "unbounded" })
  })

const hear = (shell: Shell, via: string, bytes: Uint8Array, source: MdnsEvent.Source): void => {
  const message = MdnsMessage.decode(bytes)
  if (Result.isSuccess(message)) apply(shell, { _tag: "Heard", via, source, message: message.success })
}

const families: ReadonlyArray<Family> = ["udp4", "udp6"]
/** The longest that Node's timers can wait. */
const longestTimer = 2 ** 31 - 1
