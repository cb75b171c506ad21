import { describe, expect, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import { complaint } from "../src/internal/complaint.ts"
import { difference } from "../src/internal/difference.ts"
import type { Drift, Proof } from "../src/internal/schema/tagged.ts"
import * as Schema from "../src/Schema.ts"

const through = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

const said = (schema: Effect.Codec<unknown>, json: unknown): string =>
  Result.match(Effect.decodeUnknownResult(schema)(json), {
    onSuccess: () => "fine",
    onFailure: (error) => complaint(error, json)
  })

describe("every schema", () => {
  const all: Record<string, Effect.Codec<unknown>> = { ...Schema }

  it("is there", () => {
    expect(Object.keys(all).sort()).toEqual(
      ["Action", "Config", "Element", "Event", "Notice", "Reason", "RootTag", "Verdict", "XmlFault"]
    )
  })

  for (const [name, schema] of Object.entries(all)) {
    const decode = Effect.decodeUnknownSync(schema)
    const encode = Effect.encodeSync(schema)

    it.prop(`${name}: decode(JSON(x)) = x`, [schema], ([value]) => {
      // Not `toEqual`: JSON knows one zero.
      expect(difference(decode(through(value)), value)).toBeUndefined()
    })

    it.prop(`${name}: encode(x) = x, so that nothing need be encoded before it is written`, [schema], ([value]) => {
      expect(encode(value)).toEqual(value)
    })

    it.prop(`${name}: any other JSON is refused without a throw`, [Effect.Json], ([json]) => {
      const result = Effect.decodeUnknownResult(schema)(json)
      expect(Result.isFailure(result) || Effect.is(schema)(json)).toBe(true)
    })
  }
})

describe("refusals", () => {
  it("names an unknown event and the events there are", () => {
    expect(said(Schema.Event, { _tag: "HeaderRecieved" })).toMatch(
      /^Expected an event \(HeaderReceived \| ElementReceived \| .*\| TimerFired\), got "HeaderRecieved"$/
    )
  })

  it("names an unknown action, and an unknown notice inside of one", () => {
    expect(said(Schema.Action, { _tag: "SendBytes" })).toMatch(
      /^Expected an action \(SendHeader \| .*, got "SendBytes"$/
    )
    expect(said(Schema.Action, { _tag: "Report", notice: { _tag: "Hm" } })).toMatch(
      /^notice: Expected a notice \(TlsOn \| .*, got "Hm"$/
    )
  })

  it("does not repeat a tag of any length", () => {
    expect(said(Schema.Event, { _tag: "x".repeat(100_000) }).length).toBeLessThan(1_000)
  })

  it("says where, and what was missing", () => {
    expect(
      said(Schema.Event, {
        _tag: "ElementReceived",
        element: { name: "a", namespace: "", attributes: [{}], children: [] }
      })
    )
      .toBe("element.attributes.0.name: Missing key")
  })

  it("takes an optional field that is absent, not one that is something else", () => {
    const element = Element.make("", "a")
    expect(said(Schema.Event, { _tag: "ElementReceived", element })).toBe("fine")
    expect(said(Schema.Event, { _tag: "ElementReceived", element, prefixed: false })).toBe("prefixed: Expected true")
    expect(said(Schema.Event, { _tag: "ElementReceived", element, prefixed: undefined })).toBe(
      "prefixed: Expected true"
    )
  })

  it("takes no number that JSON cannot hold", () => {
    expect(said(Schema.Action, { _tag: "SetTimer", timer: "step", generation: 1, after: Infinity })).not.toBe("fine")
    expect(said(Schema.Action, { _tag: "SetTimer", timer: "step", generation: 1.5, after: 1 })).not.toBe("fine")
  })

  it("ignores a field it does not know: a later writer may have more", () => {
    expect(Effect.decodeUnknownSync(Schema.Event)({ _tag: "FooterReceived", mood: "sad" })).toEqual({
      _tag: "FooterReceived"
    })
  })
})

describe("names that mean something to JavaScript", () => {
  const names = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"]

  it("survive as names and values of attributes and elements", () => {
    const attributes = names.flatMap((name) => names.map((value) => ({ name, namespace: value, value })))
    const element = { name: "__proto__", namespace: "__proto__", attributes, children: ["__proto__"] }
    expect(Effect.decodeUnknownSync(Schema.Element)(through(element))).toEqual(element)
  })

  it("change no prototype, as keys of the JSON", () => {
    const json: unknown = JSON.parse(
      `{"_tag":"TransportLost","__proto__":{"fault":"forged","polluted":true},"constructor":{"prototype":{"polluted":true}}}`
    )
    const event = Effect.decodeUnknownSync(Schema.Event)(json)
    expect(event).toEqual({ _tag: "TransportLost" })
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype)
    expect(Reflect.get({}, "polluted")).toBeUndefined()
  })

  it("do not lend a tag", () => {
    expect(said(Schema.Event, JSON.parse(`{"__proto__":{"_tag":"FooterReceived"}}`))).toMatch(/^Expected an event/)
  })
})

describe("drift from the types of protocol", () => {
  const schema = Effect.Struct({ a: Effect.String, b: Effect.optionalKey(Effect.Int) })
  type Schema = typeof schema

  it("does not compile", () => {
    const proofs:
      | readonly [
        Proof<Drift<Schema, { readonly a: string; readonly b?: number }>>,
        // @ts-expect-error a field that the schema lacks
        Proof<Drift<Schema, { readonly a: string; readonly b?: number; readonly c: string }>>,
        // @ts-expect-error an optional field that the schema lacks
        Proof<Drift<Schema, { readonly a: string; readonly b?: number; readonly c?: string }>>,
        // @ts-expect-error a field that the type lacks
        Proof<Drift<Schema, { readonly a: string }>>,
        // @ts-expect-error optional there, required here
        Proof<Drift<Schema, { readonly a?: string; readonly b?: number }>>,
        // @ts-expect-error optional and possibly undefined are two things
        Proof<Drift<Schema, { readonly a: string; readonly b?: number | undefined }>>,
        // @ts-expect-error another type
        Proof<Drift<Schema, { readonly a: string; readonly b?: string }>>,
        // @ts-expect-error a literal more
        Proof<Drift<Effect.Literals<readonly ["x"]>, "x" | "y">>
      ]
      | undefined = undefined
    expect(proofs).toBeUndefined()
  })

  it("is named", () => {
    type Tagged = Effect.Union<readonly [Effect.TaggedStruct<"A", {}>, Effect.TaggedStruct<"B", {}>]>
    const drift: readonly [
      Drift<Schema, { readonly a: number; readonly b?: number }>,
      Drift<Tagged, { readonly _tag: "A" } | { readonly _tag: "B"; readonly more: string }>,
      Drift<Tagged, { readonly _tag: "A" } | { readonly _tag: "B" } | { readonly _tag: "C" }>,
      Drift<Effect.Literals<readonly ["x"]>, "x" | "y">
    ] = ["a", "B", "C", "y"]
    expect(drift).toHaveLength(4)
  })
})
