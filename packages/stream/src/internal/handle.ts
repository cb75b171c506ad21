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
  return Object.assign(new Handle(driver, config.policy.contentNamespace), {
    role: config.role,
    self: selfOf(config, opened, identity),
    peer,
    secured,
    ...(lang === undefined ? {} : { lang }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(tls === undefined ? {} : { tls })
  })
}

/** What can be done with a stream. Most streams are asked for few of it, so it is made when it is asked for. */
class Handle {
  readonly #driver: Driver
  readonly contentNamespace: string
  constructor(driver: Driver, contentNamespace: string) {
    this.#driver = driver
    this.contentNamespace = contentNamespace
  }
  get stanzas(): E2eStream["stanzas"] {
    return Stream.fromPull(Effect.succeed(this.#driver.deliveries.pull))
  }
  get receive(): E2eStream["receive"] {
    return this.#driver.deliveries.next
  }
  get send(): E2eStream["send"] {
    const { send } = this.#driver
    return (stanza) => send([stanza])
  }
  get sendAll(): E2eStream["sendAll"] {
    return this.#driver.send
  }
  get request(): E2eStream["request"] {
    return (iq, options) => asking.request(this.#driver, iq, options)
  }
  get isAwaited(): E2eStream["isAwaited"] {
    return Effect.sync(this.#driver.isAwaited)
  }
  get ping(): E2eStream["ping"] {
    return (options) => asking.ping(this.#driver, this.contentNamespace, options)
  }
  get notices(): E2eStream["notices"] {
    return this.#driver.notices.hear
  }
  get close(): E2eStream["close"] {
    return Effect.andThen(this.#driver.tell({ _tag: "CloseRequested" }), this.#driver.ended)
  }
  get fail(): E2eStream["fail"] {
    return (condition, options = {}) =>
      Effect.andThen(this.#driver.tell(failing(condition, options)), this.#driver.ended)
  }
  get abort(): E2eStream["abort"] {
    return Effect.andThen(this.#driver.tell({ _tag: "AbortRequested" }), this.#driver.ended)
  }
  get ended(): E2eStream["ended"] {
    return this.#driver.ended
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
