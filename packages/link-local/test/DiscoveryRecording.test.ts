import { assert, describe, it } from "@effect/vitest"
import type { RecordingError } from "@xmpp-e2e/recording/RecordingError"
import * as Base64 from "effect/encoding/Base64"
import * as Equal from "effect/Equal"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import type { DiscoveryEvent } from "../src/DiscoveryEvent.ts"
import * as DiscoveryRecording from "../src/DiscoveryRecording.ts"
import * as Lines from "../src/internal/recordedLines.ts"
import * as Roster from "../src/Roster.ts"
import { resolved, vanished } from "./hearing.ts"

type Recording = DiscoveryRecording.DiscoveryRecording

const head: DiscoveryRecording.Head = {
  own: ["romeo@forza"],
  expected: ["juliet@pronto"],
  limits: Roster.defaultLimits
}

const via = fc.constantFrom("eth0", "wlp0s20f3", "lo")
const label = fc.constantFrom("romeo@forza", "juliet@pronto", "Juliet@Pronto", "d. e@f", "tybalt@verona-1", "no name")
const txt = fc.subarray([
  "txtvers=1",
  "status=dnd",
  "msg=meet at the tomb",
  "nick=Capulet",
  "email=juliet@capulet.example j@capulet.example",
  "hash=sha-1",
  "ver=QgayPKawpkPSDYmwT/WM94uAlu0=",
  "node=http://capulet.example/caps",
  `phsh=${"ab".repeat(20)}`,
  "vc=AV",
  "motto=capulet forever"
])
const addresses = fc.subarray(["fe80::ba5e", "192.0.2.77", "2001:db8::ba5e", "169.254.77.77", "127.0.0.1", "pronto"])
const event: fc.Arbitrary<DiscoveryEvent> = fc.oneof(
  via.map((via): DiscoveryEvent => ({ _tag: "InterfaceUp", via })),
  via.map((via): DiscoveryEvent => ({ _tag: "InterfaceDown", via })),
  fc.tuple(via, label).map(([via, instance]): DiscoveryEvent => ({ _tag: "Appeared", via, instance })),
  fc.tuple(via, label, txt, addresses, fc.constantFrom("pronto.local.", "Forza.local.", "tomb.example")).map((
    [via, instance, txt, addresses, host]
  ) => resolved(via, instance, { txt, addresses, host })),
  fc.tuple(via, label).map(([via, instance]) => vanished(via, instance))
)
const line: fc.Arbitrary<DiscoveryRecording.Line> = fc.tuple(
  fc.nat(),
  fc.oneof(
    { weight: 9, arbitrary: fc.record({ event }) },
    { weight: 1, arbitrary: fc.record({ own: fc.array(label, { maxLength: 2 }) }) },
    { weight: 1, arbitrary: fc.constant({ refreshed: true as const }) }
  )
).map(([at, what]) => ({ at, ...what }))
const recordings = fc.array(line, { maxLength: 25 }).map((lines): Recording => ({ head, lines }))

const read = (text: string): Recording => Result.getOrThrow(DiscoveryRecording.decode(text))

const faultOf = (text: string): RecordingError["reason"] | undefined => {
  const decoded = DiscoveryRecording.decode(text)
  return Result.isFailure(decoded) ? decoded.failure.reason : undefined
}

