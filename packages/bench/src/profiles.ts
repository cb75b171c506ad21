/**
 * The command: `node packages/bench/src/profiles.ts [--turns N]`.
 */
import { main } from "./report/command.ts"

await main("profiles", process.argv.slice(2))
