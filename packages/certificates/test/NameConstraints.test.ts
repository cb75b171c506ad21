import { describe, expect, it } from "@effect/vitest"
import fc from "fast-check"
import type * as Certificate from "../src/Certificate.ts"
import type * as Extensions from "../src/Extensions.ts"
import * as oids from "../src/internal/oids.ts"
import * as NameConstraints from "../src/NameConstraints.ts"
import * as Encode from "./encode.ts"
import * as Fabricating from "./fabricating.ts"
import { bytes, names, srvName, xmppAddr } from "./making.ts"
import { type Spec, unsigned } from "./unsigned.ts"

type Der = Uint8Array
type Sides = { readonly permitted?: ReadonlyArray<Der>; readonly excluded?: ReadonlyArray<Der> }

const ascii = (text: string): Der => Uint8Array.from(text, (each) => each.charCodeAt(0))
const mail = (text: string) => Encode.value(0x81, ascii(text))
const dns = (text: string) => Encode.value(0x82, ascii(text))
const uri = (text: string) => Encode.value(0x86, ascii(text))
const ip = (hex: string) => Encode.value(0x87, bytes(hex))
const directory = (name: Der) => Encode.explicit(4, name)
const registered = Encode.value(0x88, bytes("2a 03"))
const unread = Encode.value(0xa3, Encode.nothing())
const other = (oid: string) => Fabricating.otherName(oid, Encode.utf8("x"))
const rdn = (oid: string, value: Der) => Encode.set(Encode.sequence(Encode.oid(oid), value))
const organisation = (text: string) => rdn("2.5.4.10", Encode.utf8(text))
const common = (text: string) => rdn(oids.commonName, Encode.utf8(text))

const subtree = (base: Der, ...distance: ReadonlyArray<Der>) => Encode.sequence(base, ...distance)
const extensionOf = (permitted: ReadonlyArray<Der>, excluded: ReadonlyArray<Der>) =>
  Fabricating.extension(
    oids.nameConstraints,
    true,
    Encode.sequence(
      ...permitted.length === 0 ? [] : [Encode.value(0xa0, ...permitted)],
      ...excluded.length === 0 ? [] : [Encode.value(0xa1, ...excluded)]
    )
  )
const constraintsOf = (permitted: ReadonlyArray<Der>, excluded: ReadonlyArray<Der>): Extensions.NameConstraints =>
  unsigned({ extensions: [extensionOf(permitted, excluded)] }).extensions.nameConstraints ??
    { permitted: [], excluded: [] }

const constraints = ({ excluded = [], permitted = [] }: Sides) =>
  constraintsOf(permitted.map((each) => subtree(each)), excluded.map((each) => subtree(each)))

const limits = (...each: ReadonlyArray<Sides>) =>
  each.map(constraints).reduce(NameConstraints.narrow, NameConstraints.none)

const holder = (presented: ReadonlyArray<Der>, spec: Spec = {}): Certificate.Certificate =>
  unsigned({ ...spec, extensions: presented.length === 0 ? [] : [names(presented)] })

const formOf = (sides: Sides, ...presented: ReadonlyArray<Der>) =>
  NameConstraints.violation(limits(sides), holder(presented))?.form
const isWithin = (sides: Sides, ...presented: ReadonlyArray<Der>) => formOf(sides, ...presented) === undefined

/** Which of the names lie in the subtree: asked twice, as what is permitted and as what is excluded. */
const inside = (base: Der, all: ReadonlyArray<string>, make: (text: string) => Der): ReadonlyArray<string> => {
  const found = all.filter((each) => isWithin({ permitted: [base] }, make(each)))
  expect(all.filter((each) => !isWithin({ excluded: [base] }, make(each)))).toEqual(found)
  return found
}

const label = fc.constantFrom("a", "b", "ab", "xn--a")
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."))

