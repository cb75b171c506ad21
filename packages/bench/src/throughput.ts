/**
 * The command: `node packages/bench/src/throughput.ts [--json] [--turns N] [--kind K]... [--only NAME]...`.
 */
import { throughput } from "./benches/throughput.ts"
import { main } from "./harness/command.ts"

await main(throughput)
