import { describe, expect, it } from "@effect/vitest"
import { Element } from "@xmpp-e2e/xml"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import fc from "fast-check"
import { difference } from "../src/internal/difference.ts"
import * as Lines from "../src/internal/schema/line.ts"
import * as Recording from "../src/Recording.ts"
import type * as RecordingError from "../src/RecordingError.ts"
import * as arbitrary from "./arbitrary.ts"

const faultOf = (text: string): RecordingError.Fault | string =>
  Result.match(Recording.decode(text), { onSuccess: () => "fine", onFailure: (error) => error.reason })

const read = (text: string): Recording.Recording => Result.getOrThrow(Recording.decode(text))

const AnyLine = Effect.Union([Lines.Step, Lines.Wire, Lines.Tls, Lines.KeyLog])
const first = Recording.head({ config: arbitrary.configure({ role: "recipient", self: "juliet@pronto" }) })

const opened = (seq: number): string =>
  Recording.step({ seq, at: 0, event: { _tag: "TransportOpened" }, actions: [], state: "Responding.AwaitingHeader" })

describe("a document", () => {
  it.prop("decode(encode(x)) = x", [arbitrary.document], ([recording]) => {
    expect(difference(read(Recording.encode(recording)), recording)).toBeUndefined()
  })

  it.prop("has one line for each, none broken by what it holds", [arbitrary.document], ([recording]) => {
    const text = Recording.encode(recording)
    expect(text.split("\n")).toHaveLength(recording.lines.length + 2)
    expect(text.split(/[\r\n\v\f]/)).toHaveLength(recording.lines.length + 2)
  })

  it.prop("reads the same with empty lines and foreign line ends", [arbitrary.document], ([recording]) => {
    const text = Recording.encode(recording).replaceAll("\n", "\r\n \n")
    expect(difference(read(text), recording)).toBeUndefined()
  })

  it.prop("reads the same without its last line end", [arbitrary.document], ([recording]) => {
    expect(difference(read(Recording.encode(recording).trimEnd()), recording)).toBeUndefined()
  })

  it("knows steps from chunks", () => {
    const wire = Recording.makeWire("in", 3, new TextEncoder().encode("<a/>"))
    const recording = read([first, Recording.wire(wire), opened(0), ""].join("\n"))
    expect(recording.lines.map(Recording.isStep)).toEqual([false, true])
    expect(recording.lines.map(Recording.isWire)).toEqual([true, false])
    expect(Recording.steps(recording).map((step) => step.seq)).toEqual([0])
  })
})

describe("encoders", () => {
  const same = (line: string, encoded: unknown) => expect(difference(JSON.parse(line), encoded)).toBeUndefined()

  it.prop("write what the schemas would", [arbitrary.document], ([recording]) => {
    const { head } = recording
    same(
      Recording.head(head),
      Effect.encodeSync(Lines.FirstLine)({ format: "e2e-stream-recording", version: 2, ...head })
    )
    for (const line of recording.lines) same(Recording.line(line), Effect.encodeSync(AnyLine)(line))
  })

  it("write the fields in the order in which one reads them", () => {
    expect(opened(0)).toBe(
      `{"seq":0,"at":0,"event":{"_tag":"TransportOpened"},"actions":[],"state":"Responding.AwaitingHeader"}`
    )
    expect(first.slice(0, 70)).toBe(`{"format":"e2e-stream-recording","version":2,"config":{"role":"recipie`)
  })

  it("hold whom the stream believed, as plain data; a file without it reads as before", () => {
    const trust = {
      combination: { AnyOf: [{ Pin: { by: "key", fingerprints: ["ab"] } }] },
      rules: { purpose: "either" }
    }
    const config = arbitrary.configure({ role: "recipient", self: "juliet@pronto" })
    expect(read(`${Recording.head({ config, trust })}\n`).head.trust).toEqual(trust)
    expect("trust" in read(`${first}\n`).head).toBe(false)
  })

  it.prop("keep bytes", [Effect.Uint8Array], ([bytes]) => {
    for (const chunk of [Recording.makeWire("out", 1, bytes), Recording.makeTls("out", 1, bytes)]) {
      expect(Option.getOrUndefined(Recording.bytesOf(chunk))).toEqual(bytes)
      expect(read(`${first}\n${Recording.line(chunk)}\n`).lines).toEqual([chunk])
    }
  })

  it("say whether secrets of TLS may follow", () => {
    const config = arbitrary.configure({ role: "recipient", self: "juliet@pronto" })
    const head = Recording.head({ config, tls: true })
    const secret: Recording.KeyLog = { keylog: `CLIENT_RANDOM ${"0a".repeat(32)} ${"ff".repeat(48)}`, at: 3 }
    const recording = read(`${head}\n${Recording.line(secret)}\n${opened(0)}\n`)
    expect(recording.head.tls).toBe(true)
    expect(recording.lines.map(Recording.isKeyLog)).toEqual([true, false])
    expect(recording.lines.map(Recording.isTls)).toEqual([false, false])
  })
})

