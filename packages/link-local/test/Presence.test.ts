import { assert, describe, it } from "@effect/vitest"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import * as Presence from "../src/Presence.ts"
import * as Txt from "../src/Txt.ts"

const read = (...strings: ReadonlyArray<string>): Presence.Presence =>
  Presence.decode(strings.map((each) => Base64.encode(each)))

const written = (presence: Presence.Presence, port?: number): ReadonlyArray<string> =>
  Result.getOrThrow(Presence.encode(presence, port)).map((each) => Result.getOrThrow(Base64.decodeString(each)))

const said = fc.stringMatching(/^[\p{L}\p{N} .,!-]{1,20}$/u).filter((text) => text.isWellFormed())
const word = fc.stringMatching(/^[a-z@.]{1,12}$/)
const words = fc.array(word, { minLength: 1, maxLength: 3 })
const fields = fc.record({
  status: fc.constantFrom("avail" as const, "away" as const, "dnd" as const),
  other: fc.uniqueArray(fc.stringMatching(/^x-[a-z]{1,5}$/), { maxLength: 3 }).map((keys) =>
    keys.map((key) => Txt.entry(key, key))
  )
})
const optional = fc.record({
  message: said,
  nick: said,
  first: said,
  last: said,
  email: words,
  jid: words,
  avatar: fc.stringMatching(/^[0-9a-f]{40}$/),
  calls: fc.subarray(["A", "V", "C", "!"] as const, { minLength: 1 }),
  capabilities: fc.record({ node: word, ver: word, hash: fc.constant("sha-1"), ext: words }, {
    requiredKeys: ["node", "ver"]
  })
}, { requiredKeys: [] })
const presences = fc.tuple(fields, optional).map(([one, other]): Presence.Presence => ({ ...one, ...other }))

describe("reading", () => {
  it("LL-09 knows every registered key", () => {
    assert.deepStrictEqual(
      read(
        "txtvers=1",
        "1st=Juliet",
        "last=Capulet",
        "nick=JuliC",
        "email=juliet@capulet.lit j@x.example",
        "jid=juliet@capulet.lit",
        "msg=Hanging out",
        "status=dnd",
        "phsh=A3839614E1A382BCFEBBCF20464F519E81770813",
        "node=http://pidgin.im/",
        "hash=SHA-1",
        "ver=QgayPKawpkPSDYmwT/WM94uAlu0=",
        "ext=a b",
        "port.p2pj=5562",
        "vc=CA!"
      ),
      {
        status: "dnd",
        message: "Hanging out",
        nick: "JuliC",
        first: "Juliet",
        last: "Capulet",
        email: ["juliet@capulet.lit", "j@x.example"],
        jid: ["juliet@capulet.lit"],
        avatar: "a3839614e1a382bcfebbcf20464f519e81770813",
        capabilities: {
          node: "http://pidgin.im/",
          hash: "sha-1",
          ver: "QgayPKawpkPSDYmwT/WM94uAlu0=",
          ext: ["a", "b"]
        },
        calls: ["A", "C", "!"],
        other: []
      }
    )
  })

  it("LL-22 somebody who says nothing is available", () => {
    assert.deepStrictEqual(
      [read(), read(""), read("status=xa"), read("status"), read("status=")].map((each) => each.status),
      ["avail", "avail", "avail", "avail", "avail"]
    )
    assert.deepStrictEqual(read(), Presence.available)
    assert.strictEqual(read("status=away").status, "away")
  })

  it("LL-07 keys that nobody has registered are kept aside, and missing ones are missing", () => {
    assert.deepStrictEqual(read("board=chess", "flag"), {
      status: "avail",
      other: [Txt.entry("board", "chess"), { key: "flag" }]
    })
  })

  it("LL-10 the port of old peers is passed over", () => {
    assert.deepStrictEqual(read("port.p2pj=1"), Presence.available)
  })

  it("LL-06 of a record of another version nothing is taken", () => {
    assert.deepStrictEqual(read("txtvers=2", "status=dnd", "x=y"), Presence.available)
  })

  it("LL-24 a hash of a picture is forty hexadecimal digits or none", () => {
    assert.strictEqual(read("phsh=12").avatar, undefined)
    assert.strictEqual(read(`phsh=${"g".repeat(40)}`).avatar, undefined)
  })

  it("LL-23 capabilities are node and ver, or nothing", () => {
    assert.strictEqual(read("node=a", "hash=sha-1").capabilities, undefined)
    assert.deepStrictEqual(read("node=a", "ver=b").capabilities, { node: "a", ver: "b" })
  })

  it("LL-07 whatever the octets are, the texts can be shown", () => {
    fc.assert(
      fc.property(fc.constantFrom("msg", "nick", "1st", "status", "jid", "vc"), fc.uint8Array(), (key, value) => {
        const presence = Presence.of([{ key, value }])
        assert.notMatch(JSON.stringify(presence), /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u)
      })
    )
    assert.strictEqual(read("msg=a\u001b[2J\u202eb").message, "a\ufffd[2J\ufffdb")
  })
})

