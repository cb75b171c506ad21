import DnsPacket from "dns-packet"
import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { labelsOf, nameOf } from "../src/internal/dns/names.ts"
import { decode, encode, type Message, type RecordData, type ResourceRecord } from "../src/mdns/Message.ts"

const labels = fc.oneof(
  fc.constantFrom("local", "_tcp", "_presence", "romeo.m@forza", "back\\slash", "Käthe 2", "a".repeat(63)),
  fc.string({ minLength: 1, maxLength: 15, unit: "grapheme-ascii" })
)
const names = fc.array(labels, { maxLength: 3 }).map(nameOf)
const base64 = (lengthMax: number) => fc.uint8Array({ maxLength: lengthMax }).map((bytes) => Base64.encode(bytes))
const shorts = fc.nat(0xffff)
const addresses4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join("."))
const addresses6 = fc.constantFrom(
  "fe80::1",
  "::",
  "::1",
  "2001:db8::1:0:0:1",
  "1:2:3:4:5:6:7:8",
  "2001:db8:0:1:1:1:1:1"
)
const datas: fc.Arbitrary<RecordData> = fc.oneof(
  addresses4.map((address) => ({ type: "A", address }) as const),
  addresses6.map((address) => ({ type: "AAAA", address }) as const),
  names.map((target) => ({ type: "PTR", target }) as const),
  fc.record({ type: fc.constant("SRV" as const), priority: shorts, weight: shorts, port: shorts, target: names }),
  fc.record({ type: fc.constant("TXT" as const), strings: fc.array(base64(255), { minLength: 1, maxLength: 4 }) }),
  fc.record({ type: fc.constant("other" as const), code: fc.constantFrom(10, 47, 99), bytes: base64(40) })
)
const records: fc.Arbitrary<ResourceRecord> = fc.record({
  name: names,
  ttl: fc.nat(0x7fffffff),
  flush: fc.boolean(),
  data: datas
})
const some = fc.array(records, { maxLength: 4 })
const messages: fc.Arbitrary<Message> = fc.record({
  id: shorts,
  isResponse: fc.boolean(),
  truncated: fc.boolean(),
  questions: fc.array(fc.record({ name: names, type: fc.constantFrom(1, 12, 255), unicast: fc.boolean() }), {
    maxLength: 4
  }),
  answers: some,
  authorities: some,
  additionals: some
})

const bytesOf = (message: Message): Uint8Array => Result.getOrThrow(encode(message))
const why = (bytes: Uint8Array) =>
  Result.match(decode(bytes), { onFailure: (reason) => reason, onSuccess: () => "sound" })

const nothing: Message = {
  id: 0,
  isResponse: true,
  truncated: false,
  questions: [],
  answers: [],
  authorities: [],
  additionals: []
}

/** A header with so many questions and answers, then these bytes. */
const raw = (questions: number, answers: number, ...rest: ReadonlyArray<number>): Uint8Array =>
  Uint8Array.from([0, 0, 0x84, 0, 0, questions, 0, answers, 0, 0, 0, 0, ...rest])

describe("names", () => {
  it("LL-17 keep their labels apart, whatever is in them", () => {
    fc.assert(fc.property(fc.array(fc.string({ minLength: 1 })), (list) => {
      assert.deepEqual(labelsOf(nameOf(list)), list)
    }))
  })
})

