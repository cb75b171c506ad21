/**
 * The handle of a negotiated stream, from its driver.
 */
import * as Pem from "@xmpp-e2e/certificates/Pem"
import { Address, Header } from "@xmpp-e2e/protocol"
import type { Condition, Config } from "@xmpp-e2e/protocol"
import type { TlsIdentity } from "@xmpp-e2e/transport/Connection"
import type { Element } from "@xmpp-e2e/xml"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Driver } from "../Driver.ts"
import type { E2eStream, Self } from "../E2eStream.ts"
import * as Entropy from "../Entropy.ts"
import { IqFailed, type IqFailure, type SendFailure } from "../Failure.ts"
import * as Stanza from "../Stanza.ts"
import type { Opened } from "./outcome.ts"

export const make = (
  driver: Driver,
  config: Config.Config,
  opened: Opened,
  identity: Pick<TlsIdentity, "certificates"> | undefined
): E2eStream => {
  const { lang, peer, secured, tls, verdict } = opened
  return {
    role: config.role,
    self: selfOf(config, opened, identity),
    peer,
    secured,
    ...(lang === undefined ? {} : { lang }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(tls === undefined ? {} : { tls }),
    contentNamespace: config.policy.contentNamespace,
    stanzas: Stream.fromPull(Effect.succeed(driver.deliveries.pull)),
    receive: driver.deliveries.next,
    send: (stanza) => driver.send([stanza]),
    sendAll: driver.send,
    request: (iq, options) => request(driver, iq, options?.timeout ?? defaultTimeout),
    isAwaited: Effect.sync(driver.isAwaited),
    ping: (options) => ping(driver, config.policy.contentNamespace, options?.timeout ?? defaultTimeout),
    notices: driver.notices,
    close: Effect.andThen(driver.tell({ _tag: "CloseRequested" }), driver.ended),
    fail: (condition, options = {}) => Effect.andThen(driver.tell(failing(condition, options)), driver.ended),
    abort: Effect.andThen(driver.tell({ _tag: "AbortRequested" }), driver.ended),
    ended: driver.ended
  }
}

const ping = Effect.fnUntraced(function*(driver: Driver, namespace: string, timeout: Duration.Input) {
  const clock = yield* Clock.Clock
  const before = clock.monotonicTimeNanosUnsafe()
  const probe = Stanza.ping({ namespace })
  yield* request(driver, probe, timeout).pipe(
    Effect.catchReason("IqFailed", "Refused", () => Effect.succeed(probe))
  )
  return Duration.nanos(clock.monotonicTimeNanosUnsafe() - before)
})

const selfOf = (
  config: Config.Config,
  { to }: Opened,
  identity: Pick<TlsIdentity, "certificates"> | undefined
): Self => {
  const { naming, role, self } = config
  const called = role === "recipient" && to !== undefined && Header.isOurs(config, to) ? to : self
  const certificate = identity === undefined ? undefined : certificateOf(identity)
  return {
    address: Address.bareText(called, naming) ?? called,
    naming,
    ...(certificate === undefined ? {} : { certificate })
  }
}

/** Every stream of an identity shows the same. */
const certificateOf = (identity: Pick<TlsIdentity, "certificates">): Uint8Array | undefined => {
  const known = certificates.get(identity)
  if (known !== undefined) return known
  const certificate = Pem.certificates(identity.certificates)[0]
  if (certificate !== undefined) certificates.set(identity, certificate)
  return certificate
}

const failing = (
  condition: Condition.StreamCondition,
  { host, text }: { readonly host?: string; readonly text?: string }
) => ({
  _tag: "FailRequested" as const,
  condition,
  ...(text === undefined ? {} : { text }),
  ...(host === undefined ? {} : { host })
})

const request = Effect.fnUntraced(function*(
  driver: Driver,
  iq: Element.Element,
  timeout: Duration.Input
): Effect.fn.Return<Element.Element, IqFailed> {
  if (!Stanza.isRequest(iq)) return yield* failed({ _tag: "Unsent", failure: { _tag: "NotAStanza" } })
  const duration = Duration.fromInputUnsafe(timeout)
  const ownId = Stanza.idOf(iq)
  const id = ownId ?? Entropy.freshId(yield* Entropy.Entropy)
  const reply = driver.replies.expect(id)
  if (reply === undefined) return yield* failed({ _tag: "IdInUse", id })
  return yield* driver.send([ownId === undefined ? Stanza.withId(iq, id) : iq]).pipe(
    Effect.mapError(({ reason }) => {
      driver.replies.withdraw(id)
      return new IqFailed({ reason: unsent(reason) })
    }),
    Effect.andThen(Deferred.await(reply)),
    Effect.timeoutOrElse({
      duration,
      orElse: () => failed({ _tag: "TimedOut", afterMillis: Duration.toMillis(duration) })
    }),
    Effect.onExit(() => Effect.sync(() => driver.replies.forget(id)))
  )
})

const failed = (reason: IqFailure): Effect.Effect<never, IqFailed> => Effect.fail(new IqFailed({ reason }))

const unsent = (failure: SendFailure): IqFailure =>
  failure._tag === "StreamEnded" ? failure : { _tag: "Unsent", failure }

const defaultTimeout: Duration.Input = "30 seconds"
const certificates = new WeakMap<Pick<TlsIdentity, "certificates">, Uint8Array>()
