/**
 * Prints the whole report: `pnpm x509-report`. `X509_VECTORS` says where the vectors are, when they are not beside the
 * repository.
 */
import * as Effect from "effect/Effect"
import { byFeature, byGroup, disagreements, judge, table } from "./report.ts"
import { areThere, read, vectorsPath } from "./vector.ts"

if (areThere) {
  const outcomes = await Effect.runPromise(judge(read()))
  console.log(table(byGroup(outcomes)))
  console.log(`\n${table(byFeature(outcomes))}`)
  console.log(`\n${disagreements(outcomes).join("\n")}`)
} else {
  console.error(`There are no vectors at ${vectorsPath}. Say where they are: X509_VECTORS=PATH pnpm x509-report`)
  process.exitCode = 1
}
