/**
 * `pnpm fuzz:lanes [--runs N] [--from SEED]`: asks both roads of the reader about as many documents as wanted, a million
 * unless told, and ends with 1 at the first on which they differ.
 */
import { parseArgs } from "node:util"
import { compare } from "./compare.ts"
import { document } from "./documents.ts"

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1000000" }, from: { type: "string", default: "0" } }
})
const first = Number(values.from)
const last = first + Number(values.runs)
if (!Number.isSafeInteger(last) || last <= first) {
  console.error("fuzz:lanes: --runs and --from take whole numbers, and there must be a run at least")
  process.exit(2)
}
let elements = 0
let refused = 0
for (let seed = first; seed < last; seed++) {
  const { difference, ...counted } = compare(document(seed))
  if (difference !== undefined) {
    console.error(
      `seed ${seed} differs after ${difference.after} bytes\nlane:   ${difference.ours}\nparser: ${difference.parser}`
    )
    process.exit(1)
  }
  elements += counted.elements
  if (counted.isRefused) refused++
  if ((seed + 1 - first) % 100_000 === 0) console.error(`${seed + 1 - first} documents`)
}
console.log(`${last - first} documents, ${elements} elements, ${refused} refused: 0 differences`)
