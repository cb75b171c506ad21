import * as NodeServices from "@effect/platform-node/NodeServices"
import { assert, describe, it } from "@effect/vitest"
import { NodeIdentity } from "@xmpp-e2e/node"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import * as Home from "../src/home.ts"
import { temporary } from "./processes.ts"

const flags = (home: string, more: Partial<Home.Flags> = {}): Home.Flags => ({
  as: Option.some("Mira@Tansy"),
  home: Option.some(home),
  identity: Option.none(),
  cert: Option.none(),
  key: Option.none(),
  passphraseFile: Option.none(),
  trustCa: [],
  trustSystem: false,
  trustPin: [],
  trustStore: Option.none(),
  trustBy: Option.none(),
  firstUse: Option.none(),
  crl: [],
  revocation: Option.none(),
  legacy: "refuse",
  timeout: 60,
  explain: false,
  json: false,
  record: Option.none(),
  recordLevel: "redacted",
  recordOn: "always",
  recordMaxSteps: Option.none(),
  recordKey: Option.none(),
  recordWire: false,
  recordTls: false,
  ...more
})

const settle = (home: string, more: Partial<Home.Flags> = {}) =>
  Effect.provide(Home.settle(flags(home, more)), NodeServices.layer)

describe("the home of a name", () => {
  it.effect("CERT-80 is made once: a key that only its owner reads, for that name, and a store of its own", () =>
    Effect.gen(function*() {
      const home = temporary()
      const first = yield* settle(home)
      const read = (place: string) => NodeIdentity.read(NodeIdentity.inDirectory(place), { naming: "linkLocal" })
      const identity = yield* read(first.place)
      assert.deepStrictEqual(identity.addresses, ["mira@tansy"])
      assert.strictEqual(statSync(join(first.place, "key.pem")).mode & 0o777, 0o600)
      assert.deepStrictEqual(first.trustStore, Option.some(join(first.place, "known")))
      const second = yield* settle(home)
      assert.strictEqual((yield* read(second.place)).fingerprint, identity.fingerprint)
    }))

  it.effect("is another one for another name, whatever stands in it, and nowhere else", () =>
    Effect.gen(function*() {
      const home = temporary()
      for (const as of ["mira@tansy", "büro 2@tansy", "..@tansy", "a/b@tansy"]) {
        yield* settle(home, { as: Option.some(as) })
      }
      assert.lengthOf(readdirSync(home), 4)
    }))

  it.effect("CERT-86 whoever says whom he believes is not asked to believe strangers", () =>
    Effect.gen(function*() {
      const home = temporary()
      const open = yield* settle(home)
      assert.isTrue(Option.isNone(open.firstUse))
      const closed = yield* settle(home, { trustPin: ["00".repeat(32)] })
      assert.deepStrictEqual(closed.firstUse, Option.some("reject"))
      const asked = yield* settle(home, { trustPin: ["00".repeat(32)], firstUse: Option.some("ask") })
      assert.deepStrictEqual(asked.firstUse, Option.some("ask"))
    }))

  it.effect("VER-13 TLS is required unless old peers are welcome", () =>
    Effect.gen(function*() {
      const home = temporary()
      assert.strictEqual((yield* settle(home)).tls, "required")
      assert.strictEqual((yield* settle(home, { legacy: "accept" })).tls, "optional")
    }))

  it.effect("says which name is none", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(settle(temporary(), { as: Option.some("a@") }))
      assert.include(error.message, "is no name for the local network; say one with --as")
    }))
})
