/**
 * The command: `node packages/bench/src/profile.ts [--json] [--turns N] [--kind K]...`.
 */
import { profile } from "./benches/profile.ts"
import { main } from "./harness/command.ts"

await main(profile)
