/**
 * The command: `node packages/bench/src/start.ts [--json] [--turns N]`.
 */
import { start } from "./benches/start.ts"
import { main } from "./harness/command.ts"

await main(start)
