import { describe, expect, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Effect from "effect/Schema"
import * as Lines from "../src/internal/schema/line.ts"
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

const isSecrets = ({ type }: Block): boolean => type === 10

const packetsOf = (file: Uint8Array): ReadonlyArray<Packet> =>
  blocksOf(file).slice(2).filter((block) => !isSecrets(block)).map(packetOf)

/** The key log in the file, and that nothing but it is in its blocks. */
const keyLogOf = (file: Uint8Array): string =>
  blocksOf(file).filter(isSecrets).map(({ body }) => {
    const view = viewOf(body)
    const length = view.getUint32(4, true)
    expect(view.getUint32(0, true)).toBe(0x544c534b)
    expect(body.length).toBe(8 + Math.ceil(length / 4) * 4)
    expect(body.subarray(8 + length).every((octet) => octet === 0)).toBe(true)
    return new TextDecoder().decode(body.subarray(8, 8 + length))
  }).join("")

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

const octets = (lines: ReadonlyArray<Recording.Wire | Recording.Tls>): ReadonlyArray<number> =>
  lines.flatMap((line) => [...Option.getOrThrow(Recording.bytesOf(line))])

const way = (line: Recording.Wire | Recording.Tls): "in" | "out" => Recording.isTls(line) ? line.tls : line.wire

/** Chunks of the wire, of TLS and secrets in any order, and TLS once established somewhere among them. */
const withTls: Arbitrary.Arbitrary<ReadonlyArray<Recording.Line>> = Arbitrary.map(
  Arbitrary.all({
    lines: Arbitrary.array(
      Arbitrary.schema(Effect.Union([Lines.Wire, Lines.Tls, Lines.KeyLog])),
      { maxLength: 20 }
    ),
    place: Arbitrary.schema(Effect.Natural)
  }),
  ({ lines, place }): ReadonlyArray<Recording.Line> => {
    const at = place % (lines.length + 1)
    return [...lines.slice(0, at), established, ...lines.slice(at)]
  }
)

const established: Recording.Line = {
  seq: 0,
  at: 0,
  event: { _tag: "TlsEstablished", facts: { protocol: "TLSv1.3", cipher: "any", resumed: false, chain: [] } },
  actions: [],
  state: "Initiating.AwaitingVerdict"
}

const secret = (number: number): Recording.KeyLog => ({
  keylog: `CLIENT_RANDOM ${String(number).padStart(64, "0")} ${"ab".repeat(48)}`,
  at: number
})

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
      const expected = octets(wires.filter(({ wire }) => wire === direction))
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

describe("encode with TLS", () => {
  it.prop("carries the clear text and then TLS in one connection, and all secrets", [withTls], ([lines]) => {
    const file = Pcapng.encode({ ...recording, lines }, start)
    const first = lines.findIndex(Recording.isTls)
    const expected = lines.flatMap((line, at) =>
      Recording.isTls(line) || (Recording.isWire(line) && (first < 0 || at < first)) ? [line] : []
    )
    const carried = [...reassembled(packetsOf(file))]
    const from = (address: string) => carried.filter(([way]) => way.startsWith(address)).flatMap(([, bytes]) => bytes)
    expect(from("192.0.2.1")).toEqual(octets(expected.filter((line) => way(line) === "in")))
    expect(from("192.0.2.2")).toEqual(octets(expected.filter((line) => way(line) === "out")))
    if (first >= 0 && lines.indexOf(established) > first) expect(carried.length).toBeLessThanOrEqual(2)
    expect(keyLogOf(file)).toBe(lines.filter(Recording.isKeyLog).map(({ keylog }) => `${keylog}\n`).join(""))
  })

  it("tells the secrets of the handshake before the first packet of it, though they come later", () => {
    const [hello, more] = [
      Recording.makeTls("in", 1, Uint8Array.of(22)),
      Recording.makeTls("out", 2, Uint8Array.of(20))
    ]
    const clear = Recording.makeWire("out", 0, Uint8Array.of(60))
    const lines = [clear, hello, secret(1), more, secret(2), established, hello, secret(3), more]
    const kinds = blocksOf(Pcapng.encode({ ...recording, lines }, start)).slice(2).map((block) =>
      isSecrets(block) ? "secrets" : packetOf(block).bytes.length === 0 ? "" : String(packetOf(block).bytes[0])
    )
    expect(kinds.filter((kind) => kind !== "")).toEqual(["60", "secrets", "22", "20", "22", "secrets", "20"])
  })

  it("holds back a mebibyte at most, and nothing at the end", () => {
    const capture = Pcapng.make(recording.head, start)
    const chunk = Recording.makeTls("in", 0, new Uint8Array(100_000))
    const sizes = Array.from({ length: 12 }, () => capture.take(chunk).length)
    expect(sizes.slice(0, 9).every((size) => size === 0)).toBe(true)
    expect(sizes.some((size) => size > 1_000_000)).toBe(true)
    expect(Pcapng.make(recording.head, start).end()).toEqual(new Uint8Array())
    const torn = Pcapng.make(recording.head, start)
    expect(torn.take(chunk).length).toBe(0)
    expect(torn.take(secret(1)).length).toBe(0)
    expect(torn.end().length).toBeGreaterThan(100_000)
  })

  it("says what is in it", () => {
    const capture = Pcapng.make({ ...recording.head, tls: true }, start)
    expect(new TextDecoder().decode(capture.begin())).toContain("whoever has it can read everything")
    expect(capture.tls()).toBe("none")
    capture.take(Recording.makeTls("in", 0, Uint8Array.of(22)))
    expect(capture.tls()).toBe("sealed")
    capture.take(secret(1))
    expect(capture.tls()).toBe("open")
  })
})

describe("make", () => {
  it.prop("line by line is the same as all at once", [Arbitrary.all([wires, withTls])], ([[wires, withTls]]) => {
    for (const lines of [wires, withTls]) {
      const capture = Pcapng.make(recording.head, start)
      const parts = [capture.begin(), ...lines.map(capture.take), capture.end()]
      expect(parts.flatMap((part) => [...part])).toEqual([...Pcapng.encode({ ...recording, lines }, start)])
      expect(capture.frames()).toBe(packetsOf(Pcapng.encode({ ...recording, lines }, start)).length)
    }
  })
})
