/**
 * The command: `node packages/bench/src/latency.ts [--json] [--turns N] [--only NAME]...`.
 */
import { latency } from "./benches/latency.ts"
import { main } from "./harness/command.ts"

await main(latency)