describe("what is no recording", () => {
  it.each([
    ["", "it is empty"],
    ["\n \n\r\n", "it is empty"],
    ["hello", "the first line is no JSON"],
    [first.slice(0, 40), "the first line is no JSON"],
    ["[1]\n", "the first line does not name the format e2e-stream-recording"],
    ["null\n", "the first line does not name the format e2e-stream-recording"],
    [`${opened(0)}\n`, "the first line does not name the format e2e-stream-recording"],
    [`{"__proto__":{"format":"e2e-stream-recording"}}`, "the first line does not name the format e2e-stream-recording"]
  ])("%j is none", (text, detail) => {
    expect(faultOf(text)).toEqual({ _tag: "NotARecording", detail })
  })

  it.each([0, 3, 1.5, -1, 1e300])("version %s is not supported", (version) => {
    expect(faultOf(first.replace(`"version":2`, `"version":${version}`))).toEqual({
      _tag: "UnsupportedVersion",
      version,
      newest: 2
    })
  })

  it.each<readonly [string, number, string]>([
    [first.replace(`"version":2`, `"version":"2"`), 1, "the version is no number"],
    [first.replace(`"role":"recipient"`, `"role":"server"`), 1, `config.role: Expected "initiator" | "recipient"`],
    [`${first}\nnot JSON\n${opened(0)}\n`, 2, "no JSON"],
    [`${first}\n${first}\n`, 2, "a second head"],
    [`${first}\n{}\n`, 2, "neither a step, a chunk nor a secret"],
    [`${first}\n[]\n`, 2, "neither a step, a chunk nor a secret"],
    [`${first}\n\n{"wire":"up","at":1,"bytes":""}`, 3, `wire: Expected "in" | "out"`],
    [`${first}\n{"wire":"in","at":1,"bytes":"?"}`, 2, "bytes: Expected a base64 encoded string"],
    [`${first}\n{"tls":"in","at":1,"bytes":"?"}`, 2, "bytes: Expected a base64 encoded string"],
    [`${first}\n{"keylog":"SECRET 1\\n2","at":1}`, 2, "keylog: Expected a line of SSLKEYLOGFILE"],
    [`${first}\n${opened(0).replace(`"at":0`, `"at":null`)}`, 2, "at: Expected number"],
    [`${first}\n${opened(-1)}`, 2, "seq: Expected a value greater than or equal to 0"]
  ])("a line that is wrong is named (%#)", (text, line, detail) => {
    expect(faultOf(text)).toEqual({ _tag: "Malformed", line, detail })
  })

  it.each<readonly [ReadonlyArray<number>, RecordingError.Fault | string]>([
    [[0, 1, 2], "fine"],
    [[1], { _tag: "SequenceGap", line: 2, expected: 0, found: 1 }],
    [[0, 2], { _tag: "SequenceGap", line: 3, expected: 1, found: 2 }],
    [[0, 0], { _tag: "SequenceGap", line: 3, expected: 1, found: 0 }]
  ])("steps %j", (seqs, fault) => {
    expect(faultOf([first, ...seqs.map(opened), ""].join("\n"))).toEqual(fault)
  })
})

