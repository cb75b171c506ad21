/**
 * `--invite` of `connect` and `listen`: invites as they were given, read and held against the other flags. That nothing but
 * an invite lets its owner in is up to `invitedJudge.ts`; making one, to `invite.ts`.
 */
import { Invite } from "@xmpp-e2e/serverless"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type CommandFailed, usage } from "./exit.ts"

export interface Flags {
  readonly naming: "jid" | "link-local"
  readonly tls: "required" | "optional" | "disabled"
  readonly legacy: "accept" | "refuse"
}

/** What `connect` is asked for: somebody by his address, or by his invite. */
export interface Wish extends Flags {
  readonly to: Option.Option<string>
  readonly invite: Option.Option<string>
  readonly host: Option.Option<string>
  readonly port: Option.Option<number>
}

/** Whom to dial, where to look first, and by what to know him. */
export interface Wanted {
  readonly to: string
  readonly places: Invite.Invite["places"]
  readonly invites: ReadonlyArray<Invite.Invite>
}

/** `believed` are flags that say whom to believe. */
export const wanted = Effect.fnUntraced(function*(
  wish: Wish,
  [believed]: ReadonlyArray<string>
): Effect.fn.Return<Wanted, CommandFailed> {
  const { host, invite: given, port, to } = wish
  if (Option.isSome(to) && Option.isNone(given)) return { to: to.value, places: [], invites: [] }
  if (Option.isNone(given) || Option.isSome(to)) return yield* usage("say whom you want: --to, or --invite")
  if (Option.isSome(host) || Option.isSome(port)) {
    return yield* usage("--invite says where to look; for another place: --to, --host, --port and --trust-pin")
  }
  if (believed !== undefined) {
    return yield* usage(`--invite says whom to believe, and nobody else is wanted, so that ${believed} has no effect`)
  }
  const invite = yield* readOne(given.value)
  yield* fit([invite], wish)
  return { to: invite.address, places: invite.places, invites: [invite] }
})

/** For `listen`: each read, and none that another one or a flag contradicts. */
export const welcome = Effect.fnUntraced(function*(
  wish: Flags & { readonly invite: ReadonlyArray<string> }
): Effect.fn.Return<ReadonlyArray<Invite.Invite>, CommandFailed> {
  const invites = yield* Effect.forEach(wish.invite, readOne)
  if (invites.length > 0) yield* fit(invites, wish)
  return invites
})

const readOne = (text: string): Effect.Effect<Invite.Invite, CommandFailed> =>
  Effect.mapError(Effect.fromResult(Invite.decode(text)), ({ message }) => usage(`--invite: ${message}`))

const fit = Effect.fnUntraced(function*(
  invites: ReadonlyArray<Invite.Invite>,
  { legacy, naming, tls }: Flags
): Effect.fn.Return<void, CommandFailed> {
  if (tls !== "required" || legacy === "accept") {
    const flag = legacy === "accept" ? "--legacy accept" : `--tls ${tls}`
    return yield* usage(`with ${flag} anybody could come without a certificate under the name in the --invite`)
  }
  const isJid = naming === "jid"
  if (invites.some((each) => (each.naming === "jid") !== isJid)) {
    return yield* usage(
      isJid ? "the --invite is by link-local names; add --naming link-local" : "the --invite is by JIDs: --naming jid"
    )
  }
  const split = invites.find(({ address, certificate }) =>
    invites.some((other) => other.address === address && other.certificate !== certificate)
  )
  if (split !== undefined) {
    return yield* usage(`two --invite of ${split.address} have different fingerprints; ask him which one is right`)
  }
})
