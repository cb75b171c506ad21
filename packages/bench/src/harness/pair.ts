/**
 * Two processes and a conversation between them: what a corpus costs from one to the other.
 */
import type { Recipe, Sender } from "../corpus/corpus.ts"
import { type Child, start } from "./child.ts"
import type { Credentials } from "./credentials.ts"
import type { Beginning, EndService } from "./endProcess.ts"
import type { Own } from "./sampling.ts"

/** From the first stanza's sending to the last one's arrival. */
export interface Cost {
  readonly wallMillis: number
  /** Of both ends together. */
  readonly cpuMillis: number
  readonly senderCpuMillis: number
  readonly receiverCpuMillis: number
}

export interface Pair {
  /** Both ends make ready what goes one way. */
  readonly load: (recipe: Recipe) => Promise<void>
  readonly run: (sender: Sender) => Promise<Cost>
  /** The same several times over, watched: where either end spent its time. */
  readonly watch: (sender: Sender, times: number) => Promise<Watched>
  readonly end: () => Promise<void>
}

export interface Watched {
  readonly sender: ReadonlyArray<Own>
  readonly receiver: ReadonlyArray<Own>
}

export const open = async (
  contender: string,
  credentials: Readonly<Record<Sender, Credentials>>,
  execArgv?: Readonly<Record<Sender, ReadonlyArray<string>>>
): Promise<Pair> => {
  const ends = {
    initiator: start<EndService>("endProcess.ts", execArgv?.initiator),
    recipient: start<EndService>("endProcess.ts", execArgv?.recipient)
  }
  const at = await ends.recipient.ask("listen", { contender, own: credentials.recipient })
  await ends.initiator.ask("dial", { contender, own: credentials.initiator, at })
  await ends.recipient.ask("ready")
  return {
    load: async (recipe) => {
      await ends[recipe.sender].ask("load", recipe)
      await ends[other(recipe.sender)].ask("count", recipe)
    },
    run: (sender) => run(ends[sender], ends[other(sender)], { collects: true }),
    watch: async (sender, times) => {
      const both = [ends[sender], ends[other(sender)]] as const
      await Promise.all(both.map((each) => each.ask("beginProfile")))
      for (let time = 0; time < times; time++) await run(...both, { collects: false })
      return { sender: await both[0].ask("endProfile"), receiver: await both[1].ask("endProfile") }
    },
    end: async () => {
      await Promise.all([ends.initiator.end(), ends.recipient.end()])
    }
  }
}

const run = async (
  sender: Child<EndService>,
  receiver: Child<EndService>,
  beginning: Beginning
): Promise<Cost> => {
  await receiver.ask("expect", beginning)
  const [began, done] = await Promise.all([sender.ask("send", beginning), inTime(receiver.ask("arrived"))])
  const senderCpuMillis = await sender.ask("spent") / 1000
  const receiverCpuMillis = done.cpu / 1000
  return {
    wallMillis: (done.at - began) / 1e6,
    cpuMillis: senderCpuMillis + receiverCpuMillis,
    senderCpuMillis,
    receiverCpuMillis
  }
}

/** Whoever loses a stanza would have us wait for ever. */
const inTime = async <A>(arrived: Promise<A>): Promise<A> => {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error("not everything has arrived")), patienceMillis)
  try {
    return await Promise.race([arrived, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const patienceMillis = 120_000

export const other = (sender: Sender): Sender => sender === "initiator" ? "recipient" : "initiator"
