/**
 * Asks the judge of peers. It may take minutes, when a person is asked; it answers with an event, and whatever goes wrong
 * on the way is a refusal.
 */
import * as Evidence from "@xmpp-e2e/certificates/Evidence"
import type { PeerJudge } from "@xmpp-e2e/certificates/PeerJudge"
import type { Config, Event, Verdict } from "@xmpp-e2e/protocol"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Tagged } from "../Interpreter.ts"

export type Judged = Extract<Event.Event, { readonly _tag: "PeerJudged" }>

export const judge = (
  service: PeerJudge["Service"],
  config: Config.Config,
  { chain, expected, hints }: Tagged<"JudgePeer">,
  beside: {
    readonly ocspStaple: Uint8Array | undefined
    readonly aliases: ReadonlyArray<string> | undefined
    /** Whether somebody reads what the verdict rests on. */
    readonly isRead: boolean
  }
): Effect.Effect<Judged> =>
  Effect.suspend(() => {
    const decoded = chain.map((each) => Base64.decode(each))
    // A chain that cannot be read is no chain, and nobody without a chain is believed.
    const shown = decoded.every(Result.isSuccess) ? decoded.map(({ success }) => success) : []
    const judgement = service.judge({
      chain: shown,
      role: config.role,
      naming: config.naming,
      authenticatePeer: config.policy.authenticatePeer,
      ...(beside.ocspStaple === undefined ? {} : { ocspStaple: beside.ocspStaple }),
      ...(beside.aliases === undefined ? {} : { aliases: beside.aliases }),
      ...(expected === undefined ? {} : { expected }),
      ...(hints === undefined ? {} : { hints })
    })
    if (!beside.isRead) return Effect.map(judgement, ({ verdict }) => judged(verdict))
    return Effect.flatMap(judgement, ({ proof, verdict }) =>
      Evidence.of(proof, shown, config.naming).pipe(
        Effect.map((evidence) => ({ ...judged(verdict), evidence })),
        // Evidence decides nothing, not even when there is none.
        Effect.catchDefect((defect) =>
          Effect.as(Effect.logError("what a verdict rests on cannot be told", defect), judged(verdict))
        )
      ))
  }).pipe(
    Effect.catchCause((cause) =>
      Cause.hasInterruptsOnly(cause)
        ? Effect.interrupt
        : Effect.as(Effect.logError("the judge of peers failed unexpectedly", cause), judged(broken))
    )
  )

const judged = (verdict: Verdict.Verdict): Judged => ({ _tag: "PeerJudged", verdict })

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