describe("dNSName", () => {
  it("CERT-30 T31 RFC 5280 §4.2.1.10 a constraint holds its name and whatever has more labels on the left", () => {
    expect(formOf({ permitted: [dns("pumps.example")] }, dns("valves.example"))).toBe("Dns")
    const all = ["pumps.example", "a.pumps.example", "A.b.PUMPS.example", "pumps.example.", "xpumps.example", "example"]
    expect(inside(dns("Pumps.Example"), all, dns)).toEqual(all.slice(0, 4))
    expect(inside(dns("pumps.example."), all, dns)).toEqual(all.slice(0, 4))
    expect(inside(dns(""), all, dns)).toEqual(all)
  })

  it("CERT-30 is judged as labels say, by any number of constraints", () => {
    const isIn = (name: string, base: string) => {
      const [longer, shorter] = [name.split("."), base.split(".")]
      return shorter.every((each, at) => longer[longer.length - shorter.length + at] === each)
    }
    const few = fc.array(domain, { maxLength: 3 })
    fc.assert(
      fc.property(few, few, fc.array(domain, { minLength: 1, maxLength: 3 }), (permitted, excluded, presented) => {
        fc.pre(permitted.length + excluded.length > 0)
        const expected = presented.every((name) =>
          !excluded.some((base) => isIn(name, base))
          && (permitted.length === 0 || permitted.some((base) => isIn(name, base)))
        )
        expect(isWithin({ permitted: permitted.map(dns), excluded: excluded.map(dns) }, ...presented.map(dns)))
          .toBe(expected)
      })
    )
  })

  it("CERT-30 labels are whole: a letter more on the left is another label", () => {
    fc.assert(fc.property(domain, label, (base, more) => {
      expect(inside(dns(base), [base, `${more}.${base}`, `z${base}`], dns)).toEqual([base, `${more}.${base}`])
    }))
  })

  it("CERT-30 a wildcard is permitted when all that it stands for is, and excluded when anything is", () => {
    expect(isWithin({ permitted: [dns("foo.example")] }, dns("*.foo.example"))).toBe(true)
    expect(isWithin({ permitted: [dns("a.foo.example")] }, dns("*.foo.example"))).toBe(false)
    expect(isWithin({ excluded: [dns("bar.foo.example")] }, dns("*.foo.example"))).toBe(false)
    expect(isWithin({ excluded: [dns("FAR.bar.foo.example")] }, dns("*.Foo.example"))).toBe(false)
    expect(isWithin({ excluded: [dns("foo.example")] }, dns("*.foo.example"))).toBe(false)
    expect(isWithin({ excluded: [dns("")] }, dns("*.foo.example"))).toBe(false)
    expect(isWithin({ excluded: [dns("bar.example")] }, dns("*.foo.example"))).toBe(true)
    expect(isWithin({ excluded: [dns("x.afoo.example")] }, dns("*.foo.example"))).toBe(true)
    expect(isWithin({ excluded: [dns("example")] }, dns("*"))).toBe(false)
    expect(isWithin({ permitted: [dns("")] }, dns("*"))).toBe(true)
  })

  it("CERT-30 no instance of a wildcard that passes lies outside", () => {
    const few = fc.array(domain, { maxLength: 3 })
    const star = fc.constantFrom("*", "a*", "*b")
    const passed = { count: 0 }
    fc.assert(
      fc.property(few, few, domain, star, label, (permitted, excluded, parent, first, instance) => {
        fc.pre(permitted.length + excluded.length > 0)
        const sides = { permitted: permitted.map(dns), excluded: excluded.map(dns) }
        if (!isWithin(sides, dns(`${first}.${parent}`))) return
        passed.count += 1
        expect(isWithin(sides, dns(`${instance}.${parent}`))).toBe(true)
      }),
      { numRuns: 500 }
    )
    expect(passed.count).toBeGreaterThan(20)
  })

  it("CERT-30 RFC 5280 §4.2.1.6 what is no host name is refused where such names are constrained, and only there", () => {
    const odd = [
      "",
      ".",
      "a..example",
      "a b.example",
      "a.*.example",
      "*.*.example",
      "caf\u00e9.example",
      "a\u0000.example",
      ".example"
    ]
    expect(odd.filter((each) => isWithin({ excluded: [dns("pumps.test")] }, dns(each)))).toEqual([])
    expect(odd.filter((each) => isWithin({ excluded: [ip("00000000 00000000")] }, dns(each)))).toEqual(odd)
  })

  it("CERT-30 a constraint that is no host name cannot be judged; a dot at its beginning is none", () => {
    for (const base of [".example.com", "*.example.com", "a..b", "caf\u00e9", "a b"]) {
      expect(isWithin({ permitted: [dns(base)] }, dns("www.example.com"))).toBe(false)
      expect(isWithin({ excluded: [dns(base)] }, dns("www.example.net"))).toBe(false)
      expect(isWithin({ excluded: [dns(base)] }, mail("a@example.net"))).toBe(true)
    }
  })

  it("CERT-63 a Common Name is no DNS name", () => {
    const cn = unsigned({ subject: Fabricating.commonName("valves.example") })
    expect(NameConstraints.violation(limits({ permitted: [dns("pumps.example")] }), cn)).toBeUndefined()
  })
})

