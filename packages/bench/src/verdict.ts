/**
 * The command: `node packages/bench/src/verdict.ts [--json] [--turns N] [--kind K]...`.
 */
import { verdict } from "./benches/verdict.ts"
import { main } from "./harness/command.ts"

await main(verdict)
