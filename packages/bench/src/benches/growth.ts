/**
 * What happens when there is more of it: streams, bytes in a stanza, pieces that a stanza comes in.
 */
import * as Pieces from "../growth/pieces.ts"
import * as Sizes from "../growth/sizes.ts"
import * as Streams from "../growth/streams.ts"
import type { Bench, Outcome, Settings } from "../harness/bench.ts"

export const growth: Bench = {
  name: "growth",
  about: "1 to 1 000 streams, stanzas of 100 B to 1 MB, and of 1 MB in 1 to 10 000 pieces and byte by byte",
  details: [
    "streams: chat stanzas over so many conversations at once between two processes, batches of 100 on each; CPU of both.",
    "sizes: messages with so much text over one conversation. pieces: one message to a stream over a connection in memory",
    "that gives so many bytes at a time (a megabyte in 1 piece still comes in those that the connection holds, 64 kB)."
  ].join("\n"),
  turns: 5,
  kinds: ["streams", "sizes", "pieces"],
  run: (settings) => run(settings)
}

const run = async (settings: Settings): Promise<Outcome> => {
  const outcomes: Array<Outcome> = []
  for (const [kind, growing] of parts) if (settings.kinds.includes(kind)) outcomes.push(await growing(settings))
  return {
    tables: outcomes.flatMap(({ tables }) => tables),
    figures: outcomes.map(({ figures }) => figures),
    claims: outcomes.flatMap(({ claims }) => claims)
  }
}

const parts = [["pieces", Pieces.growing], ["streams", Streams.growing], ["sizes", Sizes.growing]] as const
