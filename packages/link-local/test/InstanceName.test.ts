import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as InstanceName from "../src/InstanceName.ts"

const named = (label: string): InstanceName.InstanceName => {
  const name = InstanceName.parse(label)
  if (name === undefined) throw new Error(`${label} is no name: ${InstanceName.explain(label)?.text}`)
  return name
}

const octets = (text: string): number => new TextEncoder().encode(text).length
const user = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  fc.stringMatching(/^[a-zA-Z0-9 .\\@-]{1,60}$/),
  fc.stringMatching(/^[a-z]{1,50}-[0-9]{1,3}$/)
)
const machine = fc.stringMatching(/^[a-z0-9-]{1,61}$/)
const names = fc.tuple(user, machine).map(([user, machine]) => InstanceName.parse(`${user}@${machine}`)).filter((
  name
) => name !== undefined)

describe("labels", () => {
  it("LL-17 a label is NFC, with dots, spaces and any script, in at most 63 octets", () => {
    assert.strictEqual(named("Ju\u0301lie T. M\u00fcller@pronto").label, "J\u00falie T. M\u00fcller@pronto")
    assert.deepStrictEqual(InstanceName.parts(named("a@b.c d@Pronto")), { user: "a@b.c d", machine: "Pronto" })
    assert.isDefined(InstanceName.parse(`${"é".repeat(30)}@ab`))
    assert.isUndefined(InstanceName.parse(`${"é".repeat(30)}@abc`))
    assert.strictEqual(InstanceName.explain(`${"é".repeat(30)}@abc`)?.rule, "JID-09")
    assert.isUndefined(InstanceName.explain("juliet@pronto"))
  })

  it("LL-17 two spellings of one name have one key", () => {
    assert.strictEqual(InstanceName.key(named("JULIET@Pronto")), InstanceName.key(named("juliet@pronto")))
    assert.strictEqual(InstanceName.key(named("u\u0308@a")), InstanceName.key(named("\u00fc@a")))
    assert.notStrictEqual(InstanceName.key(named("a@b")), InstanceName.key(named("a @b")))
  })

  it("LL-18 a machine that is not ASCII is refused", () => {
    assert.isUndefined(InstanceName.parse("juliet@prönto"))
    assert.isDefined(InstanceName.parse("jüliet@pronto"))
  })
})

describe("as text", () => {
  it("LL-17 dots and backslashes are escaped, and nothing else", () => {
    assert.strictEqual(InstanceName.escape("a.b\\c@d e"), "a\\.b\\\\c@d e")
    assert.strictEqual(InstanceName.serviceName("a.b@c"), "a\\.b@c._presence._tcp.local.")
  })

  it("LL-17 what was escaped is read again, inside a longer name too", () => {
    fc.assert(fc.property(names, ({ label }) => {
      assert.strictEqual(InstanceName.unescape(InstanceName.escape(label)), label)
      assert.strictEqual(InstanceName.ofServiceName(InstanceName.serviceName(label)), label)
    }))
  })

  it.each([
    ["juliet\\064pronto", "juliet@pronto"],
    ["J\\195\\186lie\\032X@p", "J\u00falie X@p"],
    ["a\\b", "ab"],
    ["a.b", undefined],
    ["a\\", undefined],
    ["a\\1", undefined],
    ["\\256", undefined],
    ["\\195", undefined],
    ["", undefined],
    ["x".repeat(64), undefined]
  ])("LL-17 of %s the label is %s", (text, label) => assert.strictEqual(InstanceName.unescape(text), label))

  it("LL-17 reading never fails", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      InstanceName.unescape(text)
      InstanceName.ofServiceName(`${text}._presence._tcp.local.`)
      InstanceName.parse(text)
    }))
  })

  it("LL-17 a name of another service has no label of ours", () => {
    assert.isUndefined(InstanceName.ofServiceName("a@b._http._tcp.local."))
    assert.isUndefined(InstanceName.ofServiceName("_presence._tcp.local."))
    assert.isUndefined(InstanceName.ofServiceName("a.b@c._presence._tcp.local."))
    assert.strictEqual(InstanceName.ofServiceName("a@b._PRESENCE._tcp.Local."), "a@b")
  })
})

describe("when somebody has the name", () => {
  it("LL-11 numbers go after the machine, or after the user", () => {
    const name = named("Juliet@pronto")
    assert.deepStrictEqual(
      [1, 2, 3].map((count) => InstanceName.renamed(name, "machine", count)?.label),
      ["Juliet@pronto-1", "Juliet@pronto-2", "Juliet@pronto-3"]
    )
    assert.strictEqual(InstanceName.renamed(name, "user", 1)?.label, "Juliet-1@pronto")
  })

  it("LL-11 a name without room loses whole code points, and there is always one for the machine", () => {
    const long = named(`${"é".repeat(30)}@ab`)
    assert.strictEqual(InstanceName.renamed(long, "machine", 1)?.label, `${"é".repeat(29)}@a-1`)
    assert.strictEqual(InstanceName.renamed(long, "user", 1)?.label, `${"é".repeat(29)}-1@ab`)
    assert.isUndefined(InstanceName.renamed(named(`a@${"m".repeat(61)}`), "user", 1))
    assert.strictEqual(
      InstanceName.renamed(named(`${"z".repeat(57)}-1@abc`), "user", 1)?.label,
      `${"z".repeat(57)}-2@abc`
    )
  })

  it("LL-11, LL-17 each try is another name, sound and within 63 octets", () => {
    const counts = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { maxLength: 8 })
    fc.assert(fc.property(names, fc.constantFrom("machine", "user"), counts, (name, part, counts) => {
      const tries = counts.map((count) => InstanceName.renamed(name, part, count))
      const found = tries.filter((each) => each !== undefined)
      if (part === "machine") assert.strictEqual(found.length, tries.length)
      assert.strictEqual(new Set([name, ...found].map(InstanceName.key)).size, found.length + 1)
      for (const each of found) {
        assert.isAtMost(octets(each.label), 63)
        assert.isTrue(each.label.isWellFormed())
        assert.strictEqual(each.label, each.label.normalize("NFC"))
        const kept = InstanceName.parts(each)
        if (part === "user") assert.strictEqual(kept.machine, InstanceName.parts(name).machine)
        assert.isTrue(
          InstanceName.parts(name).user.startsWith(part === "user" ? kept.user.replace(/-[0-9]+$/, "") : kept.user)
        )
      }
    }))
  })
})