describe("SRVName", () => {
  const all = [
    "_xmpp-server.pumps.example",
    "_xmpp-server.a.pumps.example",
    "_xmpp-client.pumps.example",
    "_xmpp-server.x"
  ]

  it("CERT-30 T32 RFC 4985 §4 a service, a name, or both", () => {
    expect(formOf({ permitted: [srvName("_xmpp-server")] }, srvName("_xmpp-client.x"))).toBe("Other")
    expect(inside(srvName("_XMPP-Server"), all, srvName)).toEqual([all[0], all[1], all[3]])
    expect(inside(srvName("pumps.EXAMPLE"), all, srvName)).toEqual(all.slice(0, 3))
    expect(inside(srvName("_xmpp-server.pumps.example"), all, srvName)).toEqual(all.slice(0, 2))
  })

  it("CERT-26 what is no SRVName is refused where such names are constrained", () => {
    const wrongTag = Fabricating.otherName(oids.dnsSrv, Encode.utf8("_xmpp-server.pumps.example"))
    const odd = [wrongTag, ...["pumps.example", "_xmpp-server", "_xmpp-server.*.example", ""].map(srvName)]
    for (const each of odd) {
      expect(isWithin({ permitted: [srvName("pumps.example")] }, each)).toBe(false)
      expect(isWithin({ excluded: [srvName("valves.example")] }, each)).toBe(false)
    }
    for (const base of [wrongTag, ...["", "_", "_a.", ".pumps.example", "*.example"].map(srvName)]) {
      expect(isWithin({ excluded: [base] }, srvName("_a.b"))).toBe(false)
    }
  })

  it("RFC 4985 §4 constraints on dNSName say nothing about SRVName", () => {
    expect(isWithin({ permitted: [dns("pumps.example")] }, srvName("_xmpp-server.valves.example"))).toBe(true)
  })
})

