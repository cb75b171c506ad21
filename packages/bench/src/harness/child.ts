/**
 * Another process, and questions to it: the parent's side. `Service` says what can be asked; `serve.ts` answers.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** What a process answers; arguments and answers are plain data. */
export type Service = Readonly<Record<string, (argument: never) => unknown>>

export interface Question {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

export interface Answer {
  readonly id: number
  readonly value?: unknown
  readonly failure?: string
}

export interface Child<Of extends Service> {
  readonly ask: <Name extends keyof Of & string>(
    name: Name,
    ...argument: Parameters<Of[Name]>
  ) => Promise<Awaited<ReturnType<Of[Name]>>>
  readonly end: () => Promise<void>
}

interface Waiter {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** `file` is beside this one, or further up: a path from this folder. */
export const start = <Of extends Service>(
  file: string,
  execArgv: ReadonlyArray<string> = []
): Child<Of> => {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execArgv: [...execArgv],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })
  const waiting = new Map<number, Waiter>()
  let last = 0
  child.on("message", ({ failure, id, value }: Answer) => {
    const waiter = waiting.get(id)
    waiting.delete(id)
    if (failure === undefined) waiter?.resolve(value as never)
    else waiter?.reject(new Error(failure))
  })
  const gone = once(child, "exit")
  void gone.then(([code]) => {
    for (const { reject } of waiting.values()) reject(new Error(`the process of ${file} ended (${code})`))
  })
  return {
    ask: (name, ...[argument]) =>
      new Promise((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve, reject })
        child.send({ id: last, name, argument } satisfies Question)
      }),
    end: async () => {
      child.disconnect()
      await gone
    }
  }
}