describe("bytes", () => {
  it("RFC 1035 §4.1 what is written is read again", () => {
    fc.assert(fc.property(messages, (message) => {
      assert.deepEqual(Result.getOrThrow(decode(bytesOf(message))), message)
    }))
  })

  it("RFC 6762 §18 anything at all is a message or has a reason, and nothing throws", () => {
    const reasons = new Set<string>()
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        reasons.add(why(bytes))
      }),
      { numRuns: 500 }
    )
    fc.assert(
      fc.property(
        messages,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }),
        fc.nat(),
        (message, changes, cut) => {
          const bytes = bytesOf(message)
          for (const [at, value] of changes) bytes[at % bytes.length] = value
          reasons.add(why(bytes))
          reasons.add(why(bytes.subarray(0, cut % (bytes.length + 1))))
        }
      ),
      { numRuns: 500 }
    )
    assert.includeMembers([...reasons], ["sound", "cutShort", "badName", "badData", "tooMany", "notQuery"])
  })

  it("RFC 6762 §18 a message of another implementation, read and written", () => {
    const theirs = DnsPacket.encode({
      type: "response",
      flags: DnsPacket.AUTHORITATIVE_ANSWER,
      answers: [
        { name: "_presence._tcp.local", type: "PTR", ttl: 4500, data: "juliet@pronto._presence._tcp.local" },
        {
          name: "juliet@pronto._presence._tcp.local",
          type: "SRV",
          ttl: 120,
          data: { port: 5298, target: "pronto.local" }
        },
        {
          name: "juliet@pronto._presence._tcp.local",
          type: "TXT",
          ttl: 4500,
          data: [Buffer.from("txtvers=1"), Buffer.from("1st=Juliet")]
        },
        { name: "pronto.local", type: "A", ttl: 120, data: "10.0.0.7" },
        { name: "pronto.local", type: "AAAA", ttl: 120, data: "fe80::7" }
      ]
    })
    const message = Result.getOrThrow(decode(theirs))
    assert.deepEqual(message.answers.map(({ data }) => data), [
      { type: "PTR", target: "juliet@pronto._presence._tcp.local." },
      { type: "SRV", priority: 0, weight: 0, port: 5298, target: "pronto.local." },
      { type: "TXT", strings: [Base64.encode("txtvers=1"), Base64.encode("1st=Juliet")] },
      { type: "A", address: "10.0.0.7" },
      { type: "AAAA", address: "fe80::7" }
    ])
    const ours = bytesOf(message)
    assert.isBelow(ours.length, theirs.length)
    assert.deepEqual(DnsPacket.decode(Buffer.from(ours)).answers, DnsPacket.decode(theirs).answers)
  })

  it("RFC 6762 §18 another implementation reads what we write", () => {
    const plain = fc.array(fc.stringMatching(/^[a-z0-9_-]{1,20}$/), { minLength: 1, maxLength: 4 }).map(nameOf)
    fc.assert(fc.property(fc.array(plain, { minLength: 1, maxLength: 6 }), (targets) => {
      const answers = targets.map((target) => ({
        name: target,
        ttl: 1,
        flush: false,
        data: { type: "PTR", target } as const
      }))
      const read = DnsPacket.decode(Buffer.from(bytesOf({ ...nothing, answers }))).answers ?? []
      assert.deepEqual(read.map(({ name }) => `${name}.`), targets)
    }))
  })
})