describe("forms without subtrees", () => {
  it("CERT-30 T33 a constrained XmppAddr is refused; without one, nothing is", () => {
    const sides = { permitted: [xmppAddr("pumps.example")] }
    expect(formOf(sides, xmppAddr("mira@pumps.example"))).toBe("Other")
    expect(isWithin(sides, dns("pumps.example"), srvName("_a.b"), other("1.2.3"))).toBe(true)
  })

  it("CERT-30 other types of otherName, registeredID and the forms that nobody uses, likewise", () => {
    for (const each of [other("1.2.3"), registered, unread]) {
      for (const sides of [{ permitted: [each] }, { excluded: [each] }]) {
        expect(isWithin(sides, each)).toBe(false)
        expect(isWithin(sides, other("1.2.4"), dns("pumps.example"), Encode.value(0xa5, Encode.nothing()))).toBe(true)
      }
    }
  })

  it("CERT-30 a name without the shape of its form is refused where its form is constrained", () => {
    const shapeless = Encode.value(0xa0, Encode.nothing())
    expect(isWithin({ excluded: [other("1.2.3")] }, shapeless)).toBe(false)
    expect(isWithin({ excluded: [dns("a")] }, shapeless)).toBe(true)
    expect(isWithin({ excluded: [directory(Encode.sequence(common("a")))] }, Encode.value(0xa4))).toBe(false)
    expect(isWithin({ excluded: [dns("a")] }, Encode.value(0x89))).toBe(false)
  })

  it("RFC 5280 §4.2.1.10 a distance has no meaning: refused where its form occurs", () => {
    for (const distance of [bytes("80 01 01"), bytes("81 01 05")]) {
      const distant = NameConstraints.narrow(
        NameConstraints.none,
        constraintsOf([subtree(dns("pumps.example"), distance)], [])
      )
      expect(NameConstraints.violation(distant, holder([dns("pumps.example")]))?.form).toBe("Dns")
      expect(NameConstraints.violation(distant, holder([mail("a@b")]))).toBeUndefined()
    }
  })
})

describe("iPAddress", () => {
  it("RFC 5280 §4.2.1.10 an address and a mask, which need not agree", () => {
    expect(inside(ip("c0000207 ffffff00"), ["c0000201", "c00002ff", "c0000301"], ip)).toEqual(["c0000201", "c00002ff"])
    expect(inside(ip("00000000 00000000"), ["c0000201", "ffffffff"], ip)).toEqual(["c0000201", "ffffffff"])
    expect(inside(ip("c0000201 ffffffff"), ["c0000201", "c0000200"], ip)).toEqual(["c0000201"])
    const [v6, prefix] = ["20010db8" + "0".repeat(24), "ffffffff" + "0".repeat(24)]
    expect(inside(ip(v6 + prefix), [v6, v6.replace("db8", "db9")], ip)).toEqual([v6])
  })

  it("CERT-30 is judged as arithmetic says", () => {
    const address = fc.integer({ min: 0, max: 0xffffffff })
    const hex = (number: number) => (number >>> 0).toString(16).padStart(8, "0")
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), fc.boolean(), (base, noise, ones, isNear) => {
        const mask = ones === 0 ? 0 : (-1 << (32 - ones)) >>> 0
        const name = isNear ? (base & mask) | (noise & ~mask) : noise
        expect(isWithin({ permitted: [ip(hex(base) + hex(mask))] }, ip(hex(name)))).toBe(((base ^ name) & mask) === 0)
      })
    )
  })

  it("RFC 5280 §4.2.1.10 both versions are one form, and neither lies in the other", () => {
    const [v4, v6] = ["0a000001", "0".repeat(20) + "ffff0a000001"]
    expect(isWithin({ permitted: [ip("00000000 00000000")] }, ip(v6))).toBe(false)
    expect(isWithin({ excluded: [ip("00000000 00000000")] }, ip(v6))).toBe(true)
    expect(isWithin({ excluded: [ip("0".repeat(64))] }, ip(v4))).toBe(true)
  })

  it("CERT-30 masks with holes and wrong lengths cannot be judged", () => {
    for (const base of ["c0000200 ff00ff00", "c0000200 00ffffff", "c0000200", "c0000200 ffffff", ""]) {
      expect(isWithin({ permitted: [ip(base)] }, ip("c0000201"))).toBe(false)
      expect(isWithin({ excluded: [ip(base)] }, ip("08080808"))).toBe(false)
    }
    expect(isWithin({ excluded: [ip("c0000200 ffffff00")] }, ip("0808080808"))).toBe(false)
  })
})