describe("the document", () => {
  it("LL-14 what was written is read again, and folds into the same roster and the same changes", () => {
    fc.assert(fc.property(recordings, (recording) => {
      const again = read(DiscoveryRecording.encode(recording))
      assert.deepStrictEqual(again, recording)
      assert.isTrue(Equal.equals(DiscoveryRecording.replay(again), DiscoveryRecording.replay(recording)))
    }))
  })

  it("LL-14 a replay is what happened, step by step", () => {
    fc.assert(fc.property(recordings, fc.nat({ max: 25 }), (recording, count) => {
      let roster = Roster.make(recording.head)
      for (const line of recording.lines.slice(0, count)) roster = DiscoveryRecording.follow(roster, line).roster
      assert.deepStrictEqual(
        Roster.entities(DiscoveryRecording.replay(recording, count).roster),
        Roster.entities(roster)
      )
    }))
  })

  it("LL-14 one line at a time is the whole document", () => {
    const lines = [{ at: 0, event: resolved("eth0", "a@b") }, { at: 1, refreshed: true as const }]
    const { head: first, line } = DiscoveryRecording.fullWriter(head)
    assert.strictEqual(first + lines.map(line).join(""), DiscoveryRecording.encode({ head, lines }))
  })

  it("LL-14 a last line that is torn is reported, and any other is a fault", () => {
    const text = DiscoveryRecording.encode({ head, lines: [{ at: 0, event: resolved("eth0", "a@b") }] })
    const torn = read(`${text}\n${"{\"at\":1,\"ev"}`)
    assert.deepStrictEqual([torn.lines.length, torn.torn?.reason], [1, { _tag: "TornLastLine", line: 4 }])
    assert.deepInclude(faultOf(`${text}{"at":1,"ev\n`), { _tag: "Malformed", line: 3 })
  })

  it.each<[string, Partial<RecordingError["reason"]>]>([
    ["", { _tag: "NotARecording" }],
    ["{}\n", { _tag: "NotARecording" }],
    ["nothing\n", { _tag: "NotARecording" }],
    ["{\"format\":\"link-local-discovery\",\"version\":2}\n", { _tag: "UnsupportedVersion", version: 2, newest: 1 }],
    ["{\"format\":\"link-local-discovery\",\"version\":\"1\"}\n", { _tag: "Malformed", line: 1 }],
    ["{\"format\":\"link-local-discovery\",\"version\":1}\n", { _tag: "Malformed", line: 1 }],
    [`${DiscoveryRecording.encode({ head, lines: [] })}{"at":0,"event":{"_tag":"Gone"}}\n`, {
      _tag: "Malformed",
      line: 2
    }],
    [`${DiscoveryRecording.encode({ head, lines: [] })}${"[".repeat(2 * 1024 * 1024)}\n`, {
      _tag: "Malformed",
      line: 2
    }]
  ])("LL-14 what is none is refused %#", (text, fault) => assert.deepInclude(faultOf(text), fault))

  it("LL-14 reading never fails otherwise", () => {
    fc.assert(fc.property(fc.string(), (text) => {
      DiscoveryRecording.decode(text)
      DiscoveryRecording.decode(`${DiscoveryRecording.encode({ head, lines: [] })}${text}`)
    }))
  })

  it("LL-14 an older version is cast up, one version at a time", () => {
    const adding = (word: string): Lines.Upcast => ({
      head: (json) => `${String(json)} ${word}`,
      line: (json) => `${String(json)} ${word}`
    })
    const known = [adding("two"), adding("three")]
    assert.strictEqual(Lines.upcastFrom(1, known)?.line("one"), "one two three")
    assert.strictEqual(Lines.upcastFrom(2, known)?.head("two"), "two three")
    assert.deepStrictEqual([0, 1.5, 3].map((version) => Lines.upcastFrom(version, known)), [
      undefined,
      undefined,
      undefined
    ])
  })
})

describe("comparing", () => {
  /** As the command writes it: after each line, what came of it. */
  const withTold = (recording: Recording): Recording => {
    let roster = Roster.make(recording.head)
    const lines = recording.lines.map((line) => {
      const step = DiscoveryRecording.follow(roster, line)
      roster = step.roster
      return { ...line, told: DiscoveryRecording.told(step) }
    })
    return { ...recording, lines }
  }

  it("LL-14 what was recorded comes out the same, read again, and without names too", () => {
    fc.assert(fc.property(recordings, (recording) => {
      const whole = withTold(recording)
      for (const one of [read(DiscoveryRecording.encode(whole)), DiscoveryRecording.redact(whole, "secret")]) {
        const outcome = DiscoveryRecording.compare(one)
        assert.deepInclude(outcome, { _tag: "Matched", compared: recording.lines.length })
      }
    }))
  })

  it("LL-14 a line of which something else is written is found, at its place", () => {
    fc.assert(fc.property(recordings, fc.nat(), (recording, chance) => {
      fc.pre(recording.lines.length > 0)
      const whole = withTold(recording)
      const at = chance % whole.lines.length
      const lines = whole.lines.map((line, index) =>
        index === at && line.told !== undefined
          ? { ...line, told: { ...line.told, entities: line.told.entities + 1 } }
          : line
      )
      assert.deepInclude(DiscoveryRecording.compare({ ...whole, lines }), { _tag: "Diverged", line: at + 1 })
    }))
  })

  it("LL-14 an entity that is lost on the way is noticed where it should have come", () => {
    const recording = withTold({ head, lines: [{ at: 0, event: resolved("eth0", "a@b") }, { at: 1, refreshed: true }] })
    const lines = recording.lines.map((line) => "event" in line ? { ...line, event: vanished("eth0", "a@b") } : line)
    assert.deepInclude(DiscoveryRecording.compare({ head, lines }), { _tag: "Diverged", line: 1 })
  })

  it("LL-14 where nothing is written of what came of it, nothing is compared", () => {
    const outcome = DiscoveryRecording.compare({ head, lines: [{ at: 0, event: resolved("eth0", "a@b") }] })
    assert.deepStrictEqual(outcome, { _tag: "Matched", lines: 1, compared: 0, entities: 1 })
  })
})

