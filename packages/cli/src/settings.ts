/** Flags to what a stream needs: options, whom we believe; what is written down is the business of `recording.ts`. */
import { type Identity, PeerJudge } from "@xmpp-e2e/certificates"
import { NodeIdentity, NodeTransport } from "@xmpp-e2e/node"
import { type Address, Namespace } from "@xmpp-e2e/protocol"
import type { Options } from "@xmpp-e2e/stream"
import type { Transport } from "@xmpp-e2e/transport/Transport"
import { Element } from "@xmpp-e2e/xml"
import * as Cause from "effect/Cause"
import type * as Prompt from "effect/cli/Prompt"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Asking from "./asking.ts"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Input from "./input.ts"
import * as InvitedJudge from "./invitedJudge.ts"
import * as Output from "./output.ts"
import { unlocking } from "./passphrase.ts"
import * as Recording from "./recording.ts"
import * as Trusting from "./trusting.ts"
import { version } from "./version.ts"
import { watched } from "./watching.ts"

export type NamingFlag = "jid" | "link-local"

/** What `flags.stream` parses to, with our own address. */
export interface Flags extends Trusting.Flags, Recording.Flags {
  readonly as: string
  readonly identity: Option.Option<string>
  readonly cert: Option.Option<string>
  readonly key: Option.Option<string>
  readonly passphraseFile: Option.Option<string>
  readonly tls: "required" | "optional" | "disabled"
  readonly sasl: "required" | "optional"
  readonly legacy: "accept" | "refuse"
  readonly explain: boolean
  readonly naming: NamingFlag
  readonly timeout: number
  readonly json: boolean
}

export interface Settings {
  /** What we show. */
  readonly identity?: Identity.Identity
  readonly options: Options.Options
  readonly timeout: Duration.Duration
  readonly layer: Layer.Layer<Transport | PeerJudge.PeerJudge | Input.Input, CommandFailed>
}

/** `asks`: the command has questions of its own for whoever types; or it takes input, and asks, in its own way. */
export const load = Effect.fnUntraced(
  function*(
    flags: Flags,
    asks: boolean | Layer.Layer<Input.Input> = false
  ): Effect.fn.Return<Settings, CommandFailed, Prompt.Environment> {
    const naming = namingOf(flags.naming)
    const identity = yield* loadIdentity(flags, naming)
    const { tls } = flags
    if (tls === "disabled" && Trusting.isAnybody(flags)) {
      return yield* usage("with --tls disabled nobody shows a certificate, so that the --trust flags have no effect")
    }
    const trust = yield* Trusting.load(flags, naming)
    if (tls !== "disabled" && !Trusting.isAnybody(flags)) yield* Output.remark(Trusting.nobodyIsBelieved)
    const judge = asUsage(
      InvitedJudge.layer(flags.invites ?? [], trust, PeerJudge.layer(trust)).pipe(
        Layer.provide(Trusting.storeOf(flags))
      )
    )
    const recorder = yield* Recording.load(flags)
    const millis = Math.round(flags.timeout * 1000)
    return {
      ...(identity === undefined ? {} : { identity }),
      timeout: Duration.millis(millis),
      options: {
        from: flags.as,
        naming,
        ...(identity === undefined ? {} : { identity }),
        policy: {
          tls: levels[flags.tls],
          sasl: flags.sasl === "required" ? "required" : "ifUsable",
          legacy: flags.legacy,
          contentNamespace: flags.contentNamespace
        },
        timeouts: {
          drainMillis,
          negotiationMillis: millis,
          stepMillis: Math.min(stepMillis, millis),
          verdictMillis: Math.min(verdictMillis, 2 * millis)
        },
        interruptMillis,
        // TLS is voluntary only beside another feature (TLS-04).
        extraFeatures: flags.tls === "optional" ? [whatWeCan] : []
      },
      layer: Layer.mergeAll(
        NodeTransport.layer,
        watched(judge, flags),
        recorder,
        typeof asks === "boolean" ? yield* inputFor(trust.firstUse, asks) : asks
      )
    }
  }
)

const asUsage = <A, E extends { readonly message: string }, R>(
  layer: Layer.Layer<A, E, R>
): Layer.Layer<A, CommandFailed, R> =>
  Layer.catchCause(
    layer,
    (cause) =>
      Layer.unwrap(Effect.fail(Option.match(Cause.findErrorOption(cause), {
        onNone: () => usage(Cause.pretty(cause)),
        onSome: (error) => error instanceof CommandFailed ? error : usage(error.message)
      })))
  )

export const namingOf = (flag: NamingFlag): Address.Naming => flag === "jid" ? "jid" : "linkLocal"

export const tooSlow = (
  peer: { readonly host: string; readonly port: number } | string,
  timeout: number
): CommandFailed =>
  new CommandFailed({
    code: exitCodes.failed,
    sentence: `no stream with ${
      typeof peer === "string" ? peer : `${peer.host}:${peer.port}`
    } after ${timeout} seconds [TIME-07]; --timeout allows more`
  })

const loadIdentity = Effect.fnUntraced(function*(
  { cert, identity, key, passphraseFile, tls }: Flags,
  naming: Address.Naming
): Effect.fn.Return<Identity.Identity | undefined, CommandFailed, Prompt.Environment> {
  if (Option.isSome(key) && Option.isNone(cert)) return yield* usage("--cert and --key go together")
  if (Option.isSome(identity) && Option.isSome(cert)) {
    return yield* usage("--identity and --cert name the same thing; use one")
  }
  const files = Option.isSome(identity)
    ? NodeIdentity.inDirectory(identity.value)
    : Option.isSome(cert)
    ? { certificates: cert.value, ...Option.isSome(key) ? { privateKey: key.value } : {} }
    : undefined
  if (files === undefined) {
    if (tls !== "disabled") {
      yield* Output.remark("no --identity: we show no certificate, and most peers will not admit us")
    }
    return undefined
  }
  return yield* unlocking(
    passphraseFile,
    (passphrase) => NodeIdentity.read(files, { naming, ...passphrase === undefined ? {} : { passphrase } })
  )
})

/** Where nobody is asked, input is the conversation's alone. */
const inputFor = Effect.fnUntraced(function*(
  firstUse: "accept" | "ask" | "reject",
  asks: boolean
): Effect.fn.Return<Layer.Layer<Input.Input>> {
  const isTerminal = yield* Input.isTerminal
  if (firstUse === "ask" && isTerminal) return Layer.provideMerge(Asking.layer, Input.layerAsking())
  if (firstUse === "ask") yield* Output.remark(Asking.noTerminal)
  return asks ? Input.layerAsking() : Input.layer
})

const levels = { required: "required", optional: "preferred", disabled: "never" } as const

const discoInfo = "http://jabber.org/protocol/disco#info"

/** FEAT-21: identity and features, public by nature. */
const whatWeCan = Element.make(discoInfo, "query", { node: `https://xmpp-e2e.invalid/#${version}` }, [
  Element.make(discoInfo, "identity", { category: "client", type: "pc", name: "xmpp-e2e" }),
  Element.make(discoInfo, "feature", { var: Namespace.ping })
])

/** How long a peer that has closed its side hears us out; a little less than it waits by default (T-CLOSE). */
const drainMillis = 4_500
/** How long Ctrl-C waits for an orderly end. */
const interruptMillis = 2_000
const stepMillis = 15_000
/** A person at the other end may be asked about our certificate (TIME-13). */
const verdictMillis = 120_000
