/**
 * The command: `node packages/bench/src/serialise.ts [--json] [--turns N] [--kind K]...`.
 */
import { serialise } from "./benches/serialise.ts"
import { main } from "./harness/command.ts"

await main(serialise)