describe("without names", () => {
  const shape = (entity: Roster.Entity) =>
    JSON.stringify({
      via: entity.via,
      status: entity.presence?.status,
      calls: entity.presence?.calls,
      said: Object.keys(entity.presence ?? {}).sort(),
      emails: entity.presence?.email?.length,
      reaches: entity.endpoints.map(({ port, reach, via }) => [via, reach, port]),
      isDisputed: entity.isDisputed,
      isOnItsHost: entity.endpoints.map(({ host }) => host.toLowerCase() === `${entity.address.domain}.local.`)
    })
  const shapes = ({ changes, roster }: Roster.Step) => ({
    entities: Roster.entities(roster).map(shape).sort(),
    changes: changes.map((each) => each._tag === "Untold" ? each._tag : `${each._tag} ${shape(each.entity)}`).sort(),
    dropped: roster.dropped
  })

  it("LL-25, LL-26 a session comes to a roster of the same shape", () => {
    fc.assert(fc.property(recordings, (recording) => {
      const redacted = DiscoveryRecording.redact(recording, "secret")
      assert.deepStrictEqual(shapes(DiscoveryRecording.replay(redacted)), shapes(DiscoveryRecording.replay(recording)))
    }))
  })

  const leaks = (text: string): ReadonlyArray<string> => {
    const clear = text +
      [...text.matchAll(/"([A-Za-z0-9+/=]{4,})"/g)].map(([, each = ""]) =>
        Result.getOrElse(Base64.decodeString(each), () => "")
      ).join(" ")
    const words =
      "romeo juliet tybalt forza pronto verona capulet tomb ba5e 192.0.2 2001:db8 Qgay abab motto evil 77.77"
        .split(" ")
    return words.filter((word) => clear.toLowerCase().includes(word.toLowerCase()))
  }

  it("LL-25 a writer names nobody unless it is told to", () => {
    const event = resolved("enx00163eba5e01", "juliet@pronto", {
      host: "pronto.local.",
      addresses: ["fe80::ba5e", "192.0.2.77"],
      txt: ["nick=Capulet", "motto=capulet", "email=j@capulet.example", "status=x tomb", "txtvers=evil", "jid"]
    })
    const lines: ReadonlyArray<DiscoveryRecording.Line> = [{ at: 0, event }, { at: 1, own: ["tybalt@verona"] }]
    const written = (writer: DiscoveryRecording.Writer) => writer.head + lines.map(writer.line).join("")
    const full = written(DiscoveryRecording.fullWriter({ ...head, note: "in the tomb" }))
    assert.includeMembers([...leaks(full)], ["romeo", "juliet", "capulet", "ba5e", "motto", "tomb", "verona", "evil"])
    const redacted = written(DiscoveryRecording.writer({ ...head, note: "in the tomb" }, "secret"))
    assert.deepStrictEqual(leaks(redacted), [])
    assert.isTrue(read(redacted).head.redacted)
    assert.notStrictEqual(redacted, written(DiscoveryRecording.writer(head, "another secret")))
  })

  it("LL-25 whatever happened, no name is left", () => {
    fc.assert(fc.property(recordings, (recording) => {
      assert.deepStrictEqual(leaks(DiscoveryRecording.encode(DiscoveryRecording.redact(recording, "secret"))), [])
    }))
  })
})
