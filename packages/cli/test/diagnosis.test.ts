import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { type Finding, judge, type Probes } from "../src/diagnosis.ts"

const day = 86_400_000
const now = Date.UTC(2026, 4, 1)

const well: Probes = {
  multicast: [{
    _tag: "Listened",
    via: "eth0",
    family: "IPv4",
    heardSelf: true,
    others: ["192.0.2.1"],
    answeredHere: false
  }],
  port: { avahi: false },
  firewall: { _tag: "Read", drops: false, names5353: false, neighbours: 1 },
  times: { now, newestFile: now - day },
  versions: { own: "0.1.0", node: "22.19.0", openssl: "3.5.0", system: "Linux" }
}

const of = (check: Finding["check"], change: Partial<Probes>): Finding => {
  const found = judge({ ...well, ...change }).find((one) => one.check === check)
  assert.isDefined(found)
  return found
}

const deaf: Probes["multicast"][number] = {
  _tag: "Listened",
  via: "eth0",
  family: "IPv4",
  heardSelf: false,
  others: [],
  answeredHere: false
}

describe("doctor judges", () => {
  it("all well: every check is ok", () => {
    assert.deepStrictEqual(judge(well).map(({ check, level }) => [check, level]), [
      ["multicast", "ok"],
      ["port", "ok"],
      ["firewall", "ok"],
      ["clock", "ok"],
      ["versions", "ok"]
    ])
  })

  it("RFC 6762 §3 multicast that does not come back fails, on each interface by itself", () => {
    const levels = judge({ ...well, multicast: [...well.multicast, deaf] }).filter(({ check }) => check === "multicast")
    assert.deepStrictEqual(levels.map(({ level }) => level), ["ok", "failed"])
    assert.strictEqual(of("multicast", { multicast: [{ ...deaf, others: ["192.0.2.1"] }] }).level, "warning")
    assert.strictEqual(of("multicast", { multicast: [] }).level, "failed")
  })

  it("RFC 6762 §15.1 a port that is shared is well, one that is not fails, and Avahi is named", () => {
    const port = { code: "EADDRINUSE", avahi: true }
    const unopened = { _tag: "Unopened", via: "eth0", family: "IPv4", code: "EADDRINUSE" } as const
    assert.deepInclude(of("port", { port }), { level: "ok", found: "Port 5353 is shared with Avahi." })
    assert.strictEqual(of("port", { port, multicast: [unopened] }).level, "failed")
    assert.strictEqual(of("port", { port, multicast: [] }).level, "warning")
    assert.strictEqual(of("port", { port: { code: "EACCES", avahi: false } }).level, "failed")
  })

  it("a firewall shows where nobody is heard who is known, or whose rules drop all", () => {
    const alone = [{ ...deaf, heardSelf: true }]
    const rules = { _tag: "Read", drops: true, names5353: false, neighbours: 0 } as const
    assert.strictEqual(of("firewall", { firewall: rules }).level, "ok")
    assert.strictEqual(of("firewall", { firewall: rules, multicast: alone }).level, "warning")
    assert.strictEqual(of("firewall", { firewall: { ...rules, names5353: true }, multicast: alone }).level, "ok")
    assert.include(of("firewall", { multicast: alone }).found, "knows 1 other machine")
    const unread = { _tag: "Unreadable", why: "nft is not installed", neighbours: 0 } as const
    assert.include(of("firewall", { firewall: unread, multicast: alone }).found, "not read: nft is not installed")
  })

  it("a clock that is behind the files of the installation fails", () => {
    assert.strictEqual(of("clock", { times: { now, newestFile: now + 2 * day } }).level, "failed")
    assert.strictEqual(of("clock", { times: { now, newestFile: now + day / 2 } }).level, "ok")
  })

  it("an older Node than we need fails, whatever its numbers", () => {
    fc.assert(fc.property(fc.nat(40), fc.nat(40), (major, minor) => {
      const { level } = of("versions", { versions: { ...well.versions, node: `${major}.${minor}.0` } })
      assert.strictEqual(level === "ok", major * 100 + minor >= 2219)
    }))
  })

  it("a key that cannot be used fails, and one with a passphrase is no more than a warning", () => {
    const unusable = (isLocked: boolean) =>
      of("key", { key: { _tag: "Unusable", isLocked, why: "others can read it" } })
    assert.strictEqual(unusable(true).level, "warning")
    assert.deepInclude(unusable(false), { level: "failed", found: "The identity cannot be used: others can read it." })
  })

  it("a certificate is ok until 30 days before its end, and fails outside its time", () => {
    fc.assert(fc.property(fc.integer({ min: -400, max: 400 }), fc.integer({ min: 0, max: 400 }), (from, days) => {
      const [notBefore, notAfter] = [now + from * day, now + (from + days) * day]
      const { level } = of("certificate", { key: { _tag: "Usable", notBefore, notAfter } })
      const left = from + days
      assert.strictEqual(level, from > 0 || left < 0 ? "failed" : left < 30 ? "warning" : "ok")
    }))
  })

  it("CERT-80 a key file that its owner can run is no more than a warning", () => {
    const usable = { _tag: "Usable", notBefore: now - day, notAfter: now + 99 * day } as const
    assert.strictEqual(of("key", { key: { ...usable, keyMode: 0o600 } }).level, "ok")
    assert.include(of("key", { key: { ...usable, keyMode: 0o700 } }).found, "0700")
    assert.include(of("key", { key: usable }).found, "does not tell")
  })

  it("says two sentences with every finding, whatever was found", () => {
    const address = fc.constantFrom("192.0.2.1", "192.0.2.2")
    const place = { via: fc.constantFrom("eth0", "wlan0"), family: fc.constantFrom("IPv4" as const, "IPv6" as const) }
    const code = fc.constantFrom("EADDRINUSE", "EACCES")
    const multicast = fc.array(fc.oneof(
      fc.record({ ...place, _tag: fc.constant("Unopened" as const), code }),
      fc.record({
        ...place,
        _tag: fc.constant("Listened" as const),
        heardSelf: fc.boolean(),
        others: fc.array(address),
        answeredHere: fc.boolean()
      })
    ))
    const port = fc.record({ code, avahi: fc.boolean() }, { requiredKeys: ["avahi"] })
    const neighbours = fc.nat(3)
    const firewall = fc.oneof(
      fc.record({ _tag: fc.constant("Read" as const), drops: fc.boolean(), names5353: fc.boolean(), neighbours }),
      fc.record({ _tag: fc.constant("Unreadable" as const), why: fc.constant("nft is not installed"), neighbours })
    )
    const times = fc.record({ now: fc.double({ noNaN: true }), newestFile: fc.double({ noNaN: true }) })
    fc.assert(fc.property(multicast, port, firewall, times, (multicast, port, firewall, times) => {
      const findings = judge({ ...well, multicast, port, firewall, times })
      for (const { advice, found, level } of findings) {
        assert.match(found, /^\S.*[^.]\.$/)
        assert.strictEqual(advice === "Nothing is to be done.", level === "ok")
      }
      assert.isAtLeast(findings.filter(({ check }) => check === "multicast").length, 1)
    }))
  })
})
