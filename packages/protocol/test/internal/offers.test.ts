import { Element } from "@xmpp-e2e/xml"
import { describe, expect, it } from "vitest"
import { hintsOf, isHopeless } from "../../src/internal/offers.ts"
import * as Namespace from "../../src/Namespace.ts"
import { foreign, tls } from "../speaking.ts"

const key = (name: string, children: ReadonlyArray<Element.Node> = []) =>
  Element.make(Namespace.c2cKey, name, {}, children)
const keyinfo = (...names: ReadonlyArray<string>) => key("keyinfo", names.map((each) => key("name", [each])))
const method = (name: string) => Element.make(Namespace.c2cOffer, name)
const carrying = (...children: ReadonlyArray<Element.Node>) =>
  tls("starttls", {}, [Element.make(Namespace.c2cOffer, "offer", {}, children)])

describe("hintsOf", () => {
  it("C2C-01 C2C-02 the names of all keys, in lower case", () => {
    expect(hintsOf(carrying(keyinfo("0E75", " 2b5c\n"), method("srp"), keyinfo("888f")))).toEqual([
      "0e75",
      "2b5c",
      "888f"
    ])
  })

  it("C2C-03 C2C-05 nothing else counts", () => {
    expect(hintsOf(tls("starttls"))).toEqual([])
    expect(
      hintsOf(
        carrying("text", foreign("keyinfo", {}, [key("name", ["x"])]), key("keyinfo", [foreign("name", {}, ["x"])]))
      )
    )
      .toEqual([])
    expect(hintsOf(tls("starttls", {}, [keyinfo("0e75")]))).toEqual([])
  })
})

describe("isHopeless", () => {
  it("C2C-05 C2C-08 no offer, keys, or a later look leave a way", () => {
    const ways = [
      tls("starttls"),
      carrying(keyinfo("0e75")),
      carrying(method("insecure")),
      carrying(method("srp"), keyinfo())
    ]
    expect(ways.map(isHopeless)).toEqual([false, false, false, false])
  })

  it("C2C-03 C2C-09 only methods that we have not leave none", () => {
    const none = [carrying(), carrying(method("srp")), carrying(foreign("insecure")), carrying(method("keyinfo"))]
    expect(none.map(isHopeless)).toEqual([true, true, true, true])
  })
})
