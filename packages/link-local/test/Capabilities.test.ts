import { assert, describe, it } from "@effect/vitest"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { createHash } from "node:crypto"
import * as Capabilities from "../src/Capabilities.ts"

const { judge } = Capabilities

/** The examples of XEP-0115 §5.2 and §5.3. */
const exodus: Capabilities.Info = {
  identities: [{ category: "client", type: "pc", name: "Exodus 0.9.1" }],
  features: [
    "http://jabber.org/protocol/muc",
    "http://jabber.org/protocol/caps",
    "http://jabber.org/protocol/disco#info",
    "http://jabber.org/protocol/disco#items"
  ],
  forms: []
}
const psi: Capabilities.Info = {
  identities: [
    { category: "client", type: "pc", lang: "el", name: "Ψ 0.11" },
    { category: "client", type: "pc", lang: "en", name: "Psi 0.11" }
  ],
  features: exodus.features,
  forms: [{
    fields: [
      { var: "os_version", values: ["10.5.1"] },
      { var: "FORM_TYPE", type: "hidden", values: ["urn:xmpp:dataforms:softwareinfo"] },
      { var: "ip_version", values: ["ipv6", "ipv4"] },
      { var: "software", values: ["Psi"] },
      { var: "os", values: ["Mac"] },
      { var: "software_version", values: ["0.11"] }
    ]
  }]
}
const ofExodus = { node: "http://code.google.com/p/exodus", hash: "sha-1", ver: "QgayPKawpkPSDYmwT/WM94uAlu0=" }

const reasonOf = (info: Capabilities.Info, hash = "sha-1"): string | undefined => {
  const made = Capabilities.ver(info, hash)
  return Result.isFailure(made) ? made.failure.reason : undefined
}

