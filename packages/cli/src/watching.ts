/**
 * A judge of peers that says what it judged. The stream hears the verdict alone, and the peer what the protocol tells it;
 * the proof is for the people on this side.
 */
import { PeerJudge } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Output from "./output.ts"
import * as Trusting from "./trusting.ts"
import * as VerdictText from "./verdictText.ts"

export interface Manner extends Pick<Trusting.Flags, "invites" | "trustRequire" | "trustStore"> {
  readonly json: boolean
  /** Whether the whole proof is told, and also of those who are accepted. */
  readonly explain: boolean
}

export const watched = <E, R>(
  judge: Layer.Layer<PeerJudge.PeerJudge, E, R>,
  manner: Manner
): Layer.Layer<PeerJudge.PeerJudge, E, R> =>
  Layer.effect(
    PeerJudge.PeerJudge,
    Effect.map(PeerJudge.PeerJudge, ({ description, judge }) => ({
      description,
      judge: (question) => Effect.tap(judge(question), (judgement) => tell(judgement, question, manner))
    }))
  ).pipe(Layer.provide(judge))

const tell = (
  judgement: PeerJudge.Judgement,
  question: PeerJudge.Question,
  manner: Manner
): Effect.Effect<void> => {
  const { explain, json } = manner
  if (json) {
    const { expected, role } = question
    const notice = { _tag: "PeerJudged", role, ...expected === undefined ? {} : { expected }, ...judgement }
    return Effect.ignore(Output.line(JSON.stringify({ notice })))
  }
  // Who is accepted is introduced when the stream is open.
  if (judgement.proof.holds && !explain) return Effect.void
  const words = VerdictText.lines(judgement, question, { isWhole: explain, ...Trusting.situation(manner) })
  return Output.remark(words.join("\n"))
}
