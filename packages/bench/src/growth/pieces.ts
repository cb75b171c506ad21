/**
 * What it costs to read a stanza that comes in pieces: the whole stack over a connection in memory that gives so many bytes
 * at a time.
 */
import { PeerJudge } from "@xmpp-e2e/certificates"
import { E2eStream } from "@xmpp-e2e/stream"
import { Memory } from "@xmpp-e2e/transport"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import { addresses, make } from "../corpus/corpus.ts"
import type { Outcome, Settings } from "../harness/bench.ts"
import { collectGarbage, cpuMicros } from "../harness/resources.ts"
import { exponent, median, summarise } from "../harness/statistics.ts"
import { number, spread } from "../harness/table.ts"
import { takeTurns } from "../harness/turns.ts"

interface Case {
  readonly textBytes: number
  readonly pieceBytes: number
}

export const growing = async ({ progress, turns }: Pick<Settings, "progress" | "turns">): Promise<Outcome> => {
  const entrants = [...inPieces, ...byteByByte].map((each) => ({
    ...each,
    name: `${number(each.textBytes)} bytes, ${number(each.pieceBytes)} at a time`,
    run: () => Effect.runPromise(Effect.scoped(reading(each)))
  }))
  const costs = await takeTurns(entrants, turns, (done) => progress(`pieces, ${done}`))
  const rows = entrants.map(({ name, pieceBytes, textBytes }, at) => ({
    name,
    textBytes,
    pieceBytes,
    millis: summarise((costs[at] ?? []).map((micros) => micros / 1000)),
    nanosPerByte: summarise((costs[at] ?? []).map((micros) => micros * 1000 / textBytes))
  }))
  const power = exponent(byteByByte.map(({ textBytes }, at) => [textBytes, median(costs[inPieces.length + at] ?? [])]))
  return {
    tables: [{
      title: `A stanza in pieces; byte by byte, CPU grows with the ${number(power)}th power of the size`,
      columns: ["bytes of text", "CPU ms", "CPU ns a byte"],
      rows: rows.map(({ millis, name, nanosPerByte }) => [name, spread(millis), spread(nanosPerByte)])
    }],
    figures: { rows, exponent: power },
    claims: [{
      figure: "CPU of a stanza in 1-byte pieces, growth with size (exponent)",
      bound: "most",
      must: 1.1,
      measured: power
    }]
  }
}

/** Microseconds of CPU, from sending to having. */
const reading = Effect.fnUntraced(function*({ pieceBytes, textBytes }: Case) {
  // Until the stanza is on its way there is no cutting: that is not what is measured.
  let cuts = false
  const [left, right] = yield* Memory.pair({ chunk: (available) => cuts ? Math.min(available, pieceBytes) : available })
  const policy = { tls: "never", sasl: "never", authenticatePeer: false } as const
  const limits = { elementBytesMax: 4_194_304 }
  const { initiator, recipient } = addresses
  const [romeo, juliet] = yield* Effect.all([
    E2eStream.over(left, { role: "initiator", from: initiator, to: recipient, policy, limits }),
    E2eStream.over(right, { role: "recipient", from: recipient, policy, limits })
  ], { concurrency: 2 }).pipe(Effect.provide(nobodyJudges))
  const elements = make({ seed: 1, kind: "chat", count: 1, sender: "initiator", textBytes }).elements()
  cuts = true
  yield* Effect.promise(collectGarbage)
  const since = cpuMicros()
  yield* Effect.forkChild(romeo.sendAll(elements))
  const received = yield* juliet.receive
  const spent = cpuMicros() - since
  if (Option.isNone(received)) return yield* Effect.die(new Error("the stream ended"))
  cuts = false
  yield* Effect.all([romeo.abort, juliet.abort], { concurrency: 2 })
  return spent
})

const nobodyJudges = Layer.merge(
  PeerJudge.layerVerdict(() => Effect.die(new Error("there are no certificates"))),
  Logger.layer([])
)

const megabyte = 1_000_000
const inPieces: ReadonlyArray<Case> = [1, 10, 100, 1000, 10_000].map((pieces) => ({
  textBytes: megabyte,
  pieceBytes: megabyte / pieces
}))
const byteByByte: ReadonlyArray<Case> = [16_000, 64_000, 250_000, megabyte].map((textBytes) => ({
  textBytes,
  pieceBytes: 1
}))
