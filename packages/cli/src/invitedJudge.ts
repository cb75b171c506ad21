/**
 * A judge of peers that believes whoever has given us an invite by the fingerprint in it and by nothing else, whatever else
 * is believed of others. How an invite comes here is in `invited.ts`.
 */
import {
  Certificate,
  Fingerprint,
  PeerJudge,
  Pin,
  PinStore,
  PresentedNames,
  Trust,
  TrustModel
} from "@xmpp-e2e/certificates"
import { Address } from "@xmpp-e2e/protocol"
import type { Invite } from "@xmpp-e2e/serverless"
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { CommandFailed, exitCodes, usage } from "./exit.ts"
import * as Output from "./output.ts"

type Rules = Pick<Trust.Trust, "as" | "purpose">

/** Others are for `rest`. Who came by an invite is remembered in the store. */
export const layer = <E, R>(
  invites: ReadonlyArray<Invite.Invite>,
  rules: Rules,
  rest: Layer.Layer<PeerJudge.PeerJudge, E, R>
): Layer.Layer<PeerJudge.PeerJudge, E | CommandFailed, R | PinStore.PinStore> =>
  invites.length === 0 ? rest : Layer.effect(PeerJudge.PeerJudge, make(invites, rules)).pipe(Layer.provide(rest))

const make = Effect.fnUntraced(function*(
  invites: ReadonlyArray<Invite.Invite>,
  { as, purpose }: Rules
): Effect.fn.Return<
  PeerJudge.PeerJudge["Service"],
  CommandFailed,
  PeerJudge.PeerJudge | PinStore.PinStore | Scope.Scope
> {
  const store = yield* PinStore.PinStore
  yield* Effect.forEach(invites, (each) => agree(each, store), { discard: true })
  const others = yield* PeerJudge.PeerJudge
  const trust = Trust.make({ combination: TrustModel.pin, pins: invites.map(pinOf), as, purpose })
  // By what else he may have been known counts for nothing here.
  const own = yield* Layer.build(Layer.provide(PeerJudge.layer(trust), PinStore.layerMemory())).pipe(
    Effect.map((context) => Context.get(context, PeerJudge.PeerJudge)),
    Effect.mapError(({ message }) => usage(message))
  )
  return {
    description: { invited: own.description, others: others.description },
    judge: Effect.fnUntraced(function*(question) {
      const shown = yield* showing(question)
      const about = invites.filter((each) => isAbout(each, question, shown))
      if (about.length === 0) {
        const judgement = yield* others.judge(question)
        // A pin that came into the store meanwhile may say that it is he.
        const isTaken = invites.some(({ address }) => judgement.verdict.authorised.includes(address))
        return isTaken ? yield* own.judge(question) : judgement
      }
      const judgement = yield* own.judge(question)
      if (judgement.proof.holds && shown !== undefined) {
        yield* Effect.forEach(about, (each) => remember(each, shown, store), { discard: true })
      }
      return judgement
    })
  }
})

interface Shown extends Pin.Hashes {
  readonly addresses: ReadonlyArray<string>
}

/** What the peer shows of itself; nothing where that is no certificate, which the judge will say. */
const showing = Effect.fnUntraced(function*({ chain: [der], naming }: PeerJudge.Question) {
  const certificate = der === undefined ? undefined : Result.getOrUndefined(Certificate.decode(der))
  if (certificate === undefined) return undefined
  const shown: Shown = {
    addresses: PresentedNames.read(certificate, naming).xmppAddr,
    certificate: yield* Fingerprint.sha256(certificate.der),
    key: yield* Fingerprint.sha256(certificate.publicKey.spki)
  }
  return shown
})

/** He is wanted, or that is his certificate, or it says that it is. */
const isAbout = (
  { address, certificate, naming }: Invite.Invite,
  { expected, naming: asked }: PeerJudge.Question,
  shown: Shown | undefined
): boolean => {
  if (asked !== naming) return false
  if (expected !== undefined) return Address.sameBare(expected, address, naming)
  return shown !== undefined && (shown.certificate === certificate || shown.addresses.includes(address))
}

/** The store may know him by another certificate. Then one of the two is not his. */
const agree = Effect.fnUntraced(function*(invite: Invite.Invite, store: PinStore.PinStore["Service"]) {
  const kept = yield* Effect.mapError(store.find(invite), ({ message }) => usage(message))
  const others = Pin.conflicts(kept, [pinOf(invite)], "certificate")
  if (others.length > 0) {
    return yield* new CommandFailed({ code: exitCodes.notAdmitted, sentence: disagreement(invite, others) })
  }
})

const disagreement = ({ address }: Invite.Invite, others: ReadonlyArray<Pin.Pin>): string =>
  `the store knows ${address} by another certificate than the invite has (SHA-256 ${
    others.map(({ certificate }) => Fingerprint.display(certificate)).join(", ")
  }): somebody may be posing as him. Ask him for his fingerprint by another way; if the invite is right, `
  + "`xmpp-e2e pins remove` takes out what the store has"

/** That it is not kept is told, and no reason not to talk: the invite was right all the same. */
const remember = Effect.fnUntraced(
  function*(invite: Invite.Invite, { certificate, key }: Shown, store: PinStore.PinStore["Service"]) {
    if (certificate !== invite.certificate) return
    const firstSeen = DateTime.formatIso(yield* DateTime.now).replace(/\.\d+Z$/, "Z")
    const taken = yield* store.rememberFirst([{ ...pinOf(invite), key, firstSeen }], "certificate")
    if (taken.length > 0) yield* Output.remark(disagreement(invite, taken))
  },
  Effect.catch(({ message }) => Output.remark(`not remembered: ${message}`))
)

/** Before anybody has seen the certificate. */
const pinOf = ({ address, certificate, naming }: Invite.Invite): Pin.Pin => ({
  address,
  naming,
  certificate,
  key: "",
  firstSeen: "1970-01-01T00:00:00Z",
  how: "manual"
})