describe("rfc822Name", () => {
  const all = [
    "root@example.com",
    "\"root\"@EXAMPLE.com",
    "Root@example.com",
    "root@sub.example.com",
    "root@example.net"
  ]

  it("RFC 5280 §4.2.1.10 a mailbox, a host, or the domain below a dot", () => {
    expect(inside(mail("root@Example.com"), all, mail)).toEqual(all.slice(0, 2))
    expect(inside(mail("\"r\\oot\"@example.com"), all, mail)).toEqual(all.slice(0, 2))
    expect(inside(mail("example.COM"), all, mail)).toEqual(all.slice(0, 3))
    expect(inside(mail(".example.com"), all, mail)).toEqual([all[3]])
    expect(inside(mail("example.com"), ["\"a@example.net\"@example.com"], mail).length).toBe(1)
    expect(inside(mail("*@example.com"), ["*@example.com", "*@sub.example.com"], mail)).toEqual(["*@example.com"])
  })

  it("RFC 5321 §4.1.2 what is no mailbox is refused where such names are constrained", () => {
    const odd = [
      ..."root a@b@example.com @example.com a..b@example.com root@ root@[192.0.2.1] root@*.com \"a@example.com".split(
        " "
      ),
      "a b@example.com",
      "caf\u00e9@example.com",
      "root@example.com\u0000.net",
      ""
    ]
    expect(odd.filter((each) => isWithin({ permitted: [mail("example.com")] }, mail(each)))).toEqual([])
    expect(odd.filter((each) => isWithin({ excluded: [mail("example.net")] }, mail(each)))).toEqual([])
    for (const base of ["", ".", "@example.com", "a@b@c", "*.example.com"]) {
      expect(isWithin({ excluded: [mail(base)] }, mail("root@example.net"))).toBe(false)
    }
  })

  it("RFC 5280 §4.2.1.10 an emailAddress in the subject counts where there are no alternative names", () => {
    const sides = limits({ excluded: [mail("example.com")] })
    const subject = (value: Der) => Encode.sequence(rdn(oids.emailAddress, value))
    const bad = { subject: subject(Encode.ia5("root@example.com")) }
    expect(NameConstraints.violation(sides, holder([], bad))?.form).toBe("Mail")
    expect(NameConstraints.violation(sides, holder([dns("a.example")], bad))).toBeUndefined()
    expect(NameConstraints.violation(sides, holder([], { subject: subject(Encode.ia5("root@example.net")) })))
      .toBeUndefined()
    expect(NameConstraints.violation(sides, holder([], { subject: subject(Encode.value(0x1e, bytes("0061"))) }))?.form)
      .toBe("Mail")
  })
})

describe("URI", () => {
  const all = [
    "https://example.com/",
    "xmpp://user:pw@EXAMPLE.com:5222?x=http://example.net",
    "http://sub.example.com#a@example.net",
    "http://example.com@example.net/"
  ]

  it("RFC 5280 §4.2.1.10 the host counts: itself, or the domain below a dot", () => {
    expect(inside(uri("example.COM"), all, uri)).toEqual(all.slice(0, 2))
    expect(inside(uri(".example.com"), all, uri)).toEqual([all[2]])
    expect(inside(uri("example.net"), all, uri)).toEqual([all[3]])
  })

  it("RFC 5280 §4.2.1.10 without a host that is a full domain name, it is refused", () => {
    const odd = [
      "mailto:root@example.com",
      "http:/example.com",
      "//example.com",
      "http://192.0.2.1/",
      "http://0x7f.1/",
      "http://example.0x7f/",
      "http://[2001:db8::1]/",
      "http://localhost/",
      "http://a@b@example.com/",
      "http://example.net\\@example.com/",
      "http://ex%61mple.com/",
      "http://*.example.com/",
      "http://example.com../",
      "http://caf\u00e9.example.com/",
      "http:///",
      ""
    ]
    expect(odd.filter((each) => isWithin({ permitted: [uri("example.com")] }, uri(each)))).toEqual([])
    expect(odd.filter((each) => isWithin({ excluded: [uri("example.net")] }, uri(each)))).toEqual([])
    expect(isWithin({ permitted: [uri("")] }, uri("http://example.com/"))).toBe(false)
  })
})

