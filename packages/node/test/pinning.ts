/**
 * A process of its own that remembers pins of addresses of its own, and tries to be the first at as many that others want
 * too: `node pinning.ts DIRECTORY NAME COUNT`. Says on its output what is kept, one address a line.
 */
import { PinStore } from "@xmpp-e2e/certificates"
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as NodePinStore from "../src/NodePinStore.ts"

const [directory = "", name = "", count = "0"] = process.argv.slice(2)

const pin = {
  naming: "jid",
  certificate: createHash("sha256").update(name).digest("hex"),
  key: "cd".repeat(32),
  firstSeen: "2026-11-24T20:00:00Z",
  how: "firstUse"
} as const

const main = Effect.gen(function*() {
  const store = yield* PinStore.PinStore
  for (let index = 0; index < Number(count); index++) {
    const own = `${name}-${index}@own.example`
    yield* store.remember({ ...pin, address: own })
    process.stdout.write(`${own}\n`)
    const shared = `${index}@shared.example`
    const taken = yield* store.rememberFirst([{ ...pin, address: shared }], "certificate")
    if (taken.length === 0) process.stdout.write(`${shared}\n`)
  }
})

Effect.runPromise(Effect.provide(main, NodePinStore.layer(directory))).catch((cause) => {
  process.stderr.write(`${cause}\n`)
  process.exitCode = 1
})
