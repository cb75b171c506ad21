/**
 * What an application says about its streams, and the configuration that comes of it.
 *
 * @since 0.1.0
 */
import type { Identity } from "@xmpp-e2e/certificates/Identity"
import { Config } from "@xmpp-e2e/protocol"
import type { Address } from "@xmpp-e2e/protocol"
import type { TlsIdentity } from "@xmpp-e2e/transport/Connection"
import type { Element } from "@xmpp-e2e/xml"
import * as Effect from "effect/Effect"
import type { E2eStream } from "./E2eStream.ts"
import { ConfigInvalid } from "./Failure.ts"
import type * as IqRouter from "./IqRouter.ts"

/**
 * Only `from` is needed. A recipient also needs an `identity` unless its policy forbids TLS; an initiator may go without,
 * and is then nobody in particular.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Our own address. */
  readonly from: string
  /** Other addresses that are ours. */
  readonly aliases?: ReadonlyArray<string>
  /** Addresses that were ours; who asks for one is told `host-gone`. */
  readonly former?: ReadonlyArray<string>
  /** How addresses are compared; `jid` unless said otherwise. */
  readonly naming?: Address.Naming
  /** What we show in TLS. */
  readonly identity?: Pick<Identity, "addresses" | "certificates" | "privateKey"> & Pick<TlsIdentity, "ocspStaple">
  readonly policy?: Partial<Config.Policy>
  readonly limits?: Partial<Config.Limits>
  /** As in `Config.Timeouts`, but `drainMillis` is 2000: after the peer's footer there are two seconds to say the rest. */
  readonly timeouts?: Partial<Config.Timeouts>
  readonly lang?: string
  readonly languages?: ReadonlyArray<string>
  readonly extraFeatures?: ReadonlyArray<Element.Element>
  readonly management?: Partial<Config.Management>
  /** Who answers iq requests; pings are answered without one. */
  readonly handlers?: ReadonlyArray<Handler>
  /** Handlers at work at once, default 16. */
  readonly handlersMax?: number
  /** Until a request is answered for its handler (IQ-12), default 60 000. */
  readonly replyMillis?: number
  /** Stanzas that wait for the application, default 1024; while there are as many the peer is not read. */
  readonly stanzasMax?: number
  /** How long an orderly close may take when the scope is closed by an interruption, default 2500. */
  readonly interruptMillis?: number
}

/**
 * As in `IqRouter`, and told on which stream the request came.
 *
 * @since 0.1.0
 * @category models
 */
export interface Handler extends Omit<IqRouter.Handler, "handle"> {
  readonly handle: (
    iq: Element.Element,
    from: string | undefined,
    stream: E2eStream
  ) => ReturnType<IqRouter.Handler["handle"]>
}

/**
 * The configuration of one stream. `peer` is the wanted peer, or nobody in particular.
 *
 * @since 0.1.0
 * @category constructors
 */
export const toConfig = (
  role: Config.Config["role"],
  options: Options,
  peer: string | undefined
): Effect.Effect<Config.Config, ConfigInvalid> =>
  Effect.suspend(() => {
    const input = inputOf(role, options, peer)
    const made = Config.make(input)
    const contradictions = [...(made._tag === "Contradictory" ? made.contradictions : []), ...own(role, options)]
    return made._tag === "Made" && contradictions.length === 0
      ? Effect.succeed(made.config)
      : Effect.fail(new ConfigInvalid({ contradictions }))
  })

const inputOf = (role: Config.Config["role"], options: Options, peer: string | undefined): Config.Input => ({
  role,
  self: options.from,
  timeouts: { drainMillis, ...options.timeouts },
  ...(peer === undefined ? {} : { peer }),
  ...(options.aliases === undefined ? {} : { aliases: options.aliases }),
  ...(options.former === undefined ? {} : { former: options.former }),
  ...(options.naming === undefined ? {} : { naming: options.naming }),
  ...(options.policy === undefined ? {} : { policy: options.policy }),
  ...(options.limits === undefined ? {} : { limits: options.limits }),
  ...(options.lang === undefined ? {} : { lang: options.lang }),
  ...(options.languages === undefined ? {} : { languages: options.languages }),
  ...(options.extraFeatures === undefined ? {} : { extraFeatures: options.extraFeatures }),
  ...(options.management === undefined ? {} : { management: options.management }),
  ...(options.identity === undefined ? {} : { certificate: { addresses: options.identity.addresses } })
})

/** What the protocol has no say in. */
const own = (role: Config.Config["role"], options: Options): ReadonlyArray<string> => {
  const contradictions: Array<string> = []
  if (role === "recipient" && options.identity === undefined && options.policy?.tls !== "never") {
    contradictions.push("A recipient needs an identity to show in TLS; give it one, or forbid TLS by policy.")
  }
  for (const [name, value] of Object.entries(numbersOf(options))) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      contradictions.push(`${name} must be a positive whole number.`)
    }
  }
  return contradictions
}

const numbersOf = ({ handlersMax, interruptMillis, replyMillis, stanzasMax }: Options) => ({
  handlersMax,
  interruptMillis,
  replyMillis,
  stanzasMax
})

const drainMillis = 2000
