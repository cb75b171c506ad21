import { assert, describe, it } from "@effect/vitest"
import * as Dial from "../src/Dial.ts"

describe("placesOf", () => {
  it("LL-10 LL-19 LL-27 tries addresses of scope link first, at the port of SRV, and none that cannot be dialled", () => {
    const resolved = { instance: "juliet@pronto", host: "pronto.local.", port: 5298, txt: [btoa("port.p2pj=1")] }
    const addresses = ["127.0.0.1", "192.0.2.1", "fe80::1", "224.0.0.1", "2001:db8::1", "fe80::1%eth0", "nonsense"]
    assert.deepStrictEqual(Dial.placesOf({ ...resolved, addresses }), [
      { host: "fe80::1%eth0", port: 5298 },
      { host: "2001:db8::1", port: 5298 },
      { host: "192.0.2.1", port: 5298 }
    ])
  })
})
