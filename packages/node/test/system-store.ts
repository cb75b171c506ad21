/** A process of its own, because the variables of OpenSSL are read once: prints what `NodeAuthorities.system` gives. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as NodeAuthorities from "../src/NodeAuthorities.ts"

const print = Effect.map(Effect.result(NodeAuthorities.system()), (found) => {
  const told = Result.isFailure(found)
    ? { error: found.failure.reason }
    : {
      certificates: found.success.certificates.map((der) => Buffer.from(der).toString("hex")),
      warnings: found.success.warnings
    }
  process.stdout.write(JSON.stringify(told))
})

Effect.runPromise(print).catch((cause) => {
  process.stderr.write(`${cause}\n`)
  process.exitCode = 1
})