describe("writing", () => {
  it("LL-22, LL-09 what was written is read again", () => {
    fc.assert(fc.property(presences, (presence) => {
      assert.deepStrictEqual(Presence.of(Presence.txt(presence, 5298)), presence)
    }))
  })

  it("LL-06, LL-10 begins with txtvers and says the port again for old peers", () => {
    assert.deepStrictEqual(written({ ...Presence.available, nick: "Romeo" }, 5298), [
      "txtvers=1",
      "port.p2pj=5298",
      "status=avail",
      "nick=Romeo"
    ])
    assert.deepStrictEqual(written(Presence.available), ["txtvers=1", "status=avail"])
  })

  it("LL-05 a registered key among the others is not written twice", () => {
    const other = [Txt.entry("Status", "dnd"), Txt.entry("board", "chess")]
    assert.deepStrictEqual(written({ status: "away", other }), ["txtvers=1", "status=away", "board=chess"])
  })

  it("LL-08 a message that is too long is refused, with its key", () => {
    const refused = Presence.encode({ ...Presence.available, message: "x".repeat(252) })
    assert.deepInclude(Result.isFailure(refused) ? { ...refused.failure } : {}, { _tag: "TxtTooLarge", key: "msg" })
  })

  it("LL-25 without the personal keys nothing of them is published", () => {
    fc.assert(fc.property(presences, (presence) => {
      const keys = Presence.txt(Presence.withoutPersonal(presence)).map(({ key }) => key)
      assert.deepStrictEqual(keys.filter((key) => ["1st", "last", "nick", "email", "jid"].includes(key)), [])
      const rest = Presence.txt(presence).filter(({ key }) => keys.includes(key))
      assert.deepStrictEqual(Presence.txt(Presence.withoutPersonal(presence)), rest)
    }))
  })

  it("LL-22 another status takes the message before away", () => {
    const before = { ...Presence.available, message: "here", nick: "R" }
    assert.deepStrictEqual(Presence.withStatus(before, "away"), { status: "away", nick: "R", other: [] })
    assert.strictEqual(Presence.withStatus(before, "dnd", "busy").message, "busy")
  })
})

it("LL-31 the name that is shown always has the instance in it", () => {
  const name = (presence: Partial<Presence.Presence>) =>
    Presence.displayName("juliet@pronto", { ...Presence.available, ...presence })
  assert.strictEqual(name({}), "juliet@pronto")
  assert.strictEqual(name({ nick: "JuliC", first: "Juliet" }), "JuliC (juliet@pronto)")
  assert.strictEqual(name({ first: "Juliet", last: "Capulet" }), "Juliet Capulet (juliet@pronto)")
  assert.strictEqual(name({ nick: "romeo@forza" }), "romeo@forza (juliet@pronto)")
})
