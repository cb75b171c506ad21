/**
 * Replays the corpus with each mutant of the reducer, and writes as JSON, one line a mutant, where it was found. The sources
 * on disk stay as they are: a hook of the module loader changes the text of one file as it is read, for a copy of the whole
 * reducer that has a name of its own. `Replay` is part of the copy, so that what judges is what users have.
 *
 * It is a program of its own, since the hooks are those of Node and the tests run in another loader.
 */
import * as Result from "effect/Result"
import { registerHooks } from "node:module"
import * as Recording from "../../src/Recording.ts"
import type * as Replay from "../../src/Replay.ts"
import * as Corpus from "../corpus.ts"
import { mutants } from "./mutants.ts"

export interface Finding {
  readonly rule: string
  readonly sentence: string
  /** How often the place that is to be changed occurs; anything but once is a mistake. */
  readonly places: number
  /** The recordings that part from the mutant, each with its first step that does. */
  readonly found: ReadonlyArray<{ readonly recording: string; readonly seq: number; readonly event: string }>
}

const mark = /\?mutant=(\d+)$/
const copied = /\/packages\/(?:protocol\/src\/|recording\/src\/Replay\.ts$)/
const places = new Map<number, number>()

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context)
    const [marked] = mark.exec(context.parentURL ?? "") ?? []
    return marked !== undefined && copied.test(resolved.url) ? { ...resolved, url: resolved.url + marked } : resolved
  },
  load: (url, context, next) => {
    const loaded = next(url, context)
    const number = Number(mark.exec(url)?.[1] ?? -1)
    const mutant = mutants[number]
    if (mutant === undefined || !url.includes(`/packages/protocol/src/${mutant.file}?`)) return loaded
    const source = textOf(loaded.source)
    places.set(number, source.split(mutant.find).length - 1)
    return { ...loaded, source: source.replace(mutant.find, () => mutant.replace) }
  }
})

const textOf = (source: unknown): string =>
  typeof source === "string" ? source : source instanceof Uint8Array ? new TextDecoder().decode(source) : ""

const corpus = [...Corpus.texts(Corpus.place)].map(([name, text]) => ({
  name,
  recording: Result.getOrThrow(Recording.decode(text))
}))

const ask = async (number: number): Promise<Finding> => {
  const replay: typeof Replay = await import(`../../src/Replay.ts?mutant=${number}`)
  const found = corpus.flatMap(({ name, recording }) => {
    const outcome = replay.run(recording)
    return outcome._tag === "Matched" ? [] : [{ recording: name, seq: outcome.seq, event: outcome.event._tag }]
  })
  const { rule, sentence } = mutants[number] ?? unchanged
  return { rule, sentence, places: places.get(number) ?? 0, found }
}

/** After the last mutant: a copy in which nothing is changed. */
const unchanged = { rule: "P-21", sentence: "is as it should be" }

for (let number = 0; number <= mutants.length; number++) {
  process.stdout.write(`${JSON.stringify(await ask(number))}\n`)
}
