/**
 * The side of the process that is asked: answers each question with what the function of its name gives, and ends with the
 * parent.
 */
import type { Answer, Question, Service } from "./child.ts"

export const serve = (service: Service): void => {
  const answer = (answer: Answer): void => void process.send?.(answer)
  process.on("message", ({ argument, id, name }: Question) => {
    given(service, name, argument).then(
      (value) => answer({ id, value }),
      (error: unknown) => answer({ id, failure: error instanceof Error ? error.stack ?? error.message : String(error) })
    )
  })
  // Whoever asked is gone, and nobody waits for an orderly end.
  process.on("disconnect", () => process.exit())
}

const given = async (service: Service, name: string, argument: unknown): Promise<unknown> =>
  service[name]?.(argument as never)
