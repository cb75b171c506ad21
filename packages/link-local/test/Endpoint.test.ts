import { assert, describe, it } from "@effect/vitest"
import * as fc from "fast-check"
import * as Endpoint from "../src/Endpoint.ts"

const at = (address: string, via = "eth0"): Endpoint.Endpoint => {
  const read = Endpoint.read(address, via)
  if (read === undefined) throw new Error(`${address} cannot be dialled`)
  return { via, host: "pronto.local.", port: 5298, ...read }
}

describe("addresses", () => {
  it.each([
    ["fe80::1%eth0", "fe80::1%eth0", "link"],
    ["FE80:0:0::1", "fe80::1%eth0", "link"],
    ["2001:DB8::0:1", "2001:db8::1", "routed6"],
    ["fd00::1", "fd00::1", "routed6"],
    ["192.0.2.1", "192.0.2.1", "routed4"],
    ["169.254.7.7", "169.254.7.7", "selfAssigned4"]
  ])("LL-27 %s is dialled as %s: %s", (text, address, reach) => {
    assert.deepEqual<unknown>(Endpoint.read(text, "eth0"), { address, reach })
  })

  it.each([
    "fe80::1%wlan0",
    "192.0.2.1%eth0",
    "2001:db8::1%eth0",
    "127.0.0.1",
    "::1",
    "::",
    "0.0.0.0",
    "224.0.0.251",
    "ff02::fb",
    "255.255.255.255",
    "::ffff:192.0.2.1",
    "192.0.2.01",
    "pronto.local.",
    "",
    "1".repeat(200)
  ])("LL-26 %s is dialled by nobody", (text) => assert.isUndefined(Endpoint.read(text, "eth0")))

  it("LL-26 reading never fails, and what was read is read as itself", () => {
    const texts = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.ipV6().map((text) => `${text}%eth0`))
    fc.assert(fc.property(texts, (text) => {
      const read = Endpoint.read(text, "eth0")
      if (read !== undefined) assert.deepStrictEqual(Endpoint.read(read.address, "eth0"), read)
    }))
  })
})

it("LL-27 the zone comes first, then the routes, and what names itself last", () => {
  const sorted = Endpoint.inOrder([
    at("169.254.7.7"),
    at("192.0.2.1"),
    at("fe80::2", "wlan0"),
    at("2001:db8::1"),
    at("fe80::1", "eth0"),
    at("192.0.2.1", "wlan0")
  ])
  assert.deepStrictEqual(sorted.map(({ address, via }) => [address, via]), [
    ["fe80::1%eth0", "eth0"],
    ["fe80::2%wlan0", "wlan0"],
    ["2001:db8::1", "eth0"],
    ["192.0.2.1", "eth0"],
    ["169.254.7.7", "eth0"]
  ])
})

it("LL-27 the order in which addresses are heard, and how often, plays no part", () => {
  const all = ["fe80::1", "fe80::2", "2001:db8::1", "192.0.2.1", "192.0.2.2", "169.254.1.1"].map((text) => at(text))
  fc.assert(fc.property(fc.array(fc.constantFrom(...all)), (some) => {
    assert.deepStrictEqual(Endpoint.inOrder(some), all.filter((each) => some.includes(each)))
  }))
})
