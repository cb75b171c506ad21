/**
 * The command: `node packages/bench/src/bench.ts [--json] [--turns N]`. Validations of a chain of three certificates, ours
 * beside others, as a table or as JSON.
 */
import { parseArgs } from "node:util"
import { kinds, makeChain } from "./chain.ts"
import { contenders } from "./contenders.ts"
import { type Figure, measure } from "./measure.ts"

const main = async (): Promise<void> => {
  const { values } = parseArgs({ options: { json: { type: "boolean" }, turns: { type: "string", default: "15" } } })
  const settings = { turns: Number(values.turns), turnMillis: 100, clock: () => performance.now() }
  for (const kind of kinds) {
    const chain = await makeChain(kind)
    const entrants = contenders.map(({ isValid, name }) => ({
      name,
      run: async () => {
        if (!await isValid(chain)) throw new Error(`${name} refuses a good chain`)
      }
    }))
    const figures = await measure(entrants, settings)
    console.log(values.json === true ? JSON.stringify({ kind, node: process.version, figures }) : table(kind, figures))
  }
}

const table = (kind: string, figures: ReadonlyArray<Figure>): string => {
  const width = Math.max(...figures.map(({ name }) => name.length))
  const lines = figures.map(({ besideFirst, name, perSecond }) =>
    `${name.padEnd(width)}  ${perSecond.toFixed(0).padStart(8)}/s  ${besideFirst.toFixed(2).padStart(6)}`
  )
  return [
    `${kind}, three certificates`,
    `${"".padEnd(width)}  ${"rate".padStart(10)}  ${"× ours".padStart(6)}`,
    ...lines,
    ""
  ]
    .join("\n")
}

await main()
