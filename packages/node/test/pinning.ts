/** A process of its own that remembers pins: `node pinning.ts DIRECTORY NAME COUNT`. */
import { PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import * as NodePinStore from "../src/NodePinStore.ts"

const [directory = "", name = "", count = "0"] = process.argv.slice(2)

const main = Effect.gen(function*() {
  const store = yield* PinStore.PinStore
  for (let index = 0; index < Number(count); index++) {
    yield* store.remember({
      address: `${name}-${index}@harbor.example`,
      naming: "jid",
      certificate: "ab".repeat(32),
      key: "cd".repeat(32),
      firstSeen: "2026-11-24T20:00:00Z",
      how: "firstUse"
    })
  }
})

Effect.runPromise(Effect.provide(main, NodePinStore.layer(directory))).catch((cause) => {
  process.stderr.write(`${cause}\n`)
  process.exitCode = 1
})
