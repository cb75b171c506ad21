/**
 * What holds of a certificate when nobody vouches for it: what is wrong with it by itself, or that it is self-signed or
 * of an unknown authority.
 *
 * @internal
 */
import type { Verdict } from "@xmpp-e2e/protocol"
import * as Effect from "effect/Effect"
import * as Path from "../Path.ts"
import * as Peer from "../Peer.ts"
import * as Verdicts from "../Verdicts.ts"

export const unvouched = Effect.fnUntraced(function*(peer: Peer.Peer): Effect.fn.Return<Verdict.Verdict> {
  const what = Peer.caseOf(peer)
  const { certificate: leaf, now, others: intermediates, purpose } = peer
  const alone = yield* Path.find({ leaf, intermediates, anchors: [], now, purpose })
  return alone._tag === "Invalid"
    ? Verdicts.fault(what, alone)
    : Verdicts.internal(what, "a path was found that leads nowhere")
})
