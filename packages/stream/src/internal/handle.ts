/**
 * The handle of a negotiated stream, from its driver.
 */
import * as Pem from "@xmpp-e2e/certificates/Pem"
import { Address, Header } from "@xmpp-e2e/protocol"
import type { Condition, Config } from "@xmpp-e2e/protocol"
import type { TlsIdentity } from "@xmpp-e2e/transport/Connection"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Driver } from "../Driver.ts"
import type { E2eStream, Self } from "../E2eStream.ts"
import * as asking from "./asking.ts"
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
    request: (iq, options) => asking.request(driver, iq, options),
    isAwaited: Effect.sync(driver.isAwaited),
    ping: (options) => asking.ping(driver, config.policy.contentNamespace, options),
    notices: driver.notices,
    close: Effect.andThen(driver.tell({ _tag: "CloseRequested" }), driver.ended),
    fail: (condition, options = {}) => Effect.andThen(driver.tell(failing(condition, options)), driver.ended),
    abort: Effect.andThen(driver.tell({ _tag: "AbortRequested" }), driver.ended),
    ended: driver.ended
  }
}

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

const certificates = new WeakMap<Pick<TlsIdentity, "certificates">, Uint8Array>()