describe("a torn last line", () => {
  it.prop(
    "is tolerated and reported, wherever it was torn",
    [arbitrary.document, Effect.Natural],
    ([recording, cut]) => {
      const whole = Recording.encode(recording)
      const last = opened(Recording.steps(recording).length)
      const torn = read(whole + last.slice(0, 1 + cut % (last.length - 1)))
      expect(difference(torn.lines, recording.lines)).toBeUndefined()
      expect(torn.torn?.reason).toEqual({ _tag: "TornLastLine", line: recording.lines.length + 2 })
    }
  )

  it("is no excuse for a line that did end", () => {
    expect(faultOf(`${first}\n${opened(0).slice(0, 30)}\n`)).toEqual({ _tag: "Malformed", line: 2, detail: "no JSON" })
  })
})

describe("line by line", () => {
  it.prop("reads what `decode` reads", [arbitrary.document], ([recording]) => {
    let cursor = Recording.begin
    const lines: Array<Recording.Line> = []
    let head: Recording.Head | undefined
    for (const text of Recording.encode(recording).split("\n")) {
      const decoded = Result.getOrThrow(Recording.decodeLine(cursor, text))
      if (decoded.read._tag === "Head") head = decoded.read.head
      if (decoded.read._tag === "Line") lines.push(decoded.read.line)
      cursor = decoded.cursor
    }
    expect(difference({ head, lines }, recording)).toBeUndefined()
    const seq = (Recording.steps(recording).at(-1)?.seq ?? -1) + 1
    expect(cursor).toMatchObject({ line: recording.lines.length + 2, seq })
  })

  it("can go on after a line that failed: nothing was changed", () => {
    const begun = Result.getOrThrow(Recording.decodeLine(Recording.begin, first)).cursor
    expect(Result.isFailure(Recording.decodeLine(begun, "garbage"))).toBe(true)
    expect(Result.getOrThrow(Recording.decodeLine(begun, opened(0))).read._tag).toBe("Line")
  })
})

describe("hostile lines", () => {
  const begun = Result.getOrThrow(Recording.decodeLine(Recording.begin, first)).cursor

  it("never throw", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.boolean(), (text, ended) => {
      for (const cursor of [Recording.begin, begun]) {
        expect(Result.isResult(Recording.decodeLine(cursor, text, ended))).toBe(true)
      }
    }))
  })

  it("never throw, even when they are nearly right", () => {
    const damage = fc.record({
      at: fc.nat(),
      length: fc.nat(20),
      by: fc.oneof(fc.constantFrom(..."{}[]\",:0\n\\"), fc.string({ unit: "binary", maxLength: 5 }), fc.json())
    })
    const whole = [first, opened(0), opened(1), ""].join("\n")
    fc.assert(fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      const text = damages.reduce((each, { at, by, length }) => {
        const place = at % (each.length + 1)
        return each.slice(0, place) + by + each.slice(place + length)
      }, whole)
      expect(Result.isResult(Recording.decode(text))).toBe(true)
    }))
  })

  it("may be long", () => {
    const stanza = Element.make("jabber:client", "message", {}, ["<\"\u0000😀".repeat(1_000_000)])
    const line = Recording.step({
      seq: 0,
      at: 0,
      event: { _tag: "SendRequested", request: 1, stanza },
      actions: [],
      state: "Dormant"
    })
    const [step] = read(`${first}\n${line}\n`).lines
    expect(difference(step, JSON.parse(line))).toBeUndefined()
  })

  it("may not be endless", () => {
    const endless = "x".repeat(64 * 1024 * 1024 + 1)
    expect(Result.isFailure(Recording.decodeLine(begun, endless))).toBe(true)
    expect(Result.isFailure(Recording.decodeLine(begun, endless, false))).toBe(true)
  })

  it("may nest as deeply as the reader lets elements nest, several times over", () => {
    let stanza = Element.make("", "a")
    for (let depth = 1; depth < 256; depth++) stanza = Element.make("", "a", {}, [stanza])
    const event = { _tag: "ElementReceived", element: stanza } as const
    const line = Recording.step({ seq: 0, at: 0, event, actions: [], state: "Established" })
    expect(Result.isSuccess(Recording.decodeLine(begun, line))).toBe(true)
  })

  it.each(["[", "{\"a\":", `{"seq":0,"event":{"_tag":"ElementReceived","element":`])(
    "may not nest without end: %s",
    (open) => {
      const decoded = Recording.decodeLine(begun, open.repeat(1_000_000))
      expect(Result.isFailure(decoded) && decoded.failure.reason).toMatchObject({ _tag: "Malformed", line: 2 })
    }
  )
})