describe("the hash", () => {
  it("CAPS-01 is that of the examples", () => {
    assert.deepStrictEqual(Capabilities.ver(exodus, "sha-1"), Result.succeed(ofExodus.ver))
    assert.deepStrictEqual(Capabilities.ver(psi, "SHA-1"), Result.succeed("q07IKJEyjvHSyhy//CH0CxmKi8w="))
  })

  it.each([["sha-1", 28], ["sha-224", 40], ["sha-256", 44], ["sha-384", 64], ["sha-512", 88]])(
    "CAPS-01 %s has %i characters",
    (hash, length) => {
      assert.include(Capabilities.hashNames, hash)
      assert.strictEqual(Result.getOrThrow(Capabilities.ver(exodus, hash)).length, length)
    }
  )

  const text = fc.stringMatching(/^[a-z0-9:.#ψ\u{1f600}\ufb01-]{1,12}$/u)
  const info = fc.record({
    identities: fc.uniqueArray(fc.record({ category: text, type: text, lang: text, name: text }), {
      selector: (each) => Object.values(each).join("/"),
      maxLength: 4
    }),
    features: fc.uniqueArray(text, { maxLength: 6 }),
    forms: fc.uniqueArray(
      fc.tuple(text, fc.uniqueArray(fc.tuple(text, fc.array(text, { maxLength: 3 })), { selector: ([name]) => name })),
      { selector: ([type]) => type, maxLength: 3 }
    ).map((forms) =>
      forms.map(([type, fields]): Capabilities.Form => ({
        fields: [
          { var: "FORM_TYPE", type: "hidden", values: [type] },
          ...fields.map(([name, values]) => ({ var: name, values }))
        ]
      }))
    )
  })
  const reversed = ({ features, forms, identities }: Capabilities.Info): Capabilities.Info => ({
    identities: identities.toReversed(),
    features: features.toReversed(),
    forms: forms.toReversed().map(({ fields }) => ({
      fields: fields.toReversed().map((field) => ({ ...field, values: field.values.toReversed() }))
    }))
  })

  it("CAPS-01 does not depend on any order, and on everything else", () => {
    fc.assert(fc.property(info, (info) => {
      const made = Capabilities.ver(info, "sha-256")
      assert.isTrue(Result.isSuccess(made))
      assert.deepStrictEqual(Capabilities.ver(reversed(info), "sha-256"), made)
      const [first, ...others] = info.features
      if (first === undefined) return
      assert.notDeepEqual(Capabilities.ver({ ...info, features: others }, "sha-256"), made)
      assert.notDeepEqual(Capabilities.ver({ ...info, features: [`${first}!`, ...others] }, "sha-256"), made)
    }))
  })

  it("CAPS-01 sorts by octets of UTF-8, where JavaScript would not", () => {
    const info = { identities: [], features: ["\u{1f600}", "\ufb01", "z"], forms: [] }
    const sorted = createHash("sha256").update("z<\ufb01<\u{1f600}<").digest("base64")
    assert.deepStrictEqual(Capabilities.ver(info, "sha-256"), Result.succeed(sorted))
  })
})

describe("checking", () => {
  it("CAPS-02 an answer with the claimed hash is kept for all who claim it", () => {
    assert.deepStrictEqual(judge(ofExodus, exodus), { _tag: "Verified", key: `sha-1 ${ofExodus.ver}` })
    assert.deepStrictEqual(Capabilities.keyOf({ ...ofExodus, node: "other" }), Capabilities.keyOf(ofExodus))
    assert.strictEqual(Capabilities.nodeOf(ofExodus), "http://code.google.com/p/exodus#QgayPKawpkPSDYmwT/WM94uAlu0=")
  })

  it("CAPS-02 an answer with another hash is good for this peer only", () => {
    const other = { ...exodus, features: [...exodus.features, "urn:xmpp:ping"] }
    assert.deepStrictEqual(judge(ofExodus, other), { _tag: "Unverified", why: "mismatch" })
  })

  it("CAPS-03 a claim without a hash, or with one that is unknown, is good for this peer only", () => {
    const { hash: _, ...bare } = ofExodus
    assert.deepStrictEqual(judge(bare, exodus), { _tag: "Unverified", why: "noHash" })
    assert.deepStrictEqual(judge({ ...ofExodus, hash: "md5" }, exodus), { _tag: "Unverified", why: "unknownHash" })
    assert.deepStrictEqual([Capabilities.keyOf(bare), Capabilities.keyOf({ ...bare, hash: "md5" })], [
      undefined,
      undefined
    ])
  })

  const [feature = ""] = exodus.features
  const [identity] = psi.identities
  const [form] = psi.forms
  it.each<[string, Capabilities.Info, Capabilities.CapabilitiesError["reason"]]>([
    ["a feature twice", { ...exodus, features: [...exodus.features, feature] }, "repeated"],
    ["an identity twice", { ...psi, identities: [...psi.identities, ...identity ? [identity] : []] }, "repeated"],
    ["a form twice", { ...psi, forms: [...psi.forms, ...form ? [form] : []] }, "repeated"],
    [
      "a form of two types",
      { ...exodus, forms: [{ fields: [{ var: "FORM_TYPE", type: "hidden", values: ["a", "b"] }] }] },
      "twoTypes"
    ],
    ["a feature with its end in it", { ...exodus, features: ["a<b"] }, "ambiguous"],
    ["an identity with a slash", { ...exodus, identities: [{ category: "a/b", type: "c" }] }, "ambiguous"]
  ])("CAPS-02 %s: the whole answer is ill-formed", (_, info, reason) => {
    assert.strictEqual(reasonOf(info), reason)
    const judged = judge(ofExodus, info)
    assert.strictEqual(judged._tag === "IllFormed" ? judged.error.reason : undefined, reason)
    assert.match(judged._tag === "IllFormed" ? judged.error.message : "", /XEP-0115 §5\.4/)
  })

  it("CAPS-02 a form whose type is missing or not hidden is passed over", () => {
    const visible = { fields: [{ var: "FORM_TYPE", values: ["a"] }] }
    assert.deepStrictEqual(judge(ofExodus, { ...exodus, forms: [visible, visible, { fields: [] }] })._tag, "Verified")
  })
})
