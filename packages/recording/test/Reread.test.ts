import { describe, expect, it } from "@effect/vitest"
import * as Base64 from "effect/encoding/Base64"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import fc from "fast-check"
import * as Explain from "../src/Explain.ts"
import * as Recording from "../src/Recording.ts"
import * as Redact from "../src/Redact.ts"
import * as Reread from "../src/Reread.ts"
import * as Corpus from "./corpus.ts"
import { faults } from "./readers.ts"
import { overTheWire } from "./stories/bytes.ts"
import { clear, letter, romeo } from "./stories/saying.ts"
import { wires } from "./stories/wires.ts"

const read = (name: string): Recording.Recording => Result.getOrThrow(Recording.decode(Corpus.textOf(name)))

const corpus = new Map(wires().map(({ name }) => [name, read(name)]))
const session = read("bytes-of-a-session.recipient")

const withLines = (
  recording: Recording.Recording,
  change: (line: Recording.Line, at: number) => ReadonlyArray<Recording.Line>
): Recording.Recording => ({ ...recording, lines: recording.lines.flatMap(change) })

const isOut = (line: Recording.Line): line is Recording.Wire => Recording.isWire(line) && line.wire === "out"
const isIn = (line: Recording.Line): line is Recording.Wire => Recording.isWire(line) && line.wire === "in"

/** Where the chunks of a kind are: a recording, and the place of a line in it. */
const places = (is: (line: Recording.Line) => boolean) =>
  [...corpus.values()].flatMap((recording) =>
    recording.lines.flatMap((line, at) => is(line) ? [{ recording, at }] : [])
  )

const octets = (line: Recording.Line | undefined): Uint8Array =>
  line !== undefined && Recording.isWire(line) ? Option.getOrThrow(Recording.bytesOf(line)) : new Uint8Array()

const replaced = (recording: Recording.Recording, at: number, bytes: Uint8Array): Recording.Recording =>
  withLines(
    recording,
    (line, place) => place === at && Recording.isWire(line) ? [Recording.makeWire(line.wire, line.at, bytes)] : [line]
  )

describe("the reader", () => {
  it.each(faults.map((fault) => [fault.sentence, fault] as const))(
    "P-21 one that %s is found by the bytes of the corpus",
    (_, { finds, reads }) => {
      const found = [...corpus].filter(([, recording]) => Reread.differs(Reread.run(recording, reads)))
      expect(found.map(([name]) => name)).toContain(finds)
    }
  )

  it("P-21 is found at the line and step, with what was recorded and what it says now", () => {
    const comment = read("bytes-of-a-comment.recipient")
    const outcome = Reread.run(comment, faults.find(({ sentence }) => sentence === "accepts a comment")?.reads)
    const rejected = comment.lines.findIndex((line) => Recording.isStep(line) && line.event._tag === "InputRejected")
    expect(outcome).toMatchObject({
      _tag: "Misheard",
      line: rejected + 2,
      seq: 4,
      recorded: { _tag: "InputRejected", fault: { kind: "restricted" } },
      actual: { _tag: "ElementReceived", element: { name: "message" } }
    })
    expect(Explain.reread(outcome)).toEqual([
      `the bytes are read otherwise at line ${rejected + 2}, step 4:`,
      "  recorded InputRejected restricted: a comment or a document type",
      "  read now ElementReceived <message to=\"juliet@pronto\"/> (body; 19 chars)",
      "  first difference: _tag"
    ])
  })

  it("P-21 says more than was recorded: a step is missing", () => {
    const cut = read("bytes-until-cut-off.recipient")
    const without = withLines(
      cut,
      (line) => Recording.isStep(line) && line.event._tag === "ElementReceived" ? [] : [line]
    )
    const outcome = Reread.run(without)
    expect(outcome).toMatchObject({ _tag: "Misheard", line: 8, seq: 2, actual: { _tag: "ElementReceived" } })
    expect(outcome).not.toHaveProperty("recorded")
    expect(Explain.reread(outcome).slice(0, 2)).toEqual([
      `the bytes are read otherwise at line 8, after step 2:`,
      "  recorded nothing of the peer"
    ])
  })

  it("P-21 says less than was recorded: a chunk is missing, wherever", () => {
    for (const { at, recording } of places(isIn)) {
      const after = recording.lines.slice(at + 1).find((line) => !isOut(line))
      const outcome = Reread.run(withLines(recording, (line, place) => place === at ? [] : [line]))
      // Where the chunk brings no event, its loss may be without consequence, as that of a space in a tag.
      if (after === undefined || !Recording.isStep(after) || !after.event._tag.endsWith("Received")) continue
      expect(["Misheard", "Absent"]).toContain(outcome._tag)
    }
  })

  it("P-30 survives any octet in place of any", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(isIn)), fc.nat(), fc.nat(255), ({ at, recording }, place, octet) => {
        const bytes = octets(recording.lines[at])
        bytes[place % bytes.length] = octet
        const outcome = Reread.run(replaced(recording, at, bytes))
        expect(["Agreed", "Misheard"]).toContain(outcome._tag)
        expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome)
        Explain.reread(outcome)
      }),
      { numRuns: 300 }
    )
  })
})

