/**
 * The command: `node packages/bench/src/growth.ts [--json] [--turns N] [--kind K]...`.
 */
import { growth } from "./benches/growth.ts"
import { main } from "./harness/command.ts"

await main(growth)