describe("directoryName", () => {
  const harbor = [organisation("Harbor"), common("Crane")]
  const base = directory(Encode.sequence(organisation("harbor ")))

  it("CERT-41 RFC 5280 §7.1 a subtree is a name and whatever goes on from it", () => {
    const permitted = { permitted: [base] }
    expect(isWithin(permitted, directory(Encode.sequence(...harbor)))).toBe(true)
    expect(isWithin(permitted, directory(Encode.sequence(organisation("Harbor"))))).toBe(true)
    expect(
      isWithin(
        { permitted: [directory(Encode.sequence(...harbor))] },
        directory(Encode.sequence(...harbor, common("2")))
      )
    )
      .toBe(true)
    expect(isWithin(permitted, directory(Encode.sequence(...harbor.toReversed())))).toBe(false)
    expect(isWithin(permitted, directory(Encode.sequence(organisation("Harbor 2"), common("Crane"))))).toBe(false)
    expect(isWithin(permitted, directory(Encode.sequence(rdn("2.5.4.11", Encode.utf8("Harbor")))))).toBe(false)
    expect(isWithin({ permitted: [directory(Encode.sequence(...harbor))] }, base)).toBe(false)
    expect(isWithin({ permitted: [directory(Encode.sequence())] }, base)).toBe(true)
    expect(isWithin({ excluded: [directory(Encode.sequence())] }, base)).toBe(false)
  })

  it("CERT-30 the subject counts as well, unless it is empty", () => {
    const of = (subject: Der) => NameConstraints.violation(limits({ permitted: [base] }), unsigned({ subject }))?.form
    expect(of(Encode.sequence(...harbor))).toBeUndefined()
    expect(of(Encode.sequence(common("Crane")))).toBe("Directory")
    expect(of(Encode.sequence())).toBeUndefined()
  })
})