describe("what was sent", () => {
  it("P-21 any octet in place of any other is found, at its line and place", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(isOut)), fc.nat(), fc.integer({ min: 1, max: 255 }), (where, nat, by) => {
        const { at, recording } = where
        const bytes = octets(recording.lines[at])
        const place = nat % bytes.length
        bytes[place] = (bytes[place] ?? 0) ^ by
        const outcome = Reread.run(replaced(recording, at, bytes))
        expect(outcome).toMatchObject({ _tag: "Misspoken", line: at + 2, at: place })
        if (outcome._tag !== "Misspoken") return
        expect(outcome.recorded).toBe(Base64.encode(bytes.subarray(place, place + 64)))
        expect(outcome.actual).not.toBe(outcome.recorded)
        expect(Explain.reread(outcome)[0]).toContain(`at line ${at + 2}, `)
      }),
      { numRuns: 300 }
    )
  })

  it("P-21 an octet too many is found", () => {
    for (const { at, recording } of places(isOut)) {
      const bytes = octets(recording.lines[at])
      const outcome = Reread.run(replaced(recording, at, Uint8Array.of(...bytes, 32)))
      expect(outcome).toMatchObject({ _tag: "Misspoken", at: bytes.length, actual: "" })
    }
  })

  it("P-21 may be cut into chunks in any way, as writes are", () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(isOut)), fc.nat(), ({ at, recording }, nat) => {
        const bytes = octets(recording.lines[at])
        const place = nat % (bytes.length + 1)
        const cut = withLines(recording, (line, where) =>
          where === at
            ? [bytes.subarray(0, place), bytes.subarray(place)].map((each) => Recording.makeWire("out", line.at, each))
            : [line])
        const { sent, ...told } = { sent: 0, ...Reread.run(recording) }
        expect(Reread.run(cut)).toEqual({ ...told, sent: sent + 1 })
      })
    )
  })

  it("TLS-15 P-21 is missing where TLS begins", () => {
    const at = session.lines.findIndex((line) => Recording.isStep(line) && line.event._tag === "TlsEstablished")
    const outcome = Reread.run(withLines(session, (line, place) => place === at - 1 ? [] : [line]))
    expect(isOut(session.lines[at - 1] ?? session.lines[0]!)).toBe(true)
    expect(outcome).toMatchObject({ _tag: "Misspoken", line: at + 1, at: 0, recorded: "" })
    expect(outcome._tag === "Misspoken" && Buffer.from(outcome.actual, "base64").toString()).toMatch(/^<proceed/)
    expect(Explain.reread(outcome)[0]).toMatch(/: bytes are missing before TLS began$/)
  })

  it("P-21 may be unwritten when the transport is gone", () => {
    const last = session.lines.findLastIndex(isOut)
    expect(Reread.run(withLines(session, (line, at) => at === last ? [] : [line]))._tag).toBe("Agreed")
  })

  it("ends where more waits than anybody keeps", () => {
    const long = letter(romeo)
    const stanza = { ...long, children: ["x".repeat(1 << 20)] }
    const step: Recording.Step = {
      seq: 0,
      at: 0,
      event: { _tag: "TimerFired", timer: "keepalive", generation: 1 },
      actions: [{ _tag: "SendElement", element: stanza }],
      state: "Established"
    }
    const told = overTheWire("", "", clear("recipient"), ["<a"]).recording
    const many = Array.from({ length: 65 }, (_, seq): Recording.Step => ({ ...step, seq }))
    const outcome = Reread.run({
      ...told,
      lines: [...told.lines, ...many, Recording.makeWire("out", 0, new Uint8Array([1]))]
    })
    expect(outcome).toMatchObject({ _tag: "Agreed", until: { why: "unsent" } })
    expect(Reread.run({ ...told, lines: many })).toEqual({ _tag: "Absent" })
  })
})

