/**
 * The command: `node packages/bench/src/memory.ts [--json] [--turns N] [--only NAME]...`.
 */
import { memory } from "./benches/memory.ts"
import { main } from "./harness/command.ts"

await main(memory)