describe("limits", () => {
  const host = domain.map(dns)
  const network = fc.constantFrom("0a000000 ff000000", "0a010000 ffff0000", "00000000 00000000", "0a000000 00ff0000")
    .map(ip)
  const base = fc.oneof(host, network, domain.map(mail), domain.map(srvName), domain.map((each) => dns(`.${each}`)))
  const name = fc.oneof(
    host,
    domain.map((each) => dns(`*.${each}`)),
    fc.constantFrom("0a000001", "0a010001", "08080808").map(ip),
    domain.map((each) => mail(`a@${each}`)),
    domain.map((each) => srvName(`_a.${each}`))
  )
  const few = fc.array(base, { maxLength: 3 })
  const sides = fc.record({ permitted: few, excluded: few }).filter((each) =>
    each.permitted.length + each.excluded.length > 0
  )
  const presented = fc.array(name, { minLength: 1, maxLength: 3 }).map((each) => holder(each))

  it("CERT-30 §6.1.4 (g) narrowing never admits more, and admits what each constraint admits", () => {
    fc.assert(fc.property(fc.array(sides, { maxLength: 3 }), sides, presented, (all, more, certificate) => {
      const before = limits(...all)
      const after = NameConstraints.narrow(before, constraints(more))
      const isFree = (each: NameConstraints.Limits) => NameConstraints.violation(each, certificate) === undefined
      expect(isFree(after)).toBe(isFree(before) && isFree(limits(more)))
    }))
  })

  it("CERT-30 §6.1.4 (g) the order of narrowing does not matter", () => {
    fc.assert(fc.property(fc.array(sides, { maxLength: 4 }), presented, (all, certificate) => {
      const [one, other] = [limits(...all), limits(...all.toReversed())]
        .map((each) => NameConstraints.violation(each, certificate) === undefined)
      expect(one).toBe(other)
    }))
  })

  it("CERT-30 what is permitted and excluded is excluded", () => {
    fc.assert(fc.property(base, name, (both, one) => {
      const certificate = holder([one])
      const isIn = NameConstraints.violation(limits({ excluded: [both] }), certificate) !== undefined
      const violation = NameConstraints.violation(limits({ permitted: [both], excluded: [both] }), certificate)
      const isConstrained = isIn || NameConstraints.violation(limits({ permitted: [both] }), certificate) !== undefined
      expect(violation !== undefined).toBe(isConstrained)
    }))
  })

  it("CERT-30 permitted subtrees of one certificate unite, those of two intersect", () => {
    const [a, b] = [{ permitted: [dns("a.example")] }, { permitted: [dns("b.example")] }]
    const certificate = holder([dns("a.example")])
    expect(isWithin({ permitted: [...a.permitted, ...b.permitted] }, dns("a.example"))).toBe(true)
    expect(NameConstraints.violation(limits(a, b), certificate)?.form).toBe("Dns")
    expect(NameConstraints.violation(limits(a, { permitted: [mail("b.example")] }), certificate)).toBeUndefined()
  })

  it("CERT-87 what a peer chose is fit to be shown", () => {
    const { detail } = NameConstraints.violation(limits({ excluded: [dns("a")] }), holder([dns("\u001b[2J\u0000")]))
      ?? { detail: "" }
    expect(detail).toContain("\\u{1b}[2J\\u{0}")
    expect(NameConstraints.violation(limits({ excluded: [dns("a")] }), holder([dns("x".repeat(9000))]))?.detail.length)
      .toBeLessThan(400)
  })

  it("CERT-23 any octets as names and as constraints have an answer", () => {
    const tag = fc.constantFrom(0x81, 0x82, 0x86, 0x87, 0x88)
    const octets = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.string().map(ascii), fc.webUrl().map(ascii))
    const name = fc.tuple(tag, octets).map(([each, content]) => Encode.value(each, content))
    const readable = name.filter((each) => each[0] !== 0x88)
    fc.assert(
      fc.property(
        fc.array(readable, { minLength: 1, maxLength: 4 }),
        fc.array(name, { minLength: 1 }),
        (bases, all) => {
          const [answer, again] = [0, 1].map(() => NameConstraints.violation(limits({ excluded: bases }), holder(all)))
          expect(again).toEqual(answer)
        }
      ),
      { numRuns: 500 }
    )
  })
})

describe("work", () => {
  const many = (count: number, make: (at: number) => Der) => Array.from({ length: count }, (_, at) => make(at))
  const within = (millisMax: number, work: () => NameConstraints.Violation | undefined) => {
    const start = performance.now()
    const answer = work()
    expect(performance.now() - start).toBeLessThan(millisMax)
    return answer
  }

  it("CERT-23 many names against many constraints cost as much as both together", () => {
    const sides = limits({
      permitted: many(3000, (at) => dns(`p${at}.example`)),
      excluded: many(3000, (at) => dns(`x.p${at}.example`))
    })
    const certificate = holder(many(3000, (at) => dns(`y.p${at}.example`)))
    expect(within(1000, () => NameConstraints.violation(sides, certificate))).toBeUndefined()
  })

  it("CERT-23 where they are too many, that is the violation", () => {
    const wildcards = holder(many(3000, (at) => dns(`*.w${at}.example`)))
    const hosts = limits({ excluded: many(3000, (at) => dns(`p${at}.example`)) })
    expect(within(1000, () => NameConstraints.violation(hosts, wildcards))?.detail).toContain("too many names")
    const deep = holder(many(2500, (at) => dns(`${"a.".repeat(120)}${at}`)))
    expect(within(1000, () => NameConstraints.violation(hosts, deep))?.detail).toContain("too many names")
    const long = holder([], { subject: Encode.sequence(...many(20_000, (at) => common(`${at}`))) })
    const names = limits({ excluded: [directory(Encode.sequence(organisation("Harbor")))] })
    expect(within(1000, () => NameConstraints.violation(names, long))?.detail).toContain("too many names")
  })
})
