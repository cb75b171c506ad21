/**
 * Validations of a chain of three certificates, ours beside others.
 */
import type { Bench, Outcome, Settings } from "../harness/bench.ts"
import { type Figure, measure } from "../harness/rates.ts"
import { spread, type Table } from "../harness/table.ts"
import { kinds, makeChain } from "../verdict/chain.ts"
import { contenders } from "../verdict/contenders.ts"

export const verdict: Bench = {
  name: "verdict",
  about: "validations of a chain of three certificates a second",
  details: [
    "Everybody starts from octets, and nothing is kept from one validation to the next, except in the row that says so. Only",
    "ours checks names, policies, purposes and encodings; the others check signatures and dates, and pkijs some of the",
    "extensions. `× ours` says how many times as fast as ours a row is, turn by turn."
  ].join("\n"),
  turns: 15,
  kinds,
  run: (settings) => run(settings)
}

const run = async ({ kinds: wanted, progress, turns }: Settings): Promise<Outcome> => {
  const found: Array<{ readonly kind: string; readonly figures: ReadonlyArray<Figure> }> = []
  for (const kind of kinds.filter((each) => wanted.includes(each))) {
    const chain = await makeChain(kind)
    const entrants = contenders.map(({ isValid, name }) => ({
      name,
      run: async () => {
        if (!await isValid(chain)) throw new Error(`${name} refuses a good chain`)
      }
    }))
    const settings = { turns, turnMillis: 100, clock: () => performance.now(), progress }
    found.push({ kind, figures: await measure(entrants, settings) })
  }
  return {
    tables: found.map(({ figures, kind }) => tableOf(`Validations, ${kind}, three certificates`, figures, "× ours")),
    figures: found,
    claims: []
  }
}

export const tableOf = (title: string, figures: ReadonlyArray<Figure>, beside: string): Table => ({
  title,
  columns: ["", "a second", beside],
  rows: figures.map(({ besideFirst, name, perSecond }) => [name, spread(perSecond), spread(besideFirst)])
})
