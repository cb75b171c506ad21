/**
 * The command: `node packages/bench/src/report.ts [--turns N] [--keep FILE]`.
 */
import { main } from "./report/command.ts"

await main("report", process.argv.slice(2))
