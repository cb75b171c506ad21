/**
 * The command: `node packages/bench/src/parse.ts [--json] [--turns N] [--kind K]...`.
 */
import { parse } from "./benches/parse.ts"
import { main } from "./harness/command.ts"

await main(parse)
