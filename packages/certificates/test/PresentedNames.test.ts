import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as oids from "../src/internal/oids.ts"
import * as PresentedNames from "../src/PresentedNames.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { dns, make, srvName, xmppAddr } from "./making.ts"

const read = (names: ReadonlyArray<Uint8Array>, naming: "jid" | "linkLocal" = "jid") =>
  Effect.map(make({ names }), ({ certificate }) => PresentedNames.read(certificate, naming))

describe("names", () => {
  it.effect("CERT-60 CERT-62 every kind in its place, prepared", () =>
    Effect.gen(function*() {
      const names = yield* read([
        xmppAddr("Mira@Tansy"),
        xmppAddr("mira@tansy."),
        srvName("_XMPP-Server.PUMPS.example."),
        dns("*.Pumps.Example."),
        Encode.value(0x87, Uint8Array.of(192, 0, 2, 1)),
        Encode.value(0x87, new Uint8Array(16).fill(0, 0, 15).fill(1, 15))
      ])
      assert.deepStrictEqual(names, {
        xmppAddr: ["mira@tansy"],
        srv: [{ service: "xmpp-server", name: "pumps.example" }],
        dns: ["*.pumps.example"],
        ip: ["192.0.2.1", "[::1]"],
        commonNames: ["somebody"],
        hasAlternatives: true,
        notices: []
      })
      assert.deepStrictEqual(PresentedNames.texts(names), [
        "mira@tansy",
        "_xmpp-server.pumps.example",
        "*.pumps.example",
        "192.0.2.1",
        "[::1]"
      ])
      assert.isFalse(PresentedNames.isNameless(names))
    }))

  it.effect("CERT-25 CERT-76 the naming decides what an address is", () =>
    Effect.gen(function*() {
      const names = [xmppAddr("mira q.@tansy"), xmppAddr("tansy.example"), xmppAddr("ÖÖ@tansy")]
      assert.deepStrictEqual((yield* read(names)).xmppAddr, ["tansy.example", "öö@tansy"])
      assert.deepStrictEqual((yield* read(names, "linkLocal")).xmppAddr, ["mira q.@tansy", "ÖÖ@tansy"])
    }))

  it.effect("CERT-63 without any name there are no alternatives", () =>
    Effect.gen(function*() {
      const { certificate } = yield* make()
      const names = PresentedNames.read(certificate, "jid")
      assert.isTrue(PresentedNames.isNameless(names))
      assert.isFalse(names.hasAlternatives)
      const other = yield* read([Encode.value(0x81, new TextEncoder().encode("a@b"))])
      assert.isTrue(PresentedNames.isNameless(other) && other.hasAlternatives)
    }))

  it.effect("CERT-25 a malformed otherName of ours is noticed", () =>
    Effect.gen(function*() {
      const half = Encode.value(0xa0, Encode.oid(oids.xmppAddr))
      const twice = Encode.value(
        0xa0,
        Encode.oid(oids.xmppAddr),
        Encode.explicit(0, Encode.utf8("a@b")),
        Encode.nothing()
      )
      const { notices, xmppAddr: found } = yield* read([half, twice, Fabricating.otherName("1.2.3", Encode.nothing())])
      assert.deepStrictEqual([notices.length, found], [2, []])
    }))

  it.effect("CERT-28 a notice shows no character that could deceive", () =>
    Effect.gen(function*() {
      const { notices } = yield* read([xmppAddr("a\u202e\u001b[2J b@c"), xmppAddr("zoë @tansy")])
      assert.deepStrictEqual(notices.map((each) => /[^\x20-\x7eë]/u.test(each)), [false, false])
      assert.include(notices[0], "\\u{202e}")
      assert.include(notices[1], "zoë")
    }))

  it.effect("CERT-23 a flood of names is bounded", () =>
    Effect.gen(function*() {
      const { notices, xmppAddr: found } = yield* read(Array.from({ length: 500 }, (_, at) => xmppAddr(`a${at}@b`)))
      assert.lengthOf(found, 64)
      assert.lengthOf(notices, 1)
      assert.lengthOf((yield* read(Array.from({ length: 500 }, () => xmppAddr("@")))).notices, 64)
    }))
})
