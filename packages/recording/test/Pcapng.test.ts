import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Pcapng from "../src/Pcapng.ts"
import * as Recording from "../src/Recording.ts"
import * as Corpus from "./corpus.ts"

interface Block {
  readonly type: number
  readonly body: Uint8Array
}

/** Blocks of a file, each checked to be framed as the format wants it. */
const blocksOf = (file: Uint8Array): ReadonlyArray<Block> => {
  const blocks: Array<Block> = []
  for (let at = 0; at < file.length;) {
    const view = viewOf(file.subarray(at))
    const length = view.getUint32(4, true)
    expect(length % 4).toBe(0)
    expect(view.getUint32(length - 4, true)).toBe(length)
    blocks.push({ type: view.getUint32(0, true), body: file.subarray(at + 8, at + length - 4) })
    at += length
  }
  return blocks
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

interface Packet {
  readonly micros: number
  readonly from: string
  readonly to: string
  readonly sequence: number
  readonly acknowledgement: number
  readonly flags: number
  readonly bytes: Uint8Array
}

/** The one's complement sum of a header with a right checksum is all ones (RFC 1071). */
const sums = (bytes: ReadonlyArray<number>): number => {
  let sum = 0
  bytes.forEach((byte, at) => sum += at % 2 === 0 ? byte * 256 : byte)
  while (sum > 65_535) sum = sum % 65_536 + Math.floor(sum / 65_536)
  return sum
}

const packetOf = ({ body, type }: Block): Packet => {
  expect(type).toBe(6)
  const view = viewOf(body)
  const [high, low, captured, original] = [1, 2, 3, 4].map((word) => view.getUint32(4 * word, true))
  expect(captured).toBe(original)
  const frame = body.subarray(20, 20 + captured!)
  expect([...frame.subarray(12, 14)]).toEqual([8, 0])
  const ip = frame.subarray(14)
  expect(ip[0]).toBe(0x45)
  expect(viewOf(ip).getUint16(2)).toBe(ip.length)
  expect(sums([...ip.subarray(0, 20)])).toBe(65_535)
  const tcp = ip.subarray(20)
  expect(sums([...ip.subarray(12, 20), 0, 6, tcp.length >> 8, tcp.length & 255, ...tcp])).toBe(65_535)
  const ports = viewOf(tcp)
  return {
    micros: high! * 2 ** 32 + low!,
    from: `${ip.subarray(12, 16).join(".")}:${ports.getUint16(0)}`,
    to: `${ip.subarray(16, 20).join(".")}:${ports.getUint16(2)}`,
    sequence: ports.getUint32(4),
    acknowledgement: ports.getUint32(8),
    flags: tcp[13]!,
    bytes: tcp.subarray((tcp[12]! >> 4) * 4)
  }
}

const packetsOf = (file: Uint8Array): ReadonlyArray<Packet> => blocksOf(file).slice(2).map(packetOf)

/** What each direction carried, as a receiver of TCP puts it together; `numbers` says how many bytes are where. */
const reassembled = (packets: ReadonlyArray<Packet>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const next = new Map<string, number>()
  const carried = new Map<string, Array<number>>()
  for (const { acknowledgement, bytes, flags, from, sequence, to } of packets) {
    expect(sequence).toBe(next.get(`${from} ${to}`) ?? 0)
    if ((flags & 0x10) !== 0) expect(acknowledgement).toBe(next.get(`${to} ${from}`) ?? 0)
    next.set(`${from} ${to}`, sequence + bytes.length + ((flags & 3) === 0 ? 0 : 1))
    carried.set(`${from} ${to}`, [...carried.get(`${from} ${to}`) ?? [], ...bytes])
  }
  return carried
}

const recording = Result.getOrThrow(Recording.decode(Corpus.textOf("secure-session.recipient")))

const wires: Arbitrary.Arbitrary<ReadonlyArray<Recording.Wire>> = Arbitrary.map(
  Arbitrary.schema(Effect.Array(Effect.Struct({
    isIn: Effect.Boolean,
    at: Effect.Finite,
    length: Effect.Int.check(Effect.isBetween({ minimum: 0, maximum: 4000 }))
  }))),
  (chunks) =>
    chunks.map(({ at, isIn, length }) =>
      Recording.makeWire(isIn ? "in" : "out", at, Uint8Array.from({ length }, (_, index) => index % 251))
    )
)

const start = Date.UTC(2026, 0, 1)

describe("encode", () => {
  it("begins with a section and one interface, and says in the file that the network is made up", () => {
    const [section, ethernet, ...others] = blocksOf(Pcapng.encode(recording, start))
    expect(section?.type).toBe(0x0a0d0d0a)
    expect(viewOf(section!.body).getUint32(0, true)).toBe(0x1a2b3c4d)
    expect(new TextDecoder().decode(section!.body)).toContain("192.0.2.1 is the initiator, 192.0.2.2 the recipient")
    expect([ethernet?.type, ethernet?.body[0], ethernet?.body[1]]).toEqual([1, 1, 0])
    // The corpus holds no wire.
    expect(others).toEqual([])
  })

  it.prop("carries every byte in its direction, in order, with right checksums and numbers", [wires], ([wires]) => {
    const packets = packetsOf(Pcapng.encode({ ...recording, lines: wires }, start))
    const carried = [...reassembled(packets)]
    for (
      const [direction, way] of [["in", "192.0.2.1:49152 192.0.2.2:5222"], ["out", "192.0.2.2:5222 192.0.2.1:49152"]]
    ) {
      const expected = wires.filter(({ wire }) => wire === direction)
        .flatMap((wire) => [...Option.getOrThrow(Recording.bytesOf(wire))])
      expect(carried.find(([from]) => from === way)?.[1] ?? []).toEqual(expected)
    }
    for (const { bytes, micros } of packets) {
      expect(bytes.length).toBeLessThanOrEqual(1460)
      expect(micros).toBeGreaterThanOrEqual(start * 1000)
    }
    expect(packets.map(({ micros }) => micros)).toEqual(packets.map(({ micros }) => micros).toSorted((a, b) => a - b))
  })

  it("takes times from `at`", () => {
    const lines = [Recording.makeWire("in", 1.5, Uint8Array.of(60)), Recording.makeWire("out", 1500, Uint8Array.of(62))]
    const packets = packetsOf(Pcapng.encode({ ...recording, lines }, start))
    expect(packets.filter(({ bytes }) => bytes.length > 0).map(({ micros }) => micros - start * 1000)).toEqual([
      1500,
      1_500_000
    ])
  })

  it("goes on in a second connection after TLS, each opened and closed as TCP does", () => {
    const lines = recording.lines.flatMap((line) => [line, Recording.makeWire("in", line.at, Uint8Array.of(32))])
    const packets = packetsOf(Pcapng.encode({ ...recording, lines }, start))
    const ports = [...new Set(packets.filter(({ to }) => to.endsWith(":5222")).map(({ from }) => from))]
    expect(ports).toEqual(["192.0.2.1:49152", "192.0.2.1:49153"])
    for (const port of ports) {
      const flags = packets.filter(({ from, to }) => from === port || to === port).map(({ flags }) => flags)
      expect(flags.slice(0, 3)).toEqual([0x02, 0x12, 0x10])
      expect(flags.slice(-3)).toEqual([0x11, 0x11, 0x10])
    }
    reassembled(packets)
  })
})

describe("make", () => {
  it.prop("line by line is the same as all at once", [wires], ([wires]) => {
    const capture = Pcapng.make(recording.head, start)
    const parts = [capture.begin(), ...wires.map(capture.take), capture.end()]
    expect(parts.flatMap((part) => [...part])).toEqual([...Pcapng.encode({ ...recording, lines: wires }, start)])
    expect(capture.frames()).toBe(packetsOf(Pcapng.encode({ ...recording, lines: wires }, start)).length)
  })
})
