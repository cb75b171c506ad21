/** A judgement in words: the verdict, what can be done about it, and why, as a tree. */
import { Explain, type PeerJudge } from "@xmpp-e2e/certificates"
import { advice, type Situation } from "./advice.ts"

export interface Manner extends Situation {
  /** Whether the rules that are kept are told, too. */
  readonly isWhole: boolean
}

export const lines = (
  judgement: PeerJudge.Judgement,
  question: PeerJudge.Question,
  { isWhole, ...situation }: Manner
): ReadonlyArray<string> => [
  ...Explain.verdict(judgement.verdict),
  ...advice(judgement, question, situation),
  // The claim itself has been told with the verdict.
  ...judgement.proof.reasons.flatMap((each) => Explain.proof(each, { isWhole })).map((line) => `  ${line}`)
]
