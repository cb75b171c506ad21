/**
 * Asks the judge of peers. It may take minutes, when a person is asked; it answers with an event, and whatever goes wrong
 * on the way is a refusal.
 */
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type { Config, Verdict } from "@xmpp-e2e/protocol"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Tagged } from "../Interpreter.ts"

export const judge = (
  service: PeerJudge["Service"],
  config: Config.Config,
  { chain, expected, hints }: Tagged<"JudgePeer">,
  ocspStaple: Uint8Array | undefined
): Effect.Effect<Verdict.Verdict> =>
  Effect.suspend(() => {
    const decoded = chain.map((each) => Base64.decode(each))
    const judgement = service.judge({
      // A chain that cannot be read is no chain, and nobody without a chain is believed.
      chain: decoded.every(Result.isSuccess) ? decoded.map(({ success }) => success) : [],
      role: config.role,
      naming: config.naming,
      authenticatePeer: config.policy.authenticatePeer,
      ...(ocspStaple === undefined ? {} : { ocspStaple }),
      ...(expected === undefined ? {} : { expected }),
      ...(hints === undefined ? {} : { hints })
    })
    return Effect.map(judgement, ({ verdict }) => verdict)
  }).pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Effect.as(Effect.logError("the judge of peers failed unexpectedly", cause), broken)
    )
  )

/** Certificates §8 row 16, the default of CERT-104: no verdict, no admission. */
const broken: Verdict.Verdict = {
  decision: "reject",
  code: "internal",
  rule: "CERT-104",
  because: "The peer's certificate could not be judged because our own judge failed",
  strength: "none",
  authorised: [],
  notices: []
}
