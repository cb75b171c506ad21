/**
 * Keeps the corpus: `pnpm corpus` says what the reducer answers otherwise than the recordings, step by step, and fails
 * when there is anything; `pnpm corpus --write` writes it down. Read the difference before you commit it. A story that is
 * to be told anew is told when its file is gone.
 */
import * as Result from "effect/Result"
import * as Fs from "node:fs"
import { fileURLToPath } from "node:url"
import { type Place, place as own, texts } from "./corpus.ts"
import { scenarios } from "./scenarios.ts"
import type { Scenario } from "./stories/telling.ts"
import { upkeep } from "./upkeep.ts"

export interface Outcome {
  /** 0: all is as it should be, or is now; 1: it is not, and was only looked at; 2: it cannot be done. */
  readonly code: 0 | 1 | 2
  readonly lines: ReadonlyArray<string>
}

export const corpus = (
  args: ReadonlyArray<string>,
  place: Place = own,
  stories: ReadonlyArray<Scenario> = scenarios()
): Outcome => {
  const [option = "--check", ...more] = args
  if (more.length > 0 || (option !== "--check" && option !== "--write")) {
    return { code: 2, lines: ["usage: pnpm corpus [--check | --write]"] }
  }
  const planned = upkeep(texts(place), stories)
  if (Result.isFailure(planned)) return { code: 2, lines: [planned.failure] }
  const { changes, index } = planned.success
  const isIndexStale = !Fs.existsSync(place.index) || Fs.readFileSync(place.index, "utf8") !== index
  const lines = [
    ...changes.flatMap(({ diff, name }) => diff.length === 0 ? [`${name}.ndjson is written otherwise`] : diff),
    ...(isIndexStale ? ["the index is stale"] : [])
  ]
  if (lines.length === 0) return { code: 0, lines: ["the corpus is as the reducer answers"] }
  if (option === "--check") return { code: 1, lines: [...lines, "pnpm corpus --write writes this down"] }
  Fs.mkdirSync(place.folder, { recursive: true })
  for (const { name, text } of changes) Fs.writeFileSync(`${place.folder}${name}.ndjson`, text)
  Fs.writeFileSync(place.index, index)
  return { code: 0, lines: [...lines, `${changes.length} recordings written`] }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { code, lines } = corpus(process.argv.slice(2))
  process.stdout.write(`${lines.join("\n")}\n`)
  process.exitCode = code
}