describe("what is refused", () => {
  it("RFC 1035 §4.1.4 a pointer to itself, or onwards, or in a circle", () => {
    assert.strictEqual(why(raw(1, 0, 0xc0, 12, 0, 12, 0, 1)), "badName")
    assert.strictEqual(why(raw(1, 0, 0xc0, 14, 1, 97, 0, 0, 12, 0, 1)), "badName")
    assert.strictEqual(why(raw(1, 0, 1, 97, 0xc0, 12, 0, 12, 0, 1)), "badName")
    // Two pointers in the data of one record, each to the other, and a name that leads there.
    const circle = [0, 0, 99, 0, 1, 0, 0, 0, 9, 0, 4, 0xc0, 25, 0xc0, 23]
    assert.strictEqual(why(raw(0, 2, ...circle, 0xc0, 25, 0, 99, 0, 1, 0, 0, 0, 9, 0, 0)), "badName")
  })

  it("RFC 1035 §2.3.4 names over 255 bytes and labels of unknown kinds", () => {
    const label = [63, ...Array.from({ length: 63 }, () => 97)]
    assert.strictEqual(why(raw(1, 0, ...label, ...label, ...label, 61, ...label.slice(3), 0, 0, 12, 0, 1)), "sound")
    assert.strictEqual(why(raw(1, 0, ...label, ...label, ...label, ...label, 0, 0, 12, 0, 1)), "badName")
    assert.strictEqual(why(raw(1, 0, 64, ...label.slice(1), 97, 0, 0, 12, 0, 1)), "badName")
    assert.strictEqual(why(raw(1, 0, 0x80, 0, 0, 12, 0, 1)), "badName")
  })

  it("RFC 1035 §3.2.1 data that does not fit its length", () => {
    const record = (type: number, ...data: ReadonlyArray<number>) =>
      raw(0, 1, 0, 0, type, 0, 1, 0, 0, 0, 9, 0, data.length, ...data)
    assert.strictEqual(why(record(1, 10, 0, 0)), "badData")
    assert.strictEqual(why(record(1, 10, 0, 0, 1)), "sound")
    assert.strictEqual(why(record(28, 10, 0, 0, 1)), "badData")
    assert.strictEqual(why(record(12, 1, 97, 0, 0)), "badData")
    assert.strictEqual(why(record(16, 5, 97)), "badData")
    assert.strictEqual(why(raw(0, 1, 0, 0, 16, 0, 1, 0, 0, 0, 9, 0, 40, 1)), "cutShort")
  })

  it("LIM-01 more than 256 records, more than 9000 bytes, many records that point at one long name", () => {
    assert.strictEqual(why(Uint8Array.from([0, 0, 0x84, 0, 0, 0, 1, 1, 0, 0, 0, 0])), "tooMany")
    assert.strictEqual(why(new Uint8Array(9001)), "tooLarge")
    const label = [63, ...Array.from({ length: 63 }, () => 97)]
    const question = [...label, ...label, ...label, 0, 0, 12, 0, 1]
    const again = Array.from({ length: 200 }, () => [0xc0, 12, 0, 12, 0, 1]).flat()
    assert.strictEqual(why(raw(201, 0, ...question, ...again)), "badName")
  })

  it("RFC 6762 §18.3 §18.11 other operations and error codes", () => {
    assert.strictEqual(why(Uint8Array.from([0, 0, 0x28, 0, 0, 0, 0, 0, 0, 0, 0, 0])), "notQuery")
    assert.strictEqual(why(Uint8Array.from([0, 0, 0x84, 3, 0, 0, 0, 0, 0, 0, 0, 0])), "notQuery")
  })

  it("RFC 6762 §18 what cannot be said is not written", () => {
    const sent = (data: RecordData, name = "a.local.") =>
      encode({ ...nothing, answers: [{ name, ttl: 1, flush: false, data }] })
    const a = { type: "A", address: "10.0.0.1" } as const
    assert.deepEqual(sent(a, `${"a".repeat(64)}.`), Result.fail("badName"))
    assert.deepEqual(sent(a, `${"a".repeat(60)}.`.repeat(5)), Result.fail("badName"))
    assert.deepEqual(sent({ type: "A", address: "10.0.0.256" }), Result.fail("badData"))
    assert.deepEqual(sent({ type: "AAAA", address: "1::2::3" }), Result.fail("badData"))
    assert.deepEqual(sent({ type: "TXT", strings: [Base64.encode(new Uint8Array(256))] }), Result.fail("badData"))
    assert.deepEqual(sent({ type: "SRV", priority: 0, weight: 0, port: 65_536, target: "a." }), Result.fail("badData"))
    const big = {
      name: "a.",
      ttl: 1,
      flush: false,
      data: { type: "other", code: 99, bytes: Base64.encode(new Uint8Array(5000)) }
    } as const
    assert.deepEqual(encode({ ...nothing, answers: [big, big] }), Result.fail("tooLarge"))
  })

  it("RFC 1035 §3.2.4 records of other classes are left out, and what follows is read", () => {
    const of = (kind: number, ...ttl: ReadonlyArray<number>) => [0, 0, 99, 0, kind, ...ttl, 0, 2, 7, 7]
    const answers = Result.getOrThrow(decode(raw(0, 2, ...of(3, 0, 0, 0, 9), ...of(1, 0, 0, 0, 9)))).answers
    assert.deepEqual(answers, [{ name: "", ttl: 9, flush: false, data: { type: "other", code: 99, bytes: "Bwc=" } }])
    // RFC 2181 §8.
    assert.strictEqual(Result.getOrThrow(decode(raw(0, 1, ...of(1, 0x80, 0, 0, 9)))).answers[0]?.ttl, 0)
  })

  it("LL-02 TXT without strings has one that is empty", () => {
    const bytes = bytesOf({
      ...nothing,
      answers: [{ name: "a.", ttl: 1, flush: false, data: { type: "TXT", strings: [] } }]
    })
    assert.deepEqual([...bytes.subarray(-3)], [0, 1, 0])
  })
})
