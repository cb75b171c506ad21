/**
 * The command: `node packages/bench/src/establishment.ts [--json] [--turns N] [--only NAME]...`.
 */
import { establishment } from "./benches/establishment.ts"
import { main } from "./harness/command.ts"

await main(establishment)
