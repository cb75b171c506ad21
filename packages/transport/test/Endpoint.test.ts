import { assert, describe, it } from "@effect/vitest"
import * as Endpoint from "../src/Endpoint.ts"

describe("Endpoint", () => {
  it("writes IPv4, names and bracketed IPv6", () => {
    const written = (host: string) => Endpoint.format({ host, port: 5298 })
    assert.strictEqual(written("192.0.2.7"), "192.0.2.7:5298")
    assert.strictEqual(written("pronto.local"), "pronto.local:5298")
    assert.strictEqual(written("::1"), "[::1]:5298")
    assert.strictEqual(written("fe80::1%eth0"), "[fe80::1%eth0]:5298")
    assert.strictEqual(written("::ffff:192.0.2.7"), "192.0.2.7:5298")
  })

  it("LIM-01 one neighbour has one name", () => {
    assert.strictEqual(Endpoint.plainHost("::ffff:192.0.2.7"), Endpoint.plainHost("192.0.2.7"))
    assert.strictEqual(Endpoint.plainHost("2001:db8::7"), "2001:db8::7")
  })
})