describe("as far as it goes", () => {
  const until = (outcome: Reread.Reread) => outcome._tag === "Agreed" ? outcome.until : outcome

  it("P-21 ends where steps were left out, and doubts no chunk right before", () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: session.lines.length - 1 }), fc.nat(30), (from, many) => {
        const [head, tail] = [session.lines.slice(0, 3), session.lines.slice(from)]
        const gap = tail.findIndex(Recording.isStep)
        const lines = [...head, ...tail.map((line, at) => at === gap ? { ...line, omitted: many } : line)]
        expect(until(Reread.run({ ...session, lines }))).toEqual({ line: 3 + gap + 2, why: "omitted" })
      })
    )
  })

  it("P-21 ends where TLS was recorded and not what it carries", () => {
    const secret: Recording.Recording = { ...session, head: { ...session.head, tls: true } }
    expect(Reread.run(secret)).toEqual(Reread.run(session))
    const begins = session.lines.findIndex((line) => Recording.isStep(line) && line.event._tag === "TlsEstablished")
    const clear = withLines(secret, (line, at) => at > begins && Recording.isWire(line) ? [] : [line])
    const next = clear.lines.findIndex((line, at) =>
      at > begins && Recording.isStep(line) && line.event._tag.endsWith("Received")
    )
    expect(until(Reread.run(clear))).toEqual({ line: next + 2, why: "tls" })
    expect(Explain.reread(Reread.run(clear))[0]).toMatch(/; only up to line \d+, where TLS hides the rest$/)
    expect(Reread.run({ ...clear, head: session.head })).toMatchObject({ _tag: "Misheard", line: next + 2 })
  })

  it("P-21 a chunk that does not fit at the end of an unfinished recording is told, and no more", () => {
    const lines = [...session.lines.slice(0, 3), Recording.makeWire("out", 0, Uint8Array.of(0))]
    const outcome = Reread.run({ ...session, lines })
    expect(until(outcome)).toEqual({ line: 5, why: "unclear" })
    expect(Explain.reread(outcome)[0]).toMatch(
      /^the bytes were read again: 1 event in 1 chunk, and 0 chunks sent, all as recorded; only up to line 5, where a/
    )
    const ended = [...session.lines, Recording.makeWire("out", 0, Uint8Array.of(0))]
    expect(Reread.run({ ...session, lines: ended })).toMatchObject({ _tag: "Misspoken", at: 0, actual: "" })
  })

  it("P-21 a torn recording is read to its last whole line", () => {
    const text = Corpus.textOf("bytes-of-a-session.recipient")
    fc.assert(
      fc.property(fc.integer({ min: text.indexOf("\n") + 1, max: text.length }), (length) => {
        const outcome = Reread.run(Result.getOrThrow(Recording.decode(text.slice(0, length))))
        expect(["Agreed", "Absent"]).toContain(outcome._tag)
        expect(outcome).not.toHaveProperty("until")
      })
    )
  })

  it("P-21 has nothing to read without chunks, when they begin too late, and when it was redacted", () => {
    const none: Reread.Reread = { _tag: "Absent" }
    expect(Reread.run(read("secure-session.initiator"))).toEqual(none)
    expect(Reread.run(withLines(session, (line, at) => Recording.isWire(line) && at < 4 ? [] : [line]))).toEqual(none)
    expect(Reread.run(Redact.recording(session))).toEqual(none)
    expect(Reread.run({ ...session, head: { ...session.head, redacted: true } })).toEqual(none)
    expect(Explain.reread(none)).toEqual([])
    expect(Reread.make().outcome()).toEqual(none)
  })

  it("LIM-01 P-21 does not ask the reader whether there was room", () => {
    const full = withLines(session, (line) => [
      Recording.isStep(line) && line.event._tag === "HeaderReceived"
        ? { ...line, event: { ...line.event, overloaded: true } }
        : line
    ])
    expect(Reread.run(full)).toEqual(Reread.run(session))
  })
})
