/**
 * The command: `node packages/bench/src/recording.ts [--json] [--turns N] [--kind K]...`.
 */
import { recording } from "./benches/recording.ts"
import { main } from "./harness/command.ts"

await main(recording)
