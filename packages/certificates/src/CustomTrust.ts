/**
 * Trust of your own: functions that know peers in ways that nobody foresaw, a list of members, a directory, a second
 * factor. They stand in a combination by their names.
 *
 * @since 0.1.0
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { visible } from "./internal/visible.ts"
import type { Opinion, Way } from "./Opinion.ts"
import * as Peer from "./Peer.ts"
import * as Proof from "./Proof.ts"
import * as Verdicts from "./Verdicts.ts"

/**
 * @since 0.1.0
 * @category services
 */
export class CustomTrust extends Context.Service<CustomTrust, ReadonlyMap<string, Way>>()(
  "@xmpp-e2e/certificates/CustomTrust"
) {}

/**
 * `authorised` are bare, prepared addresses that the peer may take; when an address was wanted, it must be among them.
 * `because` is half a sentence for people and for the log; the peer never sees it. It may repeat what the certificate says:
 * it is made visible, and cut when it is long.
 *
 * @since 0.1.0
 * @category models
 */
export type Answer =
  | { readonly _tag: "Accept"; readonly authorised: ReadonlyArray<string>; readonly because: string }
  | { readonly _tag: "Refuse"; readonly because: string }
  | { readonly _tag: "Abstain"; readonly because: string }

/**
 * A function that dies refuses.
 *
 * @since 0.1.0
 * @category models
 */
export type Custom = (peer: Peer.Peer) => Effect.Effect<Answer>

/**
 * Functions by the names that a combination calls them.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (functions: Readonly<Record<string, Custom>>): Layer.Layer<CustomTrust> =>
  Layer.succeed(CustomTrust, new Map(Object.entries(functions).map(([name, judge]) => [name, model(name, judge)])))

const model = (name: string, judge: Custom): Way => ({
  description: { name },
  judge: (peer) => Effect.map(judge(peer), (answer) => opine(name, peer, answer))
})

const opine = (name: string, peer: Peer.Peer, answer: Answer): Opinion => {
  const wanted = Peer.wantedText(peer)
  const because = visible(answer.because)
  const isAccepted = answer._tag === "Accept" && (wanted === undefined || answer.authorised.includes(wanted))
  const proof = Proof.rule("CERT-104", `The function ${name} vouches for ${Peer.who(peer)}`, isAccepted, {
    found: because
  })
  const named: Proof.Proof = { ...proof, about: { _tag: "Model", model: `custom:${name}` } }
  const what = Peer.caseOf(peer)
  if (answer._tag === "Abstain") return { _tag: "Abstains", proof: named }
  if (!isAccepted) {
    return { _tag: "Refuses", verdict: Verdicts.refusedByCustom(what, name, because), proof: named }
  }
  const { authorised } = answer
  const grant = {
    authorised: wanted === undefined ? authorised : [wanted],
    strength: "custom" as const,
    expiresIn: Peer.timeLeft([peer.certificate], peer.now)
  }
  return { _tag: "Accepts", verdict: Verdicts.acceptedByCustom(what, name, because, grant), proof: named }
}
