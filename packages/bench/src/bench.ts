/**
 * The command: `node packages/bench/src/bench.ts [--json] [--turns N]`. Validations of a chain of three certificates, ours
 * beside others, as a table or as JSON.
 */
import { parseArgs } from "node:util"
import { measure } from "./measure.ts"
import { table } from "./table.ts"
import { kinds, makeChain } from "./verdict/chain.ts"
import { contenders } from "./verdict/contenders.ts"

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
    console.log(
      values.json === true
        ? JSON.stringify({ kind, node: process.version, figures })
        : table(`${kind}, three certificates`, figures, "× ours")
    )
  }
}

await main()
