/** The questions of one end: they are answered later, with an event. */
import type { Event } from "@xmpp-e2e/protocol"
import type { Options, Question } from "../../simulator/Endpoint.ts"

/** Whoever asks. */
export interface Asking {
  readonly options: Pick<Options, "clock" | "judge" | "random" | "sessions">
  readonly post: (event: Event.Event) => void
  /** How many questions are open. */
  judging: number
}

export const judge = (end: Asking, question: Question): void => {
  const answer = end.options.judge(question)
  if (answer === undefined) return
  end.judging += 1
  end.options.clock.after(answer.after, () => {
    end.judging -= 1
    end.post({ _tag: "PeerJudged", verdict: answer.verdict })
  })
}

export const judgeResumption = (end: Asking, id: string): void => {
  const { clock, random, sessions } = end.options
  const resumption = sessions.find((each) => each.id === id)
  end.judging += 1
  clock.after(random.between([0, 50]), () => {
    end.judging -= 1
    end.post({ _tag: "ResumptionJudged", ...(resumption === undefined ? {} : { resumption }) })
  })
}
